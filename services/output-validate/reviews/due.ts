/**
 * What the owner of a held answer has to write by itself: that the run was
 * cancelled, that nobody decided in time, or that it has waited long. All of it
 * goes through the topic, so that the log says what came first.
 */
import type { ReviewDecided, ReviewEscalated } from "../../../schemas/records/review.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { maxReviewReasonChars } from "../../../schemas/records/review.ts";
import type { Emission } from "../../runtime/stage.ts";
import type { Review } from "../../reviews/review-book.ts";

/** Null when there is nothing to write now. */
export function dueOf(review: Review, cancelled: Reason | null, nowMs: number): Emission | null {
  if (review.decided !== null) return null;
  if (cancelled !== null) return decisionOf(review, "cancelled", { nowMs, reason: cancelled.message });
  if (nowMs >= review.due_at_ms) return decisionOf(review, "timed_out", { nowMs });
  const isUrgent = review.escalate_at_ms !== undefined && nowMs >= review.escalate_at_ms;
  return isUrgent && !review.escalated ? escalationOf(review, nowMs) : null;
}

function decisionOf(
  { run_id: runId }: Review,
  decision: "cancelled" | "timed_out",
  { nowMs, reason }: { readonly nowMs: number; readonly reason?: string },
): Emission {
  const value: ReviewDecided = {
    kind: "review.decided",
    run_id: runId,
    decision_id: `${runId}/${decision}`,
    decision,
    ...(reason === undefined ? {} : { reason: reason.slice(0, maxReviewReasonChars) }),
    decided_at_ms: nowMs,
  };
  const id = `${runId}/output-validate/review/${decision}`;
  return { topic: "harness-reviews", key: runId, id, type: "breakwater.review.decided", value };
}

function escalationOf({ run_id: runId }: Review, nowMs: number): Emission {
  const value: ReviewEscalated = { kind: "review.escalated", run_id: runId, escalated_at_ms: nowMs };
  const id = `${runId}/output-validate/review/escalated`;
  return { topic: "harness-reviews", key: runId, id, type: "breakwater.review.escalated", value };
}
