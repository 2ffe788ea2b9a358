/**
 * The end of a run. The first terminal record of a run by offset is its
 * result; readers ignore later ones. Fields that an unreadable request never
 * gave are null.
 */
import { z } from "zod";
import { providerName, resultStatus, stageName } from "../parts/codes.ts";
import { jsonContent, toolCallsContent } from "../parts/content.ts";
import { reason } from "../parts/finding.ts";
import { documentRef, harnessRef, origin, replayOf, runIdentity } from "../parts/identity.ts";
import { spend } from "../parts/usage.ts";
import { answerKey } from "./answer-pointer.ts";
import { reviewDecision } from "./review.ts";

export const runResult = z.object({
  kind: z.literal("result"),
  run_id: z.uuid(),
  status: resultStatus,
  decided_by: stageName,
  client_id: z.string().nullable(),
  harness: harnessRef.nullable(),
  feature: z.string().optional(),
  subject_id: z.string().optional(),
  content_until_ms: runIdentity.shape.content_until_ms,
  document: documentRef.optional(),
  correlation_id: z.string().optional(),
  replay_of: replayOf.optional(),
  origin,
  received_at_ms: z.int(),
  finished_at_ms: z.int(),
  attempts: z.int().min(0).max(3),
  spent: spend,
  answered_by: z.object({ provider: providerName, model: z.string() }).optional(),
  output: jsonContent.optional().describe("Text as a JSON string, structured output as a JSON value"),
  tool_calls: toolCallsContent.optional().describe("The tools that the caller is to run; the output then may be empty"),
  ended_at_limit: z
    .literal(true)
    .optional()
    .describe("The output ends at the request's own max_output_tokens, perhaps in the middle of a sentence"),
  values_restored: z
    .int()
    .positive()
    .optional()
    .describe("How many values of pseudonyms were put back into the output"),
  stale: z
    .object({ run_id: z.uuid(), finished_at_ms: z.int() })
    .optional()
    .describe("The output is what this earlier run was answered, at this time, to the same input"),
  answer_key: answerKey.optional().describe("Of a good answer that may be given again when no model answers"),
  review: z
    .object({
      decision: reviewDecision,
      reviewer: z.string().optional(),
      reason: z.string().optional(),
      held_at_ms: z.int(),
      decided_at_ms: z.int(),
    })
    .optional()
    .describe("What was decided about an answer that was held"),
  reasons: z.array(reason).describe("Why it is not ok; empty when it is"),
});

export type RunResult = z.infer<typeof runResult>;
