/**
 * The provider stand-in: OpenAI's chat completions and moderations (base URL `<url>/v1`),
 * Anthropic's messages (base URL `<url>`) and Azure's layout (endpoint `<url>`)
 * on 127.0.0.1, with scripted faults and books of its own. Under `<url>/<name>`
 * they but Azure are another provider of that name in the books. Control: GET and PUT /__faults, GET /__calls (JSON
 * lines), GET /__stats. Any non-empty key is taken.
 */
import { createReadStream } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { openCallLog } from "./call-log.ts";
import { anthropicDialect } from "./dialects/anthropic.ts";
import { azureDialect } from "./dialects/azure.ts";
import { moderationsDialect } from "./dialects/moderations.ts";
import { openaiDialect } from "./dialects/openai.ts";
import { faultScript, type FaultScript, openFaultRules } from "./fault-rules.ts";
import { type Books, type Entrance, parsedJson, readBody, serveCall } from "./serve-call.ts";
import { write } from "./write-answer.ts";

export interface StandInOptions {
  /** Folder of `calls.jsonl`; what is in it is counted on. */
  readonly dataDir: string;
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  readonly script?: FaultScript | undefined;
}

export interface StandInServer {
  readonly url: string;
  readonly callsFile: string;
  /** Answers what is in flight without further delay, then closes. */
  readonly stop: () => Promise<void>;
}

const models = ["gpt-4o", "gpt-4o-mini", "claude-3-5-sonnet-latest"];

export async function openStandIn(options: StandInOptions): Promise<StandInServer> {
  const stopping = new AbortController();
  const log = await openCallLog(options.dataDir);
  const faults = openFaultRules(options.script ?? { rules: [] });
  const books: Books = { log, faults, inFlight: new Set(), signal: stopping.signal };
  const inFlight = new Set<Promise<void>>();
  const server = http.createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => {
    const served = serve(request, response, books);
    inFlight.add(served);
    void served.finally(() => inFlight.delete(served));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    callsFile: log.file,
    async stop() {
      stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.allSettled(inFlight);
      server.closeAllConnections();
      await closed;
      await log.close();
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the stand-in has no port");
  return address.port;
}

async function serve(request: http.IncomingMessage, response: http.ServerResponse, books: Books): Promise<void> {
  const url = new URL(request.url ?? "/", "http://stand-in");
  const route = `${request.method ?? ""} ${url.pathname}`;
  const entrance = request.method === "POST" ? entranceOf(url) : null;
  if (entrance !== null) return serveCall(entrance, request, response, books);
  switch (route) {
    case "GET /v1/models":
      return json(response, 200, {
        object: "list",
        data: models.map((id) => ({ id, object: "model", type: "model" })),
      });
    case "GET /__stats":
      return json(response, 200, { ...books.log.stats(), in_flight: books.inFlight.size });
    case "GET /__faults":
      return json(response, 200, books.faults.show());
    case "PUT /__faults":
      return replaceFaults(request, response, books);
    case "GET /__calls":
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      createReadStream(books.log.file).pipe(response);
      return;
    default:
      return json(response, 404, {
        error: { message: `no route ${route}`, type: "invalid_request_error", code: null },
      });
  }
}

const chatPath = /^(?:\/([a-z0-9-]+))?\/v1\/chat\/completions$/;
const moderationsPath = /^(?:\/([a-z0-9-]+))?\/v1\/moderations$/;
const messagesPath = /^(?:\/([a-z0-9-]+))?\/v1\/messages$/;
const deploymentPath = /^\/openai\/deployments\/([\w.-]+)\/chat\/completions$/;

/** Null when nothing is served there. */
function entranceOf({ pathname, searchParams }: URL): Entrance | null {
  const chat = chatPath.exec(pathname);
  if (chat !== null) return { provider: chat[1] ?? "openai", dialect: openaiDialect };
  const moderations = moderationsPath.exec(pathname);
  if (moderations !== null) return { provider: moderations[1] ?? "openai", dialect: moderationsDialect };
  const messages = messagesPath.exec(pathname);
  if (messages !== null) return { provider: messages[1] ?? "anthropic", dialect: anthropicDialect };
  const deployment = deploymentPath.exec(pathname)?.[1];
  const served = models.findLast((model) => deployment?.endsWith(model));
  if (served === undefined || !searchParams.has("api-version")) return null;
  return { provider: "azure", dialect: azureDialect(served) };
}

async function replaceFaults(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  books: Books,
): Promise<void> {
  const script = faultScript.safeParse(parsedJson((await readBody(request)) ?? ""));
  if (!script.success) return json(response, 400, { error: { message: script.error.message, type: "invalid_script" } });
  books.faults.replace(script.data);
  return json(response, 200, books.faults.show());
}

function json(response: http.ServerResponse, status: number, body: unknown): void {
  write(response, { status, headers: {}, body }, "whole");
}
