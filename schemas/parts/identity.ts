/**
 * Who a run is for and what it runs: stamped on every attempt, call, decision
 * and result, so that each can be attributed on its own.
 */
import { z } from "zod";

const label = z.string().min(1).max(128);

export const documentRef = z.object({
  batch_id: label,
  name: z.string().min(1).max(1024).describe("Path of the document as the batch saw it"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const replayOf = z.object({
  topic: z.string(),
  partition: z.int().nonnegative(),
  offset: z.string().regex(/^\d+$/),
  replay: z.int().positive().describe("1 for the first replay of that dead letter"),
});

export const harnessRef = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe("First 16 hex digits of the definition's SHA-256"),
});

/** What a publisher may say about the run, beside its input. */
export const attribution = z.object({
  client_id: label.describe("Who pays"),
  feature: label.optional().describe("What the client used it for"),
  subject_id: label.optional().describe("The data subject whose content this is"),
  document: documentRef.optional(),
  correlation_id: label.optional().describe("Returned unchanged on the result"),
  replay_of: replayOf.optional(),
});

export const runIdentity = attribution.extend({
  run_id: z.uuid(),
  harness: harnessRef,
  content_until_ms: z
    .int()
    .optional()
    .describe("When the content of the run can no longer be read, as its harness says; absent: as long as its topics"),
});

/** Where the request was read: the same for every redelivery of it. */
export const origin = z.object({
  topic: z.string(),
  partition: z.int().nonnegative(),
  offset: z.string().regex(/^\d+$/),
});

export type DocumentRef = z.infer<typeof documentRef>;
export type HarnessRef = z.infer<typeof harnessRef>;
export type RunIdentity = z.infer<typeof runIdentity>;
export type Origin = z.infer<typeof origin>;
export type ReplayOf = z.infer<typeof replayOf>;

/** Who a record's run is for, of what else the record holds. */
export function runIdentityOf(record: RunIdentity): RunIdentity {
  const { run_id, harness, content_until_ms, client_id, feature, subject_id, document, correlation_id, replay_of } =
    record;
  return {
    run_id,
    harness,
    ...(content_until_ms === undefined ? {} : { content_until_ms }),
    client_id,
    ...(feature === undefined ? {} : { feature }),
    ...(subject_id === undefined ? {} : { subject_id }),
    ...(document === undefined ? {} : { document }),
    ...(correlation_id === undefined ? {} : { correlation_id }),
    ...(replay_of === undefined ? {} : { replay_of }),
  };
}
