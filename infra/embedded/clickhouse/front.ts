/**
 * The HTTP front: ClickHouse's HTTP interface over the engine, for one machine.
 * Any user and password are taken, since it listens on the loopback address
 * only; a request that a web page sent (it has an Origin) is refused. Answers
 * are whole: an error after the first row is still an error status.
 */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { compressBody, readBody } from "./bodies.ts";
import type { Engine, QueryAnswer } from "./engine.ts";
import { exceptionResponse, refusalResponse, type ExceptionResponse } from "./exception.ts";
import { readHttpQuery, type HttpQuery, type Refusal } from "./http-query.ts";

export interface Front {
  readonly server: Server;
  /** Takes no new request and resolves when those in progress are answered. */
  drain(): Promise<void>;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

export function createFront(engine: Engine): Front {
  let draining = false;
  const server = createServer((request, response) => {
    if (draining) response.setHeader("Connection", "close");
    const exchange = { request, response, url: new URL(request.url ?? "/", "http://127.0.0.1") };
    answer(engine, exchange).catch((error: unknown) => {
      sendException(response, exceptionResponse(error, engine.version));
    });
  });
  server.keepAliveTimeout = 30_000;
  return {
    server,
    drain: () => {
      draining = true;
      return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      });
    },
  };
}

async function answer(engine: Engine, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange;
  response.setHeader("X-ClickHouse-Server-Display-Name", "breakwater-embedded");
  response.setHeader("X-ClickHouse-Timezone", engine.timezone);
  if (request.headers.origin !== undefined) {
    const refusal = { code: 497, name: "ACCESS_DENIED", message: "Requests from web pages are refused" };
    return sendException(response, refusalResponse(refusal, engine.version));
  }
  if (url.pathname === "/ping" || (url.pathname === "/" && request.method === "GET" && url.search === "")) {
    request.resume();
    response.end("Ok.\n");
    return undefined;
  }
  const query = await readQuery(exchange);
  if ("code" in query) return sendException(response, refusalResponse(query, engine.version));
  response.setHeader("X-ClickHouse-Query-Id", query.queryId ?? randomUUID());
  const result = await engine.run(query);
  return send(exchange, query, result);
}

async function readQuery({ request, url }: Exchange): Promise<HttpQuery | Refusal> {
  const body = await readBody(request);
  if (!Buffer.isBuffer(body)) return body;
  return readHttpQuery({
    method: request.method ?? "GET",
    search: url.searchParams,
    contentType: request.headers["content-type"] ?? "",
    body,
  });
}

async function send({ request, response }: Exchange, query: HttpQuery, result: QueryAnswer): Promise<void> {
  const format = formatOf(query);
  const encodings = query.compressResponse ? String(request.headers["accept-encoding"] ?? "") : "";
  const { encoding, bytes } = await compressBody(result.bytes, encodings);
  if (encoding !== null) response.setHeader("Content-Encoding", encoding);
  response.setHeader("X-ClickHouse-Format", format);
  response.setHeader("Content-Type", contentTypeOf(format));
  response.setHeader("X-ClickHouse-Summary", JSON.stringify(summaryOf(result)));
  response.setHeader("Content-Length", bytes.length);
  response.end(bytes);
}

function sendException(response: ServerResponse, { status, code, body }: ExceptionResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  response.removeHeader("Content-Encoding");
  response.setHeader("X-ClickHouse-Exception-Code", code);
  response.setHeader("Content-Type", "text/plain; charset=UTF-8");
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(body);
}

/** The format the statement names at its end, else the default. */
function formatOf({ sql, data, defaultFormat }: HttpQuery): string {
  if (data !== null) return defaultFormat;
  return /\bFORMAT\s+(\w+)\s*(?:SETTINGS\b[^;]*)?;?\s*$/i.exec(sql)?.[1] ?? defaultFormat;
}

function contentTypeOf(format: string): string {
  if (
    /^JSON(?:$|Compact$|Strings$|ColumnsWithMetadata$|CompactStrings$|ObjectEachRow$|Columns$|CompactColumns$)/.test(
      format,
    )
  )
    return "application/json; charset=UTF-8";
  if (format.startsWith("JSON")) return "application/x-ndjson; charset=UTF-8";
  if (format.startsWith("CSV")) return "text/csv; charset=UTF-8; header=absent";
  return format.startsWith("TabSeparated") || format.startsWith("TSV")
    ? "text/tab-separated-values; charset=UTF-8"
    : "text/plain; charset=UTF-8";
}

function summaryOf(result: QueryAnswer): Record<string, string> {
  const written = result.writtenRows !== null;
  return {
    read_rows: String(result.readRows),
    read_bytes: String(result.readBytes),
    written_rows: String(result.writtenRows ?? 0),
    written_bytes: String(result.writtenBytes ?? 0),
    total_rows_to_read: "0",
    result_rows: String(written ? result.writtenRows : result.readRows),
    result_bytes: String(written ? result.writtenBytes : result.readBytes),
    elapsed_ns: String(result.elapsedNs),
  };
}
