/** harness-reviews in memory, with an answer that is held and others' decisions about it. */
import { reviewHeld, type ReviewDecided, type ReviewRecord } from "../../schemas/records/review.ts";
import { reviewsTopic } from "../../services/reviews/read-reviews.ts";
import type { Publish } from "../../services/runtime/stage.ts";
import { exampleValue } from "../contract/examples.ts";
import { MemoryLog } from "../pipeline/memory-log.ts";

export const heldReview = reviewHeld.parse(exampleValue("harness-reviews", "held"));

/** Due a second before it. */
export const earlierReview = {
  ...heldReview,
  run_id: "019aa0f1-2c00-7000-8000-0000000000e1",
  due_at_ms: heldReview.due_at_ms - 1000,
};

/** An output that keeps its contract. */
export const goodEdit = '{"invoice_number":"INV-2041","date":"2026-03-04","currency":"EUR","total":286.5}';

export const othersDecision: ReviewDecided = {
  kind: "review.decided",
  run_id: heldReview.run_id,
  decision_id: "another",
  decision: "reject",
  reviewer: "omar",
  reason: "the total is wrong",
  decided_at_ms: heldReview.held_at_ms + 1000,
};

export interface ReviewTopic {
  readonly log: MemoryLog;
  readonly append: (record: ReviewRecord) => void;
  readonly publish: Publish;
  /** How many records came to those that the topic began with. */
  readonly added: () => number;
}

export function reviewTopicWith(...records: readonly ReviewRecord[]): ReviewTopic {
  const log = new MemoryLog(3);
  const write = (value: unknown, key: string): void =>
    void log.append({ topic: reviewsTopic, key, value: Buffer.from(JSON.stringify(value)), headers: {} });
  for (const record of records) write(record, record.run_id);
  return {
    log,
    append: (record) => write(record, record.run_id),
    publish: async (emissions) => {
      for (const { key, value } of emissions) write(value, key);
      return [];
    },
    added: () => log.records(reviewsTopic).length - records.length,
  };
}
