/** Every way in which admission turns a request away, in words that hold nothing of what was sent. */
import { maxRequestBytes } from "../../../schemas/records/run-request.ts";
import type { Limits } from "../clients/limits/limits-in-force.ts";
import type { Refusal } from "./admission.ts";

/** A place is free when one of the client's own answers is out: soon, mostly. */
const placeRetryMs = 1000;
const outageRetryMs = 1000;
const longestRetryMs = 60_000;

export const refusals = {
  harnessNotPermitted: (): Refusal => ({
    status: 403,
    code: "harness_not_permitted",
    message: "this key may not run this harness",
  }),
  harnessUnknown: (): Refusal => ({
    status: 404,
    code: "harness_unknown",
    message: "there is no harness of this name; GET /v1/models lists those there are",
  }),
  requestTooLarge: (bytes: number, { bodyBytes }: Limits): Refusal => ({
    status: 413,
    code: "request_too_large",
    message: `the request has ${bytes} bytes; this key's limit is ${bodyBytes}`,
  }),
  recordTooLarge: (): Refusal => ({
    status: 413,
    code: "request_too_large",
    message: `the request is larger than a run may be, which is ${maxRequestBytes} bytes`,
  }),
  promptTooLong: (tokens: number, { promptTokens }: Limits): Refusal => ({
    status: 413,
    code: "prompt_too_long",
    message: `the prompt is estimated at ${tokens} tokens; this key's limit is ${promptTokens}`,
  }),
  batchTooLong: (tokens: number, { tokensPerMinute }: Limits): Refusal => ({
    status: 413,
    code: "batch_too_long",
    message: `its prompts are estimated at ${tokens} tokens together; a batch holds at most what this key may use in a minute, which is ${tokensPerMinute}`,
  }),
  overloaded: (waitMs: number, permittedMs: number): Refusal => ({
    status: 503,
    code: "overloaded",
    message: `results take about ${Math.ceil(waitMs / 1000)} s just now, which is longer than this request may wait`,
    retryAfterMs: Math.min(longestRetryMs, Math.max(outageRetryMs, Math.ceil(waitMs - permittedMs))),
  }),
  tooManyAtOnce: ({ concurrency }: Limits): Refusal => ({
    status: 429,
    code: "concurrency_exceeded",
    message: `this client has ${concurrency} requests under way, which is its limit`,
    retryAfterMs: placeRetryMs,
  }),
  requestsExceeded: ({ requestsPerMinute }: Limits, retryAfterMs: number): Refusal => ({
    status: 429,
    code: "rate_limited",
    message: `this client may make ${requestsPerMinute} requests a minute`,
    retryAfterMs,
  }),
  tokensExceeded: ({ tokensPerMinute }: Limits, retryAfterMs: number): Refusal => ({
    status: 429,
    code: "tokens_exceeded",
    message: `this client may use ${tokensPerMinute} tokens a minute, and this prompt is more than is left`,
    retryAfterMs,
  }),
  keyConflict: (): Refusal => ({
    status: 409,
    code: "idempotency_key_conflict",
    message: "this Idempotency-Key was used for another request",
    param: "idempotency-key",
  }),
  unavailable: (): Refusal => ({
    status: 503,
    code: "broker_unavailable",
    message:
      "the request could not be acknowledged; with an Idempotency-Key it can be sent again without being paid twice",
    retryAfterMs: outageRetryMs,
  }),
} as const;
