/**
 * What keeps the server standing and its answers harmless, whatever the routes
 * do: time limits for headers and bodies (slow loris), a limit of connections
 * and bodies, TLS, security headers, no CORS but for origins that are named.
 */
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import cors from "@fastify/cors";
import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import { nativeError, refusalOfStatus } from "./errors.ts";

export interface Hardening {
  /** Largest body that is read at all. */
  readonly bodyLimitBytes: number;
  /** Largest body of a client whose key names no limit. */
  readonly clientBodyBytes: number;
  readonly maxConnections: number;
  /** For all headers of a request to arrive. */
  readonly headersTimeoutMs: number;
  /** For a whole request to arrive. */
  readonly requestTimeoutMs: number;
  /** A connection without a request is closed after it. */
  readonly keepAliveTimeoutMs: number;
  /** Whose X-Forwarded-For is believed: nobody's, that many hops, or these addresses. */
  readonly trustProxy: false | number | string;
  readonly corsOrigins: readonly string[];
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | null;
}

const maxHeaderBytes = 16 * 1024;
const longestCheckMs = 5000;

export function openSocketServer(settings: Hardening, handler: RequestListener) {
  const { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, maxConnections, tls } = settings;
  const limits = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(headersTimeoutMs, longestCheckMs),
    maxHeaderSize: maxHeaderBytes,
  };
  const server =
    tls === null
      ? createServer(limits, handler)
      : createTlsServer({ ...limits, ...tls, minVersion: "TLSv1.2" }, handler);
  server.maxConnections = maxConnections;
  return server;
}

/** For Fastify: one that counts hops looks at each address from the nearest on. */
export function trustOf(
  trusted: Hardening["trustProxy"],
): false | string | ((address: string, hop: number) => boolean) {
  return typeof trusted === "number" ? (_, hop) => hop < trusted : trusted;
}

const apiPolicy = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

export function hardenAnswers(server: FastifyInstance, { corsOrigins, tls }: Hardening): void {
  void server.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: apiPolicy },
    strictTransportSecurity: tls !== null,
    // A caller of another origin that CORS lets in may read the answer.
    crossOriginResourcePolicy: corsOrigins.length === 0 ? { policy: "same-origin" } : { policy: "cross-origin" },
  });
  if (corsOrigins.length > 0)
    void server.register(cors, {
      origin: [...corsOrigins],
      methods: ["GET", "POST", "DELETE"],
      exposedHeaders: [
        "breakwater-run-id",
        "breakwater-status",
        "location",
        "retry-after",
        "ratelimit",
        "x-request-id",
      ],
    });
}

/** What is no HTTP, too large or too slow never becomes a request: it is answered on the bare socket. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = error.code === "HPE_HEADER_OVERFLOW" ? 431 : error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const refusal = refusalOfStatus(status);
  const body = JSON.stringify(nativeError({ ...refusal, ...(status === 400 ? { message: notHttp } : {}) }).body);
  socket.end(
    [
      `HTTP/1.1 ${status} ${statusWords[status]}`,
      "content-type: application/json; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

const notHttp = "this is no HTTP request";
const statusWords = { 400: "Bad Request", 408: "Request Timeout", 431: "Request Header Fields Too Large" } as const;
