/**
 * A batch as the API shows it: what was taken in, how far it is, and what the
 * rest of it will cost and take if it goes on as it went. Of a batch that did
 * not come over HTTP only its runs are known.
 */
import { z } from "zod";
import { resultStatus } from "../../../../schemas/parts/codes.ts";
import { spend, usd } from "../../../../schemas/parts/usage.ts";
import type { BatchName, BatchProgress, SeenBatch } from "../../../ledger/operations/batch-progress.ts";
import { Decimal, toUsd } from "../../../pricing/usd.ts";
import type { KnownBatch } from "../desk/batch-book.ts";

const unknownElsewhere = "null for a batch of the command line";

export const batchView = z
  .object({
    batch_id: z.string(),
    client_id: z.string(),
    source: z.enum(["http", "cli"]).describe("How it came; one of the command line is known by its runs alone"),
    harness: z.string(),
    version: z.string().describe("Of the harness, for all of its runs"),
    feature: z.string().optional(),
    documents: z.int().nullable().describe(`Runs of the batch; ${unknownElsewhere}`),
    duplicates: z
      .int()
      .nullable()
      .describe(`Lines with the same bytes as an earlier one, no runs of their own; ${unknownElsewhere}`),
    complete: z
      .boolean()
      .nullable()
      .describe(
        `Every run was acknowledged; false when the upload was cut off: send it again under its Idempotency-Key; ${unknownElsewhere}`,
      ),
    created_at_ms: z.int(),
    deadline_at_ms: z.int().nullable().describe(`What is not paid by then ends as expired; ${unknownElsewhere}`),
  })
  .describe("A batch");

const progress = {
  ended: z.boolean().nullable().describe("Every run has its result; null where their number is not known"),
  finished: z.int(),
  failed: z.int().describe("Of which with anything but an answer: neither ok nor released by a person"),
  by_status: z.partialRecord(resultStatus, z.int()).describe("Runs that have their result, by its status"),
  in_review: z.int().describe("Runs whose answer waits for a person"),
  spent: spend.describe("Of all its calls so far"),
  usd_per_document: usd.nullable().describe("Of those that have their result; null while no cost is known"),
  rest: z
    .object({
      documents: z.int(),
      usd: usd.nullable(),
      ms: z.int().nullable().describe("null before the first result"),
    })
    .nullable()
    .describe("What is left, if it goes on as it went; null where that cannot be said"),
};

export const batchStatus = batchView
  .extend(progress)
  .describe("A batch and how far it is, by the ledger, which follows by a second or two");

export const batchList = z.object({
  batches: z.array(
    batchView.extend({
      progress: z.object(progress).nullable().describe("null when the ledger does not answer"),
    }),
  ),
});

export type BatchList = z.infer<typeof batchList>;
export type BatchView = z.infer<typeof batchView>;
export type BatchStatus = z.infer<typeof batchStatus>;
export type ProgressView = Omit<BatchStatus, keyof BatchView>;

export function viewOfBatch({ taken, isPublished }: KnownBatch): BatchView {
  const { batch_id, client_id, harness, feature, documents, duplicates, created_at_ms, deadline_at_ms } = taken;
  return {
    batch_id,
    client_id,
    source: "http",
    harness: harness.name,
    version: harness.version,
    feature,
    documents,
    duplicates,
    complete: isPublished,
    created_at_ms,
    deadline_at_ms,
  };
}

/** Only a batch that came over HTTP has a UUID that it did not choose; one that is no longer kept is known by its runs too. */
export function viewOfSeen({ client_id, batch_id, harness, harness_version, feature, first_ms }: SeenBatch): BatchView {
  return {
    batch_id,
    client_id,
    source: z.uuid().safeParse(batch_id).success ? "http" : "cli",
    harness,
    version: harness_version,
    ...(feature === null ? {} : { feature }),
    documents: null,
    duplicates: null,
    complete: null,
    created_at_ms: first_ms,
    deadline_at_ms: null,
  };
}

export function nameOf({ client_id: clientId, batch_id: batchId }: BatchView): BatchName {
  return { clientId, batchId };
}

export function progressOf(
  batch: BatchView,
  { byStatus, inReview, spent }: BatchProgress,
  nowMs: number,
): ProgressView {
  const finished = Object.values(byStatus).reduce((total, runs) => total + runs, 0);
  const answered = (byStatus.ok ?? 0) + (byStatus.released ?? 0);
  const perDocument = spent.cost_usd === null || finished === 0 ? null : new Decimal(spent.cost_usd).div(finished);
  const left = batch.documents === null ? null : Math.max(0, batch.documents - finished);
  const elapsedMs = nowMs - batch.created_at_ms;
  return {
    ended: left === null ? null : left === 0,
    finished,
    failed: finished - answered,
    by_status: byStatus,
    in_review: inReview,
    spent,
    usd_per_document: perDocument === null ? null : toUsd(perDocument),
    rest:
      left === null || left === 0
        ? null
        : {
            documents: left,
            usd: perDocument === null ? null : toUsd(perDocument.times(left)),
            ms: finished === 0 ? null : Math.round((elapsedMs / finished) * left),
          },
  };
}
