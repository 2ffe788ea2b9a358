/**
 * What a harness says about reviews: which answers people decide on before
 * they are given, and what happens when nobody does.
 */
import { z } from "zod";

const day = 86_400_000;
/** The longest that an answer may be held. harness-reviews keeps what is held for twice as long and more. */
export const maxReviewMs = 14 * day;

export const reviewPolicy = z.object({
  when: z
    .enum(["found", "always"])
    .describe("found: an answer in which a guard finds something whose action is review; always: every answer"),
  timeoutMs: z.int().min(1000).max(maxReviewMs).describe("How long an answer waits for a decision, milliseconds"),
  onTimeout: z
    .enum(["reject", "release", "fallback"])
    .describe("What happens when nobody has decided by then; fallback ends the run degraded, with the fallbackAnswer"),
  escalateAfterMs: z
    .int()
    .min(1000)
    .max(maxReviewMs)
    .optional()
    .describe("After how long an answer that still waits is marked as urgent, milliseconds; absent: never"),
});

export type ReviewPolicy = z.infer<typeof reviewPolicy>;
