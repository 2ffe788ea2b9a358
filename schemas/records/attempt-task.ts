/**
 * One attempt to be made: what model-invoke reads from harness-scanned (the
 * first) and harness-retries (the second and third, with the rejected answer
 * and its errors appended to the messages).
 */
import { z } from "zod";
import { callOptions } from "../parts/call-options.ts";
import { messagesContent, sealedContent, textContent } from "../parts/content.ts";
import { reason } from "../parts/finding.ts";
import { origin, runIdentity } from "../parts/identity.ts";
import { spend } from "../parts/usage.ts";
import { answerKey } from "./answer-pointer.ts";

/** A part of a message that is left out; a message that is left out whole is not sent. */
export const messageCut = z.object({
  message: z.int().nonnegative().describe("Index into the messages"),
  start: z.int().nonnegative().describe("UTF-16 code units"),
  end: z.int().nonnegative(),
  insert: z.string().optional().describe("Stands in its place; the harness's words, not content"),
});

export const tierFit = z.object({
  tier: z.int().nonnegative().describe("Index into the harness's model chain"),
  input_tokens: z.int().nonnegative().describe("Of the messages as this tier gets them, counted for its model"),
  cuts: z.array(messageCut),
  tokens_cut: z.int().positive().optional().describe("Tokens of what is left out, estimated; absent when nothing is"),
});

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
  work_ms: z
    .int()
    .positive()
    .optional()
    .describe("Time from the first call on, within the deadline, milliseconds; the batch's runs alone have it"),
  origin,
  messages: messagesContent,
  options: callOptions.optional().describe("As the harness permits them, personal data taken out"),
  context: textContent.optional().describe("What the answer must be grounded in"),
  pseudonyms: sealedContent
    .optional()
    .describe(
      "What the pseudonyms in the messages stand for, sealed for this run; put back into the answer at its end",
    ),
  input_tokens_estimate: z.int().nonnegative().describe("The highest over the tiers that can take the prompt"),
  fits: z
    .array(tierFit)
    .optional()
    .describe(
      "Absent when the prompt is so short that every tier takes it whole; a tier without an entry cannot take it",
    ),
  spent: spend.describe("Paid by earlier attempts of this run"),
  rejections: z
    .array(reason)
    .optional()
    .describe("Why the answers of earlier attempts were rejected; absent in the first"),
  answer_key: answerKey.optional().describe("Present when the harness gives its last good answer where no model does"),
});

export type MessageCut = z.infer<typeof messageCut>;
export type TierFit = z.infer<typeof tierFit>;
export type AttemptTask = z.infer<typeof attemptTask>;
