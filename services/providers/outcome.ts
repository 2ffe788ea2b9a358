/**
 * How a provider call ended, in our words: an answer, or a failure of one
 * closed kind. Failures are classified by the HTTP status, by the provider's
 * error type or code, and by the kind of the transport's error; never by the
 * words of a message, which change and can quote the prompt.
 */
import type { CallOutcome } from "../../schemas/parts/codes.ts";
import type { WrittenToolCall } from "../../schemas/parts/tools.ts";
import type { Usage } from "../../schemas/parts/usage.ts";

/** Why an answer's usage is null. */
export type UsageCode = "usage_missing" | "usage_mismatch";

export interface ProviderAnswer {
  readonly kind: "answer";
  /** May be empty beside calls of tools. */
  readonly text: string;
  /** Absent when it calls none. */
  readonly toolCalls?: readonly WrittenToolCall[] | undefined;
  /** The provider's own word: `stop`, `length`, `end_turn`, `max_tokens`, `tool_use` ... */
  readonly finishReason: string;
  readonly servedModel: string;
  readonly providerRequestId?: string;
  readonly usage: Usage | null;
  readonly usageCode?: UsageCode | undefined;
  /** From the request's leaving to its first token, or to the first byte of an answer that is not streamed; milliseconds. */
  readonly firstTokenMs?: number | undefined;
}

export type FailedOutcome = Exclude<CallOutcome, "ok">;

export interface ProviderFailure {
  readonly kind: "failure";
  readonly outcome: FailedOutcome;
  /** The provider's error type or code, an `errno` name in lower case, or one of ours; at most 64 of [a-z0-9_.-]. */
  readonly code: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
  readonly servedModel?: string;
  readonly providerRequestId?: string;
  /** It is this key's failure, and the provider has another that can be tried at once. */
  readonly otherKey?: boolean;
  /** Known when the provider answered and charged: a refusal, for example. */
  readonly usage: Usage | null;
  /** Of a stream that broke off: tokens that had arrived, estimated. */
  readonly streamedTokens?: number | undefined;
}

export type ProviderOutcome = ProviderAnswer | ProviderFailure;

/** An answer that ended because the token limit was reached, in either provider's words. */
export function wasCutShort(finishReason: string): boolean {
  return ["length", "max_tokens", "model_context_window_exceeded"].includes(finishReason);
}

/** What an SDK's error says, before it is judged. */
export type FailureFacts =
  | {
      readonly kind: "status";
      readonly status: number;
      /** As the provider wrote them: a word, or whatever it takes for one. */
      readonly type: unknown;
      readonly code: unknown;
      readonly headers: Headers | undefined;
    }
  | { readonly kind: "timeout"; readonly code?: string }
  | { readonly kind: "cancelled" }
  | { readonly kind: "connection"; readonly errno: string | undefined }
  | { readonly kind: "malformed"; readonly code: string };

/** Judges a failed call. `nowMs` turns a Retry-After date into milliseconds. */
export function failureOf(facts: FailureFacts, nowMs: number): ProviderFailure {
  switch (facts.kind) {
    case "timeout":
      return { kind: "failure", outcome: "timeout", code: facts.code ?? "timeout", usage: null };
    case "cancelled":
      return { kind: "failure", outcome: "cancelled", code: "cancelled", usage: null };
    case "connection":
      return {
        kind: "failure",
        outcome: "connection",
        code: codeFrom([facts.errno?.toLowerCase()], "connection"),
        usage: null,
      };
    case "malformed":
      return { kind: "failure", outcome: "malformed", code: facts.code, usage: null };
    case "status": {
      const retryAfterMs = facts.headers === undefined ? undefined : retryAfterOf(facts.headers, nowMs);
      const requestId = facts.headers?.get("x-request-id") ?? facts.headers?.get("request-id") ?? undefined;
      return {
        kind: "failure",
        outcome: outcomeOfStatus(facts.status, facts.type, facts.code),
        code: codeFrom([facts.code, facts.type], `http_${facts.status}`),
        status: facts.status,
        usage: null,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(requestId === undefined ? {} : { providerRequestId: requestId }),
      };
    }
  }
}

const refusalCodes = new Set(["content_filter", "content_policy_violation"]);

function outcomeOfStatus(status: number, type: unknown, code: unknown): FailedOutcome {
  if (refusalCodes.has(String(code)) || refusalCodes.has(String(type))) return "content_refused";
  if (type === "overloaded_error") return "overloaded";
  switch (status) {
    case 401:
    case 402:
    case 403:
      return "unauthorized";
    case 404:
      return "not_found";
    case 408:
    case 504:
      return "timeout";
    case 429:
      return "rate_limited";
    case 499:
      return "cancelled";
    case 503:
    case 529:
      return "overloaded";
    default:
      return status >= 400 && status < 500 && status !== 409 ? "bad_request" : "server_error";
  }
}

/** The first of the provider's codes that is a code and not a sentence; some write numbers. */
function codeFrom(candidates: readonly unknown[], fallback: string): string {
  const words = candidates.map((candidate) => (typeof candidate === "number" ? String(candidate) : candidate));
  const isCode = (word: unknown): word is string => typeof word === "string" && /^[a-z0-9_.-]{1,64}$/.test(word);
  return words.find(isCode) ?? fallback;
}

/**
 * How long the provider asks to be left alone, milliseconds: `retry-after-ms`, or Retry-After in seconds or as a date.
 * Always a whole number that a record can carry: a finish that nobody can read would end no attempt.
 */
export function retryAfterOf(headers: Headers, nowMs: number): number | undefined {
  const milliseconds = headers.get("retry-after-ms")?.trim();
  if (milliseconds !== undefined && /^\d+(\.\d+)?$/.test(milliseconds)) return wholeMs(Number(milliseconds));
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return wholeMs(Number(value) * 1000);
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function wholeMs(milliseconds: number): number {
  return Math.min(Math.ceil(milliseconds), Number.MAX_SAFE_INTEGER);
}
