/**
 * One provider call that is over, on harness-audit: for whom, by which model,
 * under which version, how it ended, and what stands for the words that were
 * sent and came back. Its tokens and money are in the journal.
 */
import { z } from "zod";
import { callOutcome, providerName } from "../parts/codes.ts";
import { contentHash } from "../parts/content.ts";
import { harnessRef } from "../parts/identity.ts";

export const auditCall = z.object({
  kind: z.literal("call"),
  event_id: z.string().describe("Derived from the call: a repeat is recognised"),
  run_id: z.uuid(),
  call_id: z.uuid(),
  attempt: z.int().min(1).max(3),
  decided_at_ms: z.int().describe("When it was over"),
  started_at_ms: z.int(),
  client_id: z.string(),
  harness: harnessRef,
  provider: providerName,
  model: z.string().describe("Asked for"),
  served_model: z.string().optional(),
  purpose: z.literal("moderation").optional(),
  outcome: callOutcome,
  error_code: z.string().optional(),
  worker: z.string().describe("Kafka client id of the process that called"),
  input_hmac: contentHash.optional().describe("Of what was sent; absent where no secret key is set"),
  output_hmac: contentHash.optional().describe("Of what came back; absent where nothing did"),
});

export type AuditCall = z.infer<typeof auditCall>;
