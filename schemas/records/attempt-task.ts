/**
 * One attempt to be made: what model-invoke reads from harness-scanned (the
 * first) and harness-retries (the second and third, with the rejected answer
 * and its errors appended to the messages).
 */
import { z } from "zod";
import { messagesContent, sealedContent, textContent } from "../parts/content.ts";
import { origin, runIdentity } from "../parts/identity.ts";
import { spend } from "../parts/usage.ts";

export const attemptTask = runIdentity.extend({
  kind: z.literal("attempt"),
  attempt: z.int().min(1).max(3),
  first_tier: z.int().nonnegative().describe("Index into the harness's model chain to start from"),
  body_sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("Hash of the request as published: tells a repeat from a conflict"),
  received_at_ms: z.int().describe("Broker timestamp of the request, Unix milliseconds"),
  deadline_at_ms: z.int().describe("No paid step starts after this, Unix milliseconds"),
  origin,
  messages: messagesContent,
  context: textContent.optional().describe("What the answer must be grounded in"),
  pseudonyms: sealedContent
    .optional()
    .describe(
      "What the pseudonyms in the messages stand for, sealed for this run; put back into the answer at its end",
    ),
  input_tokens_estimate: z.int().nonnegative(),
  spent: spend.describe("Paid by earlier attempts of this run"),
});

export type AttemptTask = z.infer<typeof attemptTask>;
