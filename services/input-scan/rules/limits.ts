/**
 * Limits that need no look at the text: how often a client may ask, and how
 * long a prompt may be for this harness or this client. What is refused says
 * the limit, and for the rate when to try again.
 */
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { GuardOutcome } from "../policy.ts";

export interface Throttle {
  readonly requestsPerMinute: number;
  readonly scope: string;
  readonly retryAfterMs: number;
}

/** Null when it may pass. */
export function refuseThrottled(throttle: Throttle | null): GuardOutcome | null {
  if (throttle === null) return null;
  const { requestsPerMinute, scope, retryAfterMs } = throttle;
  const wait = `try again in ${Math.max(1, Math.ceil(retryAfterMs / 1000))} s`;
  const message = `more than ${requestsPerMinute} requests a minute of ${scope}: ${wait}`;
  const reason = { code: "rate_limited", message, rule: "requests_per_minute", retry_after_ms: retryAfterMs };
  return blocked("rate_limit", reason);
}

/** `limits`: of the harness and of the client; the lowest holds. Null when the prompt may pass. */
export function refuseLongPrompt(tokens: number, limits: readonly (number | undefined)[]): GuardOutcome | null {
  const most = limits.reduce((lowest: number, limit) => Math.min(lowest, limit ?? Infinity), Infinity);
  if (tokens <= most) return null;
  const message = `the prompt is about ${tokens} tokens, the limit here is ${most}`;
  return blocked("prompt_tokens", { code: "prompt_tokens", message, rule: "prompt_tokens" });
}

function blocked(guard: string, reason: Reason): GuardOutcome {
  const report: GuardReport = { guard, verdict: "blocked", findings: [], detail: reason.message };
  return { report, reasons: [reason] };
}
