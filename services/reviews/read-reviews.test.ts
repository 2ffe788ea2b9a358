import assert from "node:assert/strict";
import { test } from "node:test";
import { earlierReview, heldReview, othersDecision, reviewTopicWith } from "../../test/support/review-topic.ts";
import { openReviews, reviewOf } from "./read-reviews.ts";

const idsOf = (items: Awaited<ReturnType<typeof openReviews>>): readonly string[] =>
  items.map(({ held: { run_id: id } }) => id);

test("what waits is found, the one that is due first in front; what is decided is not", async () => {
  const both = reviewTopicWith(heldReview, earlierReview);
  assert.deepEqual(idsOf(await openReviews(both.log)), [earlierReview.run_id, heldReview.run_id]);
  const decided = reviewTopicWith(heldReview, othersDecision, earlierReview);
  assert.deepEqual(idsOf(await openReviews(decided.log)), [earlierReview.run_id]);
});

test("what has waited long is marked", async () => {
  const mark = { kind: "review.escalated", run_id: heldReview.run_id, escalated_at_ms: 0 } as const;
  const [item] = await openReviews(reviewTopicWith(heldReview, mark).log);
  assert.equal(item?.review.escalated, true);
});

test("one run is found with the decision that counts, or not at all", async () => {
  const late = { ...othersDecision, decision_id: "late", decision: "approve", reviewer: "ines" } as const;
  const { log } = reviewTopicWith(heldReview, othersDecision, late);
  const item = await reviewOf(log, heldReview.run_id);
  assert.deepEqual([item?.held.run_id, item?.decision?.reviewer], [heldReview.run_id, "omar"]);
  assert.equal(await reviewOf(log, earlierReview.run_id), null);
});
