/** A batch as the API shows it: what was taken in, and how far it is. */
import { z } from "zod";
import { resultStatus } from "../../../../schemas/parts/codes.ts";
import { spend } from "../../../../schemas/parts/usage.ts";
import type { KnownBatch } from "../desk/batch-book.ts";
import type { BatchProgress } from "./batch-ledger.ts";

export const batchView = z
  .object({
    batch_id: z.uuid(),
    harness: z.string(),
    version: z.string().describe("Of the harness, for all of its runs"),
    feature: z.string().optional(),
    documents: z.int().describe("Runs of the batch"),
    duplicates: z.int().describe("Lines with the same bytes as an earlier one: they are no runs of their own"),
    complete: z
      .boolean()
      .describe(
        "Every run was acknowledged; false when the upload was cut off: send it again under its Idempotency-Key",
      ),
    created_at_ms: z.int(),
    deadline_at_ms: z.int().describe("What is not paid by then ends as expired"),
  })
  .describe("A batch");

export const batchStatus = batchView
  .extend({
    ended: z.boolean().describe("Every run has its result"),
    finished: z.int(),
    by_status: z.partialRecord(resultStatus, z.int()).describe("Runs that have their result, by its status"),
    in_review: z.int().describe("Runs whose answer waits for a person"),
    spent: spend.describe("Of all its calls so far"),
  })
  .describe("A batch and how far it is, by the ledger, which follows by a second or two");

export function viewOfBatch({ taken, isPublished }: KnownBatch): z.infer<typeof batchView> {
  const { batch_id, harness, feature, documents, duplicates, created_at_ms, deadline_at_ms } = taken;
  return {
    batch_id,
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

export function statusOfBatch(
  batch: KnownBatch,
  { byStatus, inReview, spent }: BatchProgress,
): z.infer<typeof batchStatus> {
  const finished = Object.values(byStatus).reduce((total, runs) => total + runs, 0);
  const view = viewOfBatch(batch);
  return { ...view, ended: finished >= view.documents, finished, by_status: byStatus, in_review: inReview, spent };
}
