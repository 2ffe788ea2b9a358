/**
 * Starts the schema registry on 127.0.0.1, in this process: an HTTP server on
 * top of the `_schemas` topic of the embedded broker. What was registered
 * before, with its ids, is there again.
 */
import http from "node:http";
import { Operations } from "./operations.ts";
import { RegistryError } from "./registry-error.ts";
import { openRegistryTopic } from "./registry-topic.ts";
import { answerTo } from "./routes.ts";

export interface StartRegistry {
  /** host:port of the broker. */
  readonly brokers: string;
  /** Any free one when absent. */
  readonly port?: number | undefined;
}

export interface EmbeddedRegistry {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const contentType = "application/vnd.schemaregistry.v1+json";

export async function startRegistry({ brokers, port = 0 }: StartRegistry): Promise<EmbeddedRegistry> {
  const topic = await openRegistryTopic(brokers);
  const operations = new Operations(topic);
  const server = http.createServer((request, response) => void serve(request, response, operations));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the registry has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const slow = setTimeout(() => server.closeAllConnections(), 2000);
      await closed;
      clearTimeout(slow);
      await topic.close();
    },
  };
}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  operations: Operations,
): Promise<void> {
  const { status, body } = await answered(request, operations);
  response.writeHead(status, { "content-type": contentType }).end(JSON.stringify(body));
}

async function answered(
  request: http.IncomingMessage,
  operations: Operations,
): Promise<{ status: number; body: unknown }> {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  try {
    const asked = { method: request.method ?? "GET", path, body: await jsonBody(request) };
    return { status: 200, body: await answerTo(asked, operations) };
  } catch (error) {
    const known =
      error instanceof RegistryError
        ? error
        : new RegistryError(50001, `Error in the backend data store: ${messageOf(error)}`);
    return { status: known.status, body: { error_code: known.code, message: known.message } };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function jsonBody(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return null;
  }
}
