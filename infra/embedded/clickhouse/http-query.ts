/**
 * Reads one request of ClickHouse's HTTP interface into what the engine must
 * run: statement, inline data, typed parameters, settings, database, output
 * format. Pure: bytes and URL in, a query or a refusal with ClickHouse's error
 * code out. What needs a server (sessions, roles, external tables) is refused,
 * not ignored.
 */
import { isUtf8 } from "node:buffer";

export interface HttpQuery {
  readonly sql: string;
  /** Rows after an INSERT ... FORMAT statement; null when the statement stands alone. */
  readonly data: Buffer | null;
  readonly params: ReadonlyMap<string, string>;
  readonly settings: ReadonlyMap<string, string>;
  readonly database: string | null;
  /** Used when the statement names no format. */
  readonly defaultFormat: string;
  readonly queryId: string | null;
  /** GET may only read, as on a server. */
  readonly readOnly: boolean;
  readonly compressResponse: boolean;
}

/** An error in ClickHouse's own terms: number, name, text. */
export interface Refusal {
  readonly code: number;
  readonly name: string;
  readonly message: string;
}

export interface HttpRequest {
  readonly method: string;
  readonly search: URLSearchParams;
  readonly contentType: string;
  readonly body: Buffer;
}

/** URL parameters that speak to the HTTP layer and mean nothing to the engine. */
const httpOnly = new Set([
  "query",
  "query_id",
  "database",
  "default_format",
  "user",
  "password",
  "quota_key",
  "compress",
  "decompress",
  "buffer_size",
  "wait_end_of_query",
  "stacktrace",
  "session_check",
  "session_timeout",
  "close_session",
  "client_protocol_version",
]);

export async function readHttpQuery(request: HttpRequest): Promise<HttpQuery | Refusal> {
  const fields = new URLSearchParams(request.search);
  const body = await unwrapMultipart(request, fields);
  if (!Buffer.isBuffer(body)) return body;
  for (const name of ["session_id", "role"])
    if (fields.has(name)) return notImplemented(`'${name}' is not supported by the embedded engine`);
  if (!isUtf8(body)) return notImplemented("binary input formats are not supported by the embedded engine");
  const inUrl = fields.get("query") ?? "";
  const sql = inUrl === "" ? body.toString("utf8") : inUrl;
  if (sql.trim() === "") return { code: 62, name: "SYNTAX_ERROR", message: "Empty query" };
  return {
    sql,
    data: inUrl === "" || body.length === 0 ? null : body,
    params: paramsOf(fields),
    settings: settingsOf(fields),
    database: fields.get("database"),
    defaultFormat: fields.get("default_format") ?? "TabSeparated",
    queryId: fields.get("query_id"),
    readOnly: request.method === "GET" || request.method === "HEAD",
    compressResponse: fields.get("enable_http_compression") === "1",
  };
}

const notImplemented = (message: string): Refusal => ({ code: 48, name: "NOT_IMPLEMENTED", message });

/** Moves the fields of a form into `fields`; what is left is the body proper. */
async function unwrapMultipart(request: HttpRequest, fields: URLSearchParams): Promise<Buffer | Refusal> {
  if (!request.contentType.startsWith("multipart/form-data")) return request.body;
  const response = new Response(Uint8Array.from(request.body), { headers: { "content-type": request.contentType } });
  const form = await response.formData().catch(() => null);
  if (form === null) return { code: 36, name: "BAD_ARGUMENTS", message: "Cannot read the multipart form" };
  for (const [name, value] of form) {
    if (typeof value !== "string") return notImplemented("external tables are not supported by the embedded engine");
    fields.append(name, value);
  }
  return Buffer.alloc(0);
}

function paramsOf(fields: URLSearchParams): Map<string, string> {
  return new Map(
    [...fields].flatMap(([name, value]) => (name.startsWith("param_") ? [[name.slice("param_".length), value]] : [])),
  );
}

function settingsOf(fields: URLSearchParams): Map<string, string> {
  return new Map([...fields].filter(([name]) => !httpOnly.has(name) && !name.startsWith("param_")));
}
