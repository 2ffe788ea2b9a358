/**
 * Reads harness-reviews: the answers that are held, with what became of each,
 * by the same book that output-validate keeps, in one reading of the topic.
 */
import type { ReviewDecided, ReviewHeld, ReviewRecord } from "../../schemas/records/review.ts";
import { readReview } from "./read-review.ts";
import { ReviewBook, type Review } from "./review-book.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import { partitionOf } from "../runtime/kafka/murmur2.ts";

export const reviewsTopic = "harness-reviews";

type Reader = Pick<LogReader, "offsets" | "read">;

export interface HeldItem {
  readonly held: ReviewHeld;
  readonly review: Review;
  /** The decision that counts. */
  readonly decision: ReviewDecided | null;
}

/** What waits for a decision, the one that is due first in front. */
export async function openReviews(reader: Reader): Promise<readonly HeldItem[]> {
  const partitions = [...(await reader.offsets(reviewsTopic)).keys()];
  const found = await Promise.all(partitions.map((partition) => readPartition(reader, partition)));
  return found
    .flatMap((items) => [...items.values()])
    .filter(({ decision }) => decision === null)
    .toSorted((left, right) => left.held.due_at_ms - right.held.due_at_ms);
}

/** Null when no answer of the run is on the topic. */
export async function reviewOf(reader: Reader, runId: string): Promise<HeldItem | null> {
  const partition = partitionOf(runId, (await reader.offsets(reviewsTopic)).size);
  return (await readPartition(reader, partition, runId)).get(runId) ?? null;
}

/** Of all runs, answers that are decided are let go; of one run, everything stays. */
async function readPartition(reader: Reader, partition: number, runId?: string): Promise<Map<string, HeldItem>> {
  const book = new ReviewBook();
  const items = new Map<string, HeldItem>();
  const ends = (await reader.offsets(reviewsTopic)).get(partition);
  if (ends === undefined) return items;
  await reader.read({
    topic: reviewsTopic,
    ranges: [{ partition, from: ends.low, to: ends.high }],
    onRecord: ({ value, offset }) => {
      const record = recordIn(value);
      if (record === null || (runId !== undefined && record.run_id !== runId)) return;
      const standing = book.apply(record, offset);
      const review = book.get(record.run_id);
      const known = items.get(record.run_id);
      if (review === undefined) return;
      const held = record.kind === "review.held" ? (known?.held ?? record) : known?.held;
      if (held === undefined) return;
      const counts = standing.kind === "counts" && record.kind === "review.decided";
      if (counts && runId === undefined) items.delete(record.run_id);
      else items.set(record.run_id, { held, review, decision: counts ? record : (known?.decision ?? null) });
    },
  });
  return items;
}

/** What cannot be read is output-validate's to dead-letter. */
function recordIn(value: Buffer | null): ReviewRecord | null {
  try {
    return readReview(value);
  } catch {
    return null;
  }
}
