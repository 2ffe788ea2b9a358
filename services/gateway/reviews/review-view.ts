/**
 * A held answer as the API shows it: in the queue without content; alone with
 * the answer, what was found in it, the contract that an edit must keep, and
 * what was decided. Of content that is sealed under its data subject's key only
 * that is said.
 */
import { hiddenBy } from "../../../schemas/parts/content.ts";
import { z } from "zod";
import { guardReport, reason } from "../../../schemas/parts/finding.ts";
import { attribution, harnessRef } from "../../../schemas/parts/identity.ts";
import { toolCall } from "../../../schemas/parts/tools.ts";
import {
  excerpt,
  reviewDecided,
  reviewHeld,
  type ReviewDecided,
  type ReviewHeld,
} from "../../../schemas/records/review.ts";
import type { HeldItem } from "../../reviews/read-reviews.ts";
import type { Review } from "../../reviews/review-book.ts";

const { attempt, policy, due_at_ms, held_at_ms, on_timeout, escalate_at_ms } = reviewHeld.shape;

export const waitingReview = z
  .object({
    run_id: z.uuid(),
    client_id: attribution.shape.client_id,
    harness: harnessRef,
    feature: z.string().optional(),
    document: z.string().optional().describe("Its name in its batch"),
    batch_id: z.string().optional(),
    attempt,
    policy,
    held_at_ms,
    due_at_ms,
    escalate_at_ms,
    escalated: z.boolean().describe("It has waited long"),
    on_timeout,
    reasons: z.array(reason).describe("Why it is held"),
  })
  .describe("An answer that waits for a person, without its content");

export const decisionView = z
  .object({
    decision: reviewDecided.shape.decision,
    reviewer: z.string().optional().describe("Absent when nobody decided"),
    reason: z.string().optional(),
    decided_at_ms: z.int(),
  })
  .describe("The decision that counts");

export const reviewDocument = waitingReview
  .extend({
    output: z.json().optional().describe("The answer: text as a string, structured output as a JSON value"),
    tool_calls: z.array(toolCall).optional().describe("Given with it, also beside an edited output"),
    sealed: z
      .literal(true)
      .optional()
      .describe("The answer is sealed for its data subject, and this gateway has no key"),
    erased: z.literal(true).optional().describe("Its data subject was erased: nobody can read the answer any more"),
    excerpts: z.array(excerpt).describe("What the findings are about"),
    guards: z.array(guardReport),
    contract: reviewHeld.shape.contract,
    answered_by: reviewHeld.shape.answered_by,
    spent: reviewHeld.shape.spent,
    values_restored: reviewHeld.shape.values_restored.describe("Values of pseudonyms that are back in it"),
    fallback_answer: reviewHeld.shape.fallback_answer,
    decision: decisionView.nullable().describe("Null while it waits"),
  })
  .describe("A held answer, with why it is held and what was decided");

export type WaitingReview = Readonly<z.infer<typeof waitingReview>>;
export type DecisionView = Readonly<z.infer<typeof decisionView>>;
export type ReviewDocument = Readonly<z.infer<typeof reviewDocument>>;

export function waitingView(review: Review): WaitingReview {
  const { run_id, client_id, harness, feature, document, attempt: of, policy: preset, escalated, reasons } = review;
  const { held_at_ms: heldAt, due_at_ms: dueAt, escalate_at_ms: escalateAt, on_timeout: onTimeout } = review;
  return {
    run_id,
    client_id,
    harness,
    feature,
    document: document?.name,
    batch_id: document?.batch_id,
    attempt: of,
    policy: preset,
    held_at_ms: heldAt,
    due_at_ms: dueAt,
    escalate_at_ms: escalateAt,
    escalated,
    on_timeout: onTimeout,
    reasons: [...reasons],
  };
}

export function decisionOf({ decision, reviewer, reason: why, decided_at_ms: at }: ReviewDecided): DecisionView {
  return { decision, reviewer, reason: why, decided_at_ms: at };
}

export function reviewView({ held, review, decision }: HeldItem): ReviewDocument {
  const { guards, contract, answered_by, spent, values_restored, fallback_answer } = held;
  return {
    ...waitingView(review),
    ...contentOf(held),
    guards,
    contract,
    answered_by,
    spent,
    values_restored,
    fallback_answer,
    decision: decision === null ? null : decisionOf(decision),
  };
}

function contentOf({ output, tool_calls: calls, excerpts }: ReviewHeld) {
  const shown = { excerpts: "plain" in excerpts ? excerpts.plain : [] };
  if (hiddenBy(output, calls) === "erased") return { ...shown, erased: true } as const;
  if (!("plain" in output) || (calls !== undefined && !("plain" in calls))) return { ...shown, sealed: true } as const;
  return { ...shown, output: output.plain, ...(calls === undefined ? {} : { tool_calls: calls.plain }) };
}
