/**
 * A way to an HTTP service that passes every request on and, the ordered time,
 * keeps the answer for itself: the work is done and the client cannot know.
 */
import http from "node:http";

/** `cut` closes the connection instead; `silence` lets the client wait until it gives up. */
export type Theft = "cut" | "silence";

export interface ThiefOrder {
  readonly to: string;
  /** In the path of the requests that count. */
  readonly path: string;
  /** Which of them, 1 first. */
  readonly nth: number;
  readonly theft: Theft;
}

export interface AnswerThief {
  readonly url: string;
  readonly stolen: () => number;
  readonly close: () => Promise<void>;
}

export async function openAnswerThief({ to, path, nth, theft }: ThiefOrder): Promise<AnswerThief> {
  let matched = 0;
  let stolen = 0;
  const server = http.createServer((request, response) => {
    const isMeant = (request.url ?? "").includes(path) && (matched += 1) === nth;
    const { method, headers } = request;
    const onward = http.request(new URL(request.url ?? "/", to), { method: method ?? "GET", headers }, (answer) => {
      if (!isMeant) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        return void answer.pipe(response);
      }
      answer.resume().once("end", () => {
        stolen += 1;
        if (theft === "cut") request.socket.destroy();
      });
    });
    onward.once("error", () => request.socket.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the thief has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    stolen: () => stolen,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
