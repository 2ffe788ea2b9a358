/**
 * Why a run that has ended is no answer, as every route says it: the status
 * that brings out the right class of error in a provider's SDK, a stable code,
 * and the first of its reasons in words. Pure and total.
 */
import type { ResultStatus } from "../../../schemas/parts/codes.ts";
import { erasedReason } from "../../../schemas/parts/content.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import type { Refusal } from "../admission/admission.ts";

interface Failure {
  readonly status: Refusal["status"];
  readonly meaning: string;
}

const failures: Readonly<Record<Exclude<ResultStatus, "ok" | "released">, Failure>> = {
  refused: { status: 400, meaning: "the harness's guards or its input contract refuse this input" },
  invalid: { status: 400, meaning: "the request could not be read as a run" },
  failed_validation: { status: 422, meaning: "no answer of the model kept to the harness's rules" },
  degraded: { status: 503, meaning: "no model answered, and the harness declares no answer for that" },
  expired: { status: 504, meaning: "there was no time left for the next paid step" },
  over_budget: { status: 429, meaning: "a budget has no room for this run" },
  cancelled: { status: 409, meaning: "the run was cancelled" },
  rejected: { status: 403, meaning: "a reviewer rejected the answer" },
};

/** Its key is gone: nobody can give the answer any more. */
export const erasedRefusal: Refusal = { status: 410, code: "erased", message: erasedReason.message };

/** Null for what is an answer: a degraded run with the output that its harness declares is one. */
export function runFailure({ status, output, reasons }: RunResult, nowMs: number): Refusal | null {
  if (status === "ok" || status === "released" || (status === "degraded" && output !== undefined)) return null;
  const [first] = reasons;
  const { status: usual, meaning } = failures[status];
  if (first?.code === erasedReason.code) return erasedRefusal;
  const isTheirs = status === "refused" || status === "invalid";
  return {
    status: first?.code === "rate_limited" ? 429 : usual,
    code: isTheirs ? (first?.code ?? status) : status,
    message: first === undefined ? meaning : `${meaning}: ${first.message}`,
    ...(isTheirs && first?.path !== undefined ? { param: first.path } : {}),
    ...retryAfter(reasons, nowMs),
  };
}

/** The longest wait of those that the reasons name. */
function retryAfter(reasons: readonly Reason[], nowMs: number): Pick<Refusal, "retryAfterMs"> {
  const waits = reasons.flatMap(({ retry_after_ms: wait, resets_at_ms: at }) =>
    [wait, at === undefined ? undefined : Math.max(0, at - nowMs)].filter((ms) => ms !== undefined),
  );
  return waits.length === 0 ? {} : { retryAfterMs: Math.max(...waits) };
}
