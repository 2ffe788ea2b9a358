/**
 * A provider in the bench's own process, so that what it sees is timed by the
 * bench's own clock: OpenAI's chat completions, whole or streamed. A script
 * says of each call what becomes of it; every arrival and every end is told.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export interface ArrivedCall {
  readonly model: string;
  /** What stands between the first two number signs of the prompt. */
  readonly label: string;
}

export type Fate =
  | { readonly kind: "answer"; readonly afterMs: number }
  | { readonly kind: "status"; readonly status: number }
  /** A streamed answer stops after its first token. */
  | { readonly kind: "stall" };

export interface ProviderScript {
  readonly fate: (call: ArrivedCall) => Fate;
  /** When the request's last byte was read. */
  readonly onArrival?: (call: ArrivedCall, atMs: number) => void;
  /** When our last byte was written: the answer's, the error's, the one before a stall. */
  readonly onEnd?: (call: ArrivedCall, atMs: number) => void;
  /** When the caller gave up a call that stalls. */
  readonly onAbandoned?: (call: ArrivedCall, atMs: number) => void;
}

export interface ScriptedProvider {
  /** Ends in /v1. */
  readonly baseUrl: string;
  readonly close: () => Promise<void>;
}

export async function startScriptedProvider(script: ProviderScript): Promise<ScriptedProvider> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void serve(script, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the provider has no port");
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(script: ProviderScript, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: string[] = [];
  for await (const chunk of request.setEncoding("utf8")) chunks.push(String(chunk));
  const body = chunks.join("");
  const call = { model: /"model":"([^"]+)"/.exec(body)?.[1] ?? "", label: /#(\w+)#/.exec(body)?.[1] ?? "" };
  script.onArrival?.(call, performance.now());
  const fate = script.fate(call);
  switch (fate.kind) {
    case "status":
      response.writeHead(fate.status, { "content-type": "application/json" });
      response.end('{"error":{"message":"scripted","type":"server_error"}}');
      script.onEnd?.(call, performance.now());
      return;
    case "stall":
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(event(call.model, { content: "The" }));
      script.onEnd?.(call, performance.now());
      response.on("close", () => script.onAbandoned?.(call, performance.now()));
      return;
    case "answer":
      await sleep(fate.afterMs);
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`${event(call.model, { content: "The wall is higher now." })}${lastEvents(call.model)}`);
      script.onEnd?.(call, performance.now());
  }
}

function event(model: string, delta: object, finish: string | null = null): string {
  const chunk = {
    id: "c",
    object: "chat.completion.chunk",
    model,
    choices: [{ index: 0, delta, finish_reason: finish }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function lastEvents(model: string): string {
  const usage = { prompt_tokens: 200, completion_tokens: 6, total_tokens: 206 };
  const tokens = { id: "c", object: "chat.completion.chunk", model, choices: [], usage };
  return `${event(model, {}, "stop")}data: ${JSON.stringify(tokens)}\n\ndata: [DONE]\n\n`;
}
