/**
 * The journal, harness-calls. `call.started` is acknowledged before the HTTP
 * request leaves; `call.finished` carries outcome, usage and cost. Exactly one
 * finish per attempt settles it and carries the envelope on: output-validate
 * acts on the first of those by offset. A start without a finish is an orphan,
 * bounded by its low and high cost. What output-validate asks a moderation is
 * journaled beside: it is marked, and never settles.
 */
import { z } from "zod";
import { callOutcome, contextStrategy, providerName } from "../parts/codes.ts";
import { textContent, writtenToolCallsContent } from "../parts/content.ts";
import { reason } from "../parts/finding.ts";
import { runIdentity } from "../parts/identity.ts";
import { spend, usage, usageSource, usd } from "../parts/usage.ts";
import { attemptTask } from "./attempt-task.ts";

/** What a call was sent of a prompt that is too long for its model. */
export const callCut = z.object({
  strategy: contextStrategy.exclude(["refuse"]),
  tokens: z.int().nonnegative().describe("Input tokens that were cut, estimated"),
  saved_usd: usd.nullable().describe("Their input price; null when it is unknown"),
});

export const callIdentity = runIdentity.extend({
  call_id: z.uuid().describe("UUIDv7, one per HTTP request; sent as X-Client-Request-Id"),
  attempt: z.int().min(1).max(3),
  call_no: z.int().positive().describe("1 for the first call of the attempt"),
  tier: z.int().nonnegative().describe("Index into the harness's model chain; of a moderation, whose answer it judges"),
  purpose: z.literal("moderation").optional().describe("Absent when an answer is asked for"),
  hedge_of: z.uuid().optional().describe("The call that took so long that this one was made beside it"),
  provider: providerName,
  model: z.string().describe("Model asked for"),
  body_sha256: z.string(),
  worker: z.string().describe("Kafka client id of the process that calls"),
  started_at_ms: z.int(),
  deadline_at_ms: z.int().describe("The call is over by then, one way or another"),
  input_tokens_estimate: z.int().nonnegative(),
  cut: callCut.optional().describe("Absent when the prompt was sent whole"),
  max_output_tokens: z.int().positive().describe("1 for a moderation, which writes nothing but its verdict"),
  price_version: z.string(),
  cost_low_usd: usd.nullable().describe("If the request was sent and nothing came back"),
  cost_high_usd: usd.nullable().describe("If every permitted output token was produced"),
  lease_ids: z.array(z.string()).optional().describe("Leases on budgets that the call is paid from"),
});

export const callStarted = callIdentity.extend({ kind: z.literal("call.started") });

export const settlement = z.object({
  task: attemptTask.describe("The attempt this finish settles"),
  answer: textContent
    .nullable()
    .describe("The model's words, empty when it only calls tools; null when every tier failed"),
  tool_calls: writtenToolCallsContent.optional().describe("The tools that the answer calls"),
  reasons: z.array(reason).optional().describe("Present when there is no answer: what became of each tier"),
  spent: spend.describe("Paid by the whole run up to and including this call"),
});

export const callFinished = callIdentity.extend({
  kind: z.literal("call.finished"),
  finished_at_ms: z.int(),
  outcome: callOutcome,
  error: z
    .object({
      code: z.string(),
      status: z.int().optional(),
      retry_after_ms: z.int().nonnegative().optional(),
      other_key: z.boolean().optional().describe("It was this key's failure; another was tried at once"),
    })
    .optional()
    .describe("Provider's error type and status; never its message, which can quote the prompt"),
  served_model: z.string().optional(),
  provider_request_id: z.string().optional(),
  finish_reason: z.string().optional(),
  first_token_ms: z
    .int()
    .nonnegative()
    .optional()
    .describe("From the request's leaving to its first token; to the first byte of an answer that was not streamed"),
  usage: usage.nullable(),
  usage_source: usageSource,
  cost_usd: usd.nullable(),
  uncached_cost_usd: usd
    .nullable()
    .optional()
    .describe("What the same tokens cost without the provider's cache; absent where no cache took part"),
  settles: z.boolean(),
  settlement: settlement.optional().describe("Present exactly when `settles` is true"),
});

export const callRecord = z.discriminatedUnion("kind", [callStarted, callFinished]);

export type CallCut = z.infer<typeof callCut>;
export type CallIdentity = z.infer<typeof callIdentity>;
export type CallStarted = z.infer<typeof callStarted>;
export type CallFinished = z.infer<typeof callFinished>;
export type CallRecord = z.infer<typeof callRecord>;
export type Settlement = z.infer<typeof settlement>;
