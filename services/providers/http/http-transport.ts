/**
 * The HTTP under the SDKs: a `fetch` on node:http(s) with one keep-alive agent.
 * It answers only when the whole body is here, a streamed one too, so every
 * time limit covers the body (with the global fetch they end at the headers,
 * and no call may wait longer than 300 s). It never sends a request twice,
 * follows no redirect, and refuses a body above `maxBodyBytes` as it arrives.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import http from "node:http";
import https from "node:https";
import { ArrivalWatch, type TimeLimits } from "./arrival-watch.ts";
import type { FailureFacts } from "../outcome.ts";

export interface TransportSettings {
  /** Largest response body taken, bytes. */
  readonly maxBodyBytes: number;
  /** An idle connection is closed after this, milliseconds: before servers in between close it. */
  readonly idleSocketMs: number;
}

export interface Transport {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Requests made within `run` keep these limits; without, only the SDK's own. */
  readonly limited: <Value>(exchange: Exchange, run: () => Promise<Value>) => Promise<Value>;
  readonly close: () => void;
}

/** What is agreed about a request, and what became of it. */
export interface Exchange {
  readonly limits: TimeLimits;
  /** What has arrived of a stream; it stays when the request fails. */
  readonly received: Buffer[];
}

/** A network failure, or a response that did not arrive whole; `code` is an errno name or one of ours. */
export class TransportError extends Error {
  readonly code: string;
  constructor(code: string, cause?: unknown) {
    super(`the connection failed: ${code}`, { cause });
    this.name = "TransportError";
    this.code = code;
  }
}

/** The limit that ran out. The SDKs take a message that speaks of a time-out for one of their own. */
const lateCodes: ReadonlySet<string> = new Set(["not_connected", "no_first_byte", "stalled"]);

/** What a failed request's cause says; an SDK wraps it. */
export function transportFacts(cause: unknown): FailureFacts {
  if (!(cause instanceof TransportError)) return { kind: "connection", errno: undefined };
  if (cause.code === "response_too_large") return { kind: "malformed", code: cause.code };
  if (lateCodes.has(cause.code)) return { kind: "timeout", code: cause.code };
  return { kind: "connection", errno: cause.code };
}

/** A response that is here whole: its text is read without a stream in between. */
export class WholeResponse extends Response {
  override readonly text: () => Promise<string>;
  override readonly json: () => Promise<unknown>;
  /** From the request's leaving to its first token, or to the first byte when it was not streamed; milliseconds. */
  readonly firstByteMs: number;
  constructor(whole: string, firstByteMs: number, init: ResponseInit) {
    super(null, init);
    this.firstByteMs = firstByteMs;
    this.text = () => Promise.resolve(whole);
    this.json = async () => JSON.parse(whole);
  }
}

interface Agents {
  readonly plain: http.Agent;
  readonly secure: https.Agent;
}

export function openTransport(settings: TransportSettings): Transport {
  const options = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1024, timeout: settings.idleSocketMs };
  const exchanges = new AsyncLocalStorage<Exchange>();
  const agents: Agents = { plain: new http.Agent(options), secure: new https.Agent(options) };
  return {
    fetch: (input, init = {}) =>
      new Promise((resolve, reject) => {
        const request = requestFor(input, init, agents);
        const signal = init.signal ?? undefined;
        const abort = (): void => {
          reject(signal?.reason);
          request.destroy();
        };
        request.on("close", () => signal?.removeEventListener("abort", abort));
        const exchange = exchanges.getStore();
        const watch = new ArrivalWatch(request, exchange?.limits, (code) => {
          reject(new TransportError(code));
          request.destroy();
        });
        const { maxBodyBytes } = settings;
        awaitWhole(request, { maxBodyBytes, watch, chunks: exchange?.received ?? [] }, resolve, reject);
        if (signal?.aborted === true) return abort();
        signal?.addEventListener("abort", abort, { once: true });
        request.end(bodyOf(init.body));
      }),
    limited: (exchange, run) => exchanges.run(exchange, run),
    close() {
      agents.plain.destroy();
      agents.secure.destroy();
    },
  };
}

function requestFor(input: string | URL | Request, init: RequestInit, { plain, secure }: Agents): http.ClientRequest {
  if (input instanceof Request) throw new TypeError("this transport takes an address, not a Request");
  const url = new URL(input);
  const isSecure = url.protocol === "https:";
  const headers = Object.fromEntries(new Headers(init.headers));
  const options = { method: init.method ?? "GET", headers, agent: isSecure ? secure : plain };
  return isSecure ? https.request(url, options) : http.request(url, options);
}

interface Arrival {
  readonly maxBodyBytes: number;
  readonly watch: ArrivalWatch;
  /** Filled as they come. */
  readonly chunks: Buffer[];
}

function awaitWhole(
  request: http.ClientRequest,
  arrival: Arrival,
  resolve: (response: Response) => void,
  reject: (error: TransportError) => void,
): void {
  let answering = false;
  const fail = (code: string, cause?: unknown): void => reject(new TransportError(code, cause));
  request.on("error", (error) => {
    const errno = "code" in error ? String(error.code) : "unknown";
    fail(answering ? "response_cut" : errno, error);
  });
  request.on("response", (response) => {
    answering = true;
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 599) {
      fail("bad_status");
      return void response.destroy();
    }
    arrival.watch.answering(response);
    collect(response, arrival, fail, (text) =>
      resolve(new WholeResponse(text, arrival.watch.firstByteMs, { status, headers: headersOf(response) })),
    );
  });
}

function collect(
  response: http.IncomingMessage,
  { maxBodyBytes, watch, chunks }: Arrival,
  fail: (code: string, cause?: unknown) => void,
  done: (text: string) => void,
): void {
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    watch.received(chunk);
    if (bytes <= maxBodyBytes) return;
    fail("response_too_large");
    response.destroy();
  });
  response.on("error", (error) => fail("response_cut", error));
  response.on("end", () => {
    const [only] = chunks;
    done((chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)).toString("utf8"));
  });
}

function headersOf(response: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function bodyOf(body: RequestInit["body"]): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof Uint8Array) return body;
  throw new TypeError("this transport sends text and bytes only");
}
