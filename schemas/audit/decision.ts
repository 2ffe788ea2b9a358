/**
 * One decision of one stage about one run, on harness-audit: which guards ran
 * with which verdict, under which version, and what was decided. It never
 * holds content.
 */
import { z } from "zod";
import { contextStrategy, providerName, stageName } from "../parts/codes.ts";
import { contentHash } from "../parts/content.ts";
import { guardReport, reason } from "../parts/finding.ts";
import { documentRef, harnessRef } from "../parts/identity.ts";
import { usd } from "../parts/usage.ts";

/** The prompt that a refused run would have sent to the first model of its chain, once. */
export const sparedPrompt = z.object({
  provider: providerName,
  model: z.string(),
  input_tokens: z.int().nonnegative().describe("Estimated; what the answer would have taken is not in it"),
  usd: usd.nullable().describe("Their price as input; null when the model's price is unknown"),
});

/** What a person, or the clock in a person's stead, decided about an answer that guards had held. */
export const auditedReview = z.object({
  decision: z.string().describe("approve, edit, reject, timed_out, cancelled"),
  reviewer: z.string().optional().describe("Absent when nobody decided"),
  overrides: z
    .array(z.string())
    .describe("Codes of what it was held for, where the run was given an answer all the same"),
});

export const auditDecision = z.object({
  kind: z.literal("decision"),
  event_id: z.string().describe("Derived from run, attempt, stage and decision: a repeat is recognised"),
  run_id: z.uuid(),
  stage: stageName,
  attempt: z.int().min(0).max(3).describe("0 before the first attempt"),
  decision: z
    .string()
    .describe(
      "admitted, refused, invalid, tier_skipped, degraded, expired, failed_fast, passed, repaired, retried, in_review, failed ...",
    ),
  decided_at_ms: z.int(),
  client_id: z.string().nullable(),
  harness: harnessRef.nullable(),
  feature: z.string().optional(),
  document: documentRef.optional(),
  policy: z.string().nullable().describe("Policy preset of the definition"),
  cut_strategy: contextStrategy
    .exclude(["refuse"])
    .optional()
    .describe("Of a judged answer: how the prompt that it answers was cut; absent when it was sent whole"),
  guards: z.array(guardReport),
  reasons: z.array(reason),
  review: auditedReview.optional(),
  input_hmac: contentHash.optional().describe("Of the input as it came in; absent where no secret key is set"),
  output_hmac: contentHash.optional().describe("Of the output that was given or is held; absent where none was"),
  spared: sparedPrompt.optional().describe("Of a refusal before the first call: what was not sent"),
});

export type SparedPrompt = z.infer<typeof sparedPrompt>;
export type AuditDecision = z.infer<typeof auditDecision>;
