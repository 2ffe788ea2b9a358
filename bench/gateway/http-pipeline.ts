/**
 * A gateway as the load loop sees it: a run is one chat completion over a kept
 * connection, and its result the whole answer. Every answer is looked at: one
 * that is not 200 with the expected words ends the bench.
 */
import { Agent, request } from "node:http";
import type { Pipeline } from "../load.ts";

export interface Gateway {
  readonly name: string;
  /** Of the chat completions. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
}

export interface OpenGateway extends Pipeline {
  readonly close: () => void;
}

export function openGateway({ name, url, headers, model }: Gateway, text: string, connections: number): OpenGateway {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const body = Buffer.from(JSON.stringify({ model, max_tokens: 200, messages: [{ role: "user", content: text }] }));
  const sent = { ...headers, "content-type": "application/json", "content-length": String(body.length) };
  let listener: (runId: string) => void = () => undefined;
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const call = request(url, { method: "POST", agent, headers: sent }, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const answer = Buffer.concat(parts).toString("utf8");
          if (response.statusCode === 200 && answer.includes('"chat.completion"')) resolve();
          else reject(new Error(`${name} answered ${response.statusCode}: ${answer.slice(0, 300)}`));
        });
      });
      call.on("error", reject);
      call.end(body);
    });
  return {
    name,
    onResult: (listen) => {
      listener = listen;
    },
    publish: async (runId) => {
      await ask();
      listener(runId);
    },
    close: () => agent.destroy(),
  };
}
