/**
 * The reviews, harness-reviews: an answer that is held with all that is needed
 * to give it later, the mark that it has waited long, and what was decided.
 * The first decision by offset that can stand is the review's; all others come
 * too late. Time-outs and cancellations are decisions too, so that the log
 * alone says what came first.
 */
import { z } from "zod";
import { harnessDefinition, policyPreset } from "../control/harness-definition.ts";
import { providerName } from "../parts/codes.ts";
import { contentOf, jsonContent, toolCallsContent } from "../parts/content.ts";
import { guardReport, reason } from "../parts/finding.ts";
import { origin, runIdentity } from "../parts/identity.ts";
import { reviewPolicy } from "../policies/review-policy.ts";
import { spend } from "../parts/usage.ts";

/** What a finding is about, for the reviewer's eyes. */
export const excerpt = z.object({
  rule: z.string(),
  field: z.string(),
  claim: z.string().describe("The words of the answer that the finding is about, cut when they are long"),
  passage: z.string().optional().describe("The passage of the context that comes closest to it, cut likewise"),
});

export const reviewHeld = runIdentity.extend({
  kind: z.literal("review.held"),
  attempt: z.int().min(1).max(3),
  origin,
  received_at_ms: z.int(),
  output: jsonContent.describe("What is given when it is approved; the values of pseudonyms are back in it"),
  tool_calls: toolCallsContent.optional().describe("Given with it, also beside an edited output"),
  excerpts: contentOf(z.array(excerpt)),
  contract: harnessDefinition.shape.output.describe("What an edited output must keep"),
  policy: policyPreset,
  guards: z.array(guardReport),
  reasons: z.array(reason).min(1).describe("Why it is held"),
  spent: spend,
  answered_by: z.object({ provider: providerName, model: z.string() }),
  values_restored: z.int().positive().optional(),
  held_at_ms: z.int(),
  due_at_ms: z.int().describe("When on_timeout happens, Unix milliseconds"),
  on_timeout: reviewPolicy.shape.onTimeout,
  escalate_at_ms: z.int().optional(),
  fallback_answer: harnessDefinition.shape.fallbackAnswer.describe("Given when on_timeout is fallback"),
});

export const reviewEscalated = z.object({
  kind: z.literal("review.escalated"),
  run_id: runIdentity.shape.run_id,
  escalated_at_ms: z.int(),
});

/** What a person can decide, and what happens without one. */
export const reviewDecision = z.enum(["approve", "edit", "reject", "timed_out", "cancelled"]);

/** Longest reason that is taken, characters. */
export const maxReviewReasonChars = 500;

export const reviewDecided = z.object({
  kind: z.literal("review.decided"),
  run_id: runIdentity.shape.run_id,
  decision_id: z.string().min(1).max(128).describe("A repeat of the same decision has the same"),
  decision: reviewDecision,
  reviewer: z.string().min(1).max(128).optional().describe("Who decided; absent when nobody did"),
  reason: z
    .string()
    .min(1)
    .max(maxReviewReasonChars)
    .optional()
    .describe("In the words of who decided; it comes with the result and the audit"),
  decided_at_ms: z.int().describe("By the clock of whoever decided; what counts is the record's place in the log"),
  output: jsonContent.optional().describe("Present exactly when the decision is edit"),
  client_id: runIdentity.shape.client_id
    .optional()
    .describe(
      "Of the run; beside an edit of an answer that is sealed: a data subject's, or one with a time of its own",
    ),
  subject_id: runIdentity.shape.subject_id.describe("Of the run, likewise: the edit is sealed for them"),
  content_until_ms: runIdentity.shape.content_until_ms,
});

export const reviewRecord = z.discriminatedUnion("kind", [reviewHeld, reviewEscalated, reviewDecided]);

export type Excerpt = z.infer<typeof excerpt>;
export type ReviewHeld = z.infer<typeof reviewHeld>;
export type ReviewEscalated = z.infer<typeof reviewEscalated>;
export type ReviewDecided = z.infer<typeof reviewDecided>;
export type ReviewDecision = z.infer<typeof reviewDecision>;
export type ReviewRecord = z.infer<typeof reviewRecord>;
