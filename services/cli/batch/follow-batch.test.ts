import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import { exampleValue } from "../../../test/contract/examples.ts";
import { resultOf, uuid } from "../../../test/support/ledger-records.ts";
import { MemoryTopic } from "../../../test/support/memory-topic.ts";
import { reviewHeld } from "../../../schemas/records/review.ts";
import { followBatch, type Followed } from "./follow-batch.ts";
import { ResultCollector } from "./result-collector.ts";

const example = reviewHeld.parse(exampleValue("harness-reviews", "held"));

/** The two topics, and a batch of two runs that follows them. */
async function follow(before: readonly object[] = []) {
  const there = before.map((record) => [null, JSON.stringify(record)] as const);
  const topics = { "harness-results": new MemoryTopic(), "harness-reviews": new MemoryTopic(there) };
  const topicOf = (name: string): MemoryTopic => topics[name === "harness-results" ? name : "harness-reviews"];
  const reader: Followed["reader"] = {
    offsets: (name) => topicOf(name).offsets(),
    follow: (options) => topicOf(options.topic).follow(options),
  };
  const seen: (readonly [ended: number, inReview: number])[] = [];
  const collector = new ResultCollector({
    open: [1, 2].map((run) => ({
      name: `${run}.txt`,
      sha256: "0",
      runId: uuid(run),
      duplicateOf: undefined,
      notes: [],
    })),
    results: new Map(),
    written: { append: () => Promise.resolve() },
    onProgress: ({ tally, inReview }) => seen.push([tally.ok, inReview]),
  });
  const start = { result_starts: {}, review_starts: {} };
  const following = await followBatch({ reader, start, collector, signal: new AbortController().signal });
  const end = (run: number, fields: Partial<RunResult> = {}): void =>
    topics["harness-results"].append(uuid(run), JSON.stringify(resultOf(run, fields)));
  const review = (record: object): void => topics["harness-reviews"].append(null, JSON.stringify(record));
  return { seen, collector, following, topics, end, review };
}

const held = (run: number): object => ({ ...example, run_id: uuid(run) });

test("a run in review is told until its result is there", async () => {
  const { seen, following, collector, end, review } = await follow();
  review(held(1));
  review(held(1));
  end(1, { status: "released" });
  end(2);
  await collector.complete;
  await following.stop();
  assert.deepEqual(seen, [
    [0, 0],
    [0, 1],
    [1, 0],
    [2, 0],
  ]);
});

test("an answer that was held before the batch went on is told; one that has its result is not", async () => {
  const { seen, following, end, review } = await follow([held(2)]);
  assert.deepEqual(seen.at(-1), [0, 1]);
  end(2);
  review(held(2));
  assert.deepEqual(seen.at(-1), [1, 0]);
  await following.stop();
});

test("runs of others, decisions, marks and what cannot be read are no runs in review", async () => {
  const { seen, following, topics, review } = await follow();
  review(held(3));
  for (const name of ["decided-approve", "escalated"] as const)
    review({ ...Object(exampleValue("harness-reviews", name)), run_id: uuid(1) });
  for (const value of ["{", null]) topics["harness-reviews"].append(uuid(1), value);
  assert.deepEqual(seen, [[0, 0]]);
  await following.stop();
});

test("a reading of either topic that fails ends the batch", async () => {
  for (const topic of ["harness-results", "harness-reviews"] as const) {
    const { collector, topics } = await follow();
    topics[topic].fail(new Error(`${topic} is gone`));
    await assert.rejects(collector.complete, new RegExp(topic));
  }
});
