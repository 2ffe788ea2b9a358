/**
 * Error answers: what went wrong becomes a refusal, and a refusal becomes the
 * body that the route's dialect speaks. What a caller is told never holds a
 * stack, an internal message or a piece of what was sent.
 */
import type { FastifyReply } from "fastify";
import type { Refusal } from "../admission/admission.ts";
import type { Dialect, ErrorShape } from "../route.ts";
import { RequestError } from "../route.ts";
import { StoreError } from "../../ledger/clickhouse.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";

export type ErrorShapes = Readonly<Record<Dialect, ErrorShape>>;

/** The native API's; `error.message` stands where OpenAI's SDK looks for it too. */
export const nativeError: ErrorShape = ({ code, message, param }, runId) => ({
  body: {
    error: {
      code,
      message,
      ...(param === undefined ? {} : { param }),
      ...(runId === undefined ? {} : { run_id: runId }),
    },
  },
});

export interface Refused {
  readonly shape: ErrorShape;
  readonly refusal: Refusal;
  readonly runId?: string | undefined;
}

/** Answers with an error. `retry-after` is in whole seconds, rounded up. */
export function sendRefusal(reply: FastifyReply, { shape, refusal, runId }: Refused): FastifyReply {
  const { status, retryAfterMs } = refusal;
  if (retryAfterMs !== undefined) void reply.header("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  if (status === 401) void reply.header("www-authenticate", 'Bearer realm="breakwater"');
  if (runId !== undefined) void reply.header("breakwater-run-id", runId);
  return reply.code(status).type("application/json; charset=utf-8").send(shape(refusal, runId).body);
}

/** What Fastify and Node refuse by themselves, by its status. */
const refusals: Readonly<Record<number, Refusal>> = Object.fromEntries(
  [
    {
      status: 400,
      code: "invalid_request",
      message: "the request cannot be read: a bad address, or a body that is not JSON",
    } as const,
    { status: 404, code: "not_found", message: "there is nothing here; see /openapi.json" } as const,
    { status: 408, code: "request_timeout", message: "the request took too long to arrive" } as const,
    { status: 413, code: "body_too_large", message: "the body is larger than this route takes" } as const,
    { status: 414, code: "uri_too_long", message: "the address is too long" } as const,
    { status: 415, code: "unsupported_media_type", message: "this route takes no body of this content type" } as const,
    { status: 431, code: "headers_too_large", message: "the headers are too large" } as const,
  ].map((refusal) => [refusal.status, refusal]),
);

const unavailableRetryMs = 1000;

const internal: Refusal = { status: 500, code: "internal_error", message: "the gateway failed; its log says why" };

/** Total: an error that nobody foresaw is a 500 that says nothing. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RequestError) return error.refusal;
  if (error instanceof PoisonRecordError && error.code === "too_large") return refusalOfStatus(413);
  const unavailable = unavailableCode(error);
  if (unavailable !== null)
    return {
      status: 503,
      code: unavailable,
      message: "a part behind the gateway does not answer just now",
      retryAfterMs: unavailableRetryMs,
    };
  return refusalOfStatus(statusOf(error));
}

export function refusalOfStatus(status: number | null): Refusal {
  if (status === null || status >= 500) return internal;
  return refusals[status] ?? { ...(refusals[400] ?? internal) };
}

function unavailableCode(error: unknown): string | null {
  if (error instanceof TransientError) return error.code;
  return error instanceof StoreError ? "ledger_unavailable" : null;
}

function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !("statusCode" in error)) return null;
  return typeof error.statusCode === "number" ? error.statusCode : null;
}
