import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { earlierReview, heldReview, othersDecision, reviewTopicWith } from "../../../test/support/review-topic.ts";
import type { ReviewRecord } from "../../../schemas/records/review.ts";
import { reviewRetentionMs } from "../../../topics/retention.ts";
import { openReviews, reviewOf } from "../../reviews/read-reviews.ts";
import { openLiveReviews, type LiveReviews } from "./live-reviews.ts";

const opened: LiveReviews[] = [];
afterEach(async () => {
  for (const reviews of opened.splice(0)) await reviews.close();
});

async function follow(records: readonly ReviewRecord[], nowMs = () => heldReview.held_at_ms) {
  const topic = reviewTopicWith(...records);
  const reviews = await openLiveReviews({ reader: topic.log, nowMs });
  opened.push(reviews);
  return { ...topic, reviews, ids: () => reviews.waiting().map(({ run_id: id }) => id) };
}

test("what waits is known when it opens, due first in front, and follows the topic", async () => {
  const { ids, append, reviews } = await follow([heldReview]);
  assert.deepEqual(ids(), [heldReview.run_id]);
  append(earlierReview);
  assert.deepEqual(ids(), [earlierReview.run_id, heldReview.run_id]);
  append({ kind: "review.escalated", run_id: heldReview.run_id, escalated_at_ms: 0 });
  assert.deepEqual(
    reviews.waiting().map(({ escalated }) => escalated),
    [false, true],
  );
  append(othersDecision);
  assert.deepEqual(ids(), [earlierReview.run_id]);
});

test("one is found with its content and its decision, as a reading of the whole topic finds it", async () => {
  const { reviews, log, append } = await follow([heldReview, earlierReview]);
  assert.deepEqual(await reviews.find(heldReview.run_id), await reviewOf(log, heldReview.run_id));
  append(othersDecision);
  const found = await reviews.find(heldReview.run_id);
  assert.deepEqual(found, await reviewOf(log, heldReview.run_id));
  assert.equal(found?.decision?.reviewer, "omar");
  assert.equal((await openReviews(log)).length, reviews.waiting().length);
});

test("what is nowhere is null, and what is no review changes nothing", async () => {
  const { reviews, log, ids } = await follow([heldReview]);
  log.append({ topic: "harness-reviews", key: heldReview.run_id, value: Buffer.from("{}"), headers: {} });
  log.append({ topic: "harness-reviews", key: heldReview.run_id, value: null, headers: {} });
  assert.deepEqual(ids(), [heldReview.run_id]);
  assert.equal(await reviews.find(earlierReview.run_id), null);
});

test("what has left the topic is null", async () => {
  const topic = reviewTopicWith(heldReview);
  const reader = {
    offsets: topic.log.offsets,
    follow: topic.log.follow,
    recordAt: () => Promise.resolve(null),
  };
  const reviews = await openLiveReviews({ reader, nowMs: Date.now });
  opened.push(reviews);
  assert.equal(await reviews.find(heldReview.run_id), null);
});

test("a search waits until the topic's end has been read, and so sees what was written before it", async () => {
  const topic = reviewTopicWith(heldReview);
  const late = Promise.withResolvers<void>();
  /** A follower that hears of nothing new until it is let. */
  const reader = {
    offsets: topic.log.offsets,
    recordAt: topic.log.recordAt,
    follow: (request: Parameters<typeof topic.log.follow>[0]) => {
      let isOpen = false;
      const waiting: (() => void)[] = [];
      const later = (work: () => void): void => void (isOpen ? work() : waiting.push(work));
      const following = topic.log.follow({
        ...request,
        onRecord: (record) => (caughtUp ? later(() => void request.onRecord(record)) : request.onRecord(record)),
        onPosition: (partition, next) =>
          caughtUp ? later(() => request.onPosition?.(partition, next)) : request.onPosition?.(partition, next),
        onCaughtUp: () => {
          caughtUp = true;
          request.onCaughtUp?.();
        },
      });
      void late.promise.then(() => {
        isOpen = true;
        for (const work of waiting) work();
      });
      return following;
    },
  };
  let caughtUp = false;
  const reviews = await openLiveReviews({ reader, nowMs: Date.now });
  opened.push(reviews);
  topic.append(othersDecision);
  let isDone = false;
  const searching = reviews.find(heldReview.run_id).finally(() => (isDone = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isDone, false);
  late.resolve();
  assert.equal((await searching)?.decision?.reviewer, "omar");
});

test("what was decided is forgotten when the topic forgets it; what waits is not", async () => {
  let nowMs = heldReview.held_at_ms;
  const { reviews, append, ids } = await follow([heldReview, othersDecision, earlierReview], () => nowMs);
  nowMs += reviewRetentionMs + 1;
  append({ ...earlierReview, run_id: "019aa0f1-2c00-7000-8000-0000000000e2" });
  assert.equal(await reviews.find(heldReview.run_id), null);
  assert.equal(ids().length, 2);
});
