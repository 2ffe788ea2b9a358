/**
 * Turns the decision that counts into the run's result, and every decision into
 * an audited one. Pure; ids are derived from the run and the decision, so that
 * a repeat is recognised.
 */
import { runIdentityOf } from "../../../schemas/parts/identity.ts";
import type { ResultStatus } from "../../../schemas/parts/codes.ts";
import type { GuardReport, Reason } from "../../../schemas/parts/finding.ts";
import type { AuditDecision } from "../../../schemas/audit/decision.ts";
import type { ReviewDecided, ReviewHeld } from "../../../schemas/records/review.ts";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import type { Emission, StandsFor } from "../../runtime/stage.ts";
import { judgeEdit } from "../../reviews/judge-edit.ts";
import type { Review } from "../../reviews/review-book.ts";

const stage = "output-validate";

export interface Resolution {
  readonly status: ResultStatus;
  readonly output: RunResult["output"];
  readonly reasons: readonly Reason[];
}

/** `cancelled`: why an operator ended the run, whoever decided; null when nobody did. */
export function resolve(held: ReviewHeld, decision: ReviewDecided, cancelled: Reason | null): Resolution {
  if (cancelled !== null) return { status: "cancelled", output: undefined, reasons: [cancelled] };
  const reasons = [reasonOf(decision), ...held.reasons];
  switch (decision.decision) {
    case "approve":
      return { status: "released", output: held.output, reasons };
    case "edit":
      return { status: "released", output: editedOf(held, decision), reasons };
    case "reject":
      return { status: "rejected", output: undefined, reasons };
    case "cancelled":
      return { status: "cancelled", output: undefined, reasons };
    case "timed_out":
      return { ...afterTimeOut(held), reasons };
  }
}

/** The book has seen that it may be given. */
function editedOf({ contract }: ReviewHeld, { output }: ReviewDecided): RunResult["output"] {
  return output !== undefined && "plain" in output ? { plain: judgeEdit(output.plain, contract).output } : output;
}

function afterTimeOut({ on_timeout: onTimeout, output, fallback_answer: answer }: ReviewHeld) {
  switch (onTimeout) {
    case "reject":
      return { status: "rejected", output: undefined } as const;
    case "release":
      return { status: "released", output } as const;
    case "fallback":
      return { status: "degraded", output: answer === undefined ? undefined : { plain: answer } } as const;
  }
}

const words = {
  approve: "approved",
  edit: "edited",
  reject: "rejected",
  timed_out: "nobody decided in time",
  cancelled: "the run was cancelled",
} as const satisfies Record<ReviewDecided["decision"], string>;

function reasonOf({ decision, reviewer, reason }: ReviewDecided): Reason {
  const who = reviewer === undefined ? "" : ` by ${reviewer}`;
  return {
    code: `review_${decision}`,
    message: `${words[decision]}${who}${reason === undefined ? "" : `: ${reason}`}`,
  };
}

export function resultOf(held: ReviewHeld, decision: ReviewDecided, resolution: Resolution, nowMs: number): Emission {
  const { status, reasons } = resolution;
  const { run_id, attempt } = held;
  const { reviewer, reason, decided_at_ms } = decision;
  const value: RunResult = {
    kind: "result",
    ...runIdentityOf(held),
    status,
    decided_by: stage,
    origin: held.origin,
    received_at_ms: held.received_at_ms,
    finished_at_ms: nowMs,
    attempts: attempt,
    spent: held.spent,
    ...answerOf(held, resolution),
    review: {
      decision: decision.decision,
      ...(reviewer === undefined ? {} : { reviewer }),
      ...(reason === undefined ? {} : { reason }),
      held_at_ms: held.held_at_ms,
      decided_at_ms,
    },
    reasons: [...reasons],
  };
  return resultEmission(run_id, attempt, value);
}

/** An edit changes the output alone: tools are called as they were held. */
function answerOf(held: ReviewHeld, { status, output }: Resolution) {
  const isHeldOutput = output !== undefined && output === held.output;
  return {
    ...(status === "released" ? { answered_by: held.answered_by } : {}),
    ...(isHeldOutput && held.values_restored !== undefined ? { values_restored: held.values_restored } : {}),
    ...(output === undefined ? {} : { output }),
    ...(status === "released" && held.tool_calls !== undefined ? { tool_calls: held.tool_calls } : {}),
  };
}

function resultEmission(runId: string, attempt: number, value: RunResult): Emission {
  const id = `${runId}/${attempt}/${stage}/result`;
  return { topic: "harness-results", key: runId, id, type: "breakwater.run.result", value };
}

export interface Verdict {
  /** What became of the decision: the run's status, `review_late` or `edit_refused`. */
  readonly word: string;
  readonly reasons: readonly Reason[];
  readonly guards?: readonly GuardReport[];
  /** The output that the run was given. */
  readonly standsFor?: StandsFor;
}

/** One record a decision. */
export function auditOf(
  review: Pick<Review, "run_id" | "attempt" | "client_id" | "harness" | "feature" | "document" | "policy">,
  decision: ReviewDecided,
  { word, reasons, guards = [], standsFor }: Verdict,
  nowMs: number,
): Emission {
  const { run_id, attempt, client_id, harness, feature, document, policy } = review;
  const id = `${run_id}/${attempt}/${stage}/review/${decision.decision_id}`;
  const value: AuditDecision = {
    kind: "decision",
    event_id: id,
    run_id,
    stage,
    attempt,
    decision: word,
    decided_at_ms: nowMs,
    client_id,
    harness,
    ...(feature === undefined ? {} : { feature }),
    ...(document === undefined ? {} : { document }),
    policy,
    guards: [...guards],
    reasons: [...reasons],
    review: {
      decision: decision.decision,
      ...(decision.reviewer === undefined ? {} : { reviewer: decision.reviewer }),
      overrides:
        word === "released" ? reasons.map(({ code }) => code).filter((code) => !code.startsWith("review_")) : [],
    },
  };
  return {
    topic: "harness-audit",
    key: run_id,
    id,
    type: "breakwater.decision",
    value,
    ...(standsFor && { standsFor }),
  };
}

/** Of a decision that does not count. */
export function uncountedOf(decision: ReviewDecided, why: Reason): readonly Reason[] {
  return [why, reasonOf(decision)];
}
