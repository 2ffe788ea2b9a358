/**
 * Writes a person's decision about a held answer, then reads back whether it is
 * the one that counts: another reviewer, or the clock, may have been first. An
 * edited output is held to its contract before anything is written.
 */
import { v7 } from "uuid";
import type { Reason } from "../../schemas/parts/finding.ts";
import { reviewDecided, type ReviewDecided } from "../../schemas/records/review.ts";
import { contentOwnerOf, type Publish } from "../runtime/stage.ts";
import { readEdit } from "./check-edit.ts";
import type { HeldItem } from "./read-reviews.ts";

export const reviewDecisions = ["approve", "edit", "reject"] as const;

export interface AskedDecision {
  readonly decision: (typeof reviewDecisions)[number];
  readonly reviewer: string;
  readonly reason?: string | undefined;
  /** As written, of an edit. */
  readonly text?: string | undefined;
}

export interface ReviewDesk {
  /** As the topic says at its present end; null when no answer of the run is on it. */
  readonly find: (runId: string) => Promise<HeldItem | null>;
  readonly publish: Publish;
  readonly nowMs: () => number;
}

export interface DecidedItem extends HeldItem {
  readonly decision: ReviewDecided;
}

export type DecisionOutcome =
  | { readonly kind: "counts" | "too_late"; readonly item: DecidedItem }
  | { readonly kind: "broken"; readonly reasons: readonly Reason[] }
  | { readonly kind: "unknown" };

/** Errors: TransientError broker_unavailable; whether it was written may be unknown then: look who decided. */
export async function decideReview(desk: ReviewDesk, runId: string, asked: AskedDecision): Promise<DecisionOutcome> {
  const before = await desk.find(runId);
  if (before === null) return { kind: "unknown" };
  if (isDecided(before)) return { kind: "too_late", item: before };
  const output = asked.decision === "edit" ? readEdit(asked.text ?? "", before.held.contract) : null;
  if (output?.kind === "broken") return output;
  const { decision, reviewer, reason } = asked;
  const value = reviewDecided.parse({
    kind: "review.decided",
    run_id: runId,
    decision_id: v7(),
    decision,
    reviewer,
    reason,
    decided_at_ms: desk.nowMs(),
    ...(output === null ? {} : { output: { plain: output.output }, ...contentOwnerOf(before.held) }),
  });
  const type = "breakwater.review.decided";
  await desk.publish([{ topic: "harness-reviews", key: runId, id: value.decision_id, type, value }]);
  const item = await desk.find(runId);
  if (item === null || !isDecided(item)) throw new Error("a decision that was written cannot be read back");
  return { kind: item.decision.decision_id === value.decision_id ? "counts" : "too_late", item };
}

function isDecided(item: HeldItem): item is DecidedItem {
  return item.decision !== null;
}
