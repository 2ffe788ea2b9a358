/**
 * A batch that came over HTTP, on harness-batches: how many runs it is, and the
 * definition and deadline that all of them have, so that a repeat of the upload
 * publishes the same records; then that every run was acknowledged. The first
 * record of each kind by offset counts. Nothing of the documents is in it.
 */
import { z } from "zod";
import { attribution, harnessRef } from "../parts/identity.ts";

const batchId = z.uuid().describe("The record's key, and batch_id of its documents");

export const batchTaken = z.object({
  kind: z.literal("taken"),
  batch_id: batchId,
  client_id: attribution.shape.client_id,
  harness: harnessRef.describe("What every document runs"),
  feature: attribution.shape.feature,
  documents: z.int().positive().describe("Runs; lines with the same bytes are one"),
  duplicates: z.int().nonnegative().describe("Lines whose bytes an earlier line has"),
  body_hmac: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe("Of harness, feature and lines; equal for equal uploads under one key"),
  deadline_at_ms: z.int().describe("Of every document, Unix milliseconds"),
  created_at_ms: z.int().describe("By the gateway's clock"),
});

export const batchPublished = z.object({
  kind: z.literal("published"),
  batch_id: batchId,
  published_at_ms: z.int().describe("Every run was acknowledged by then; by the gateway's clock"),
});

export const batchRecord = z.discriminatedUnion("kind", [batchTaken, batchPublished]);

export type BatchTaken = Readonly<z.infer<typeof batchTaken>>;
export type BatchRecord = z.infer<typeof batchRecord>;
