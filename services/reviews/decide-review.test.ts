import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReviewRecord } from "../../schemas/records/review.ts";
import {
  earlierReview,
  goodEdit,
  heldReview,
  othersDecision,
  reviewTopicWith,
} from "../../test/support/review-topic.ts";
import { decideReview, type ReviewDesk } from "./decide-review.ts";
import { openReviews, reviewOf } from "./read-reviews.ts";

const runId = heldReview.run_id;
const approve = { decision: "approve", reviewer: "ines", reason: "fine" } as const;

/** `first`: what another writes at the last moment. */
function deskOver(records: readonly ReviewRecord[], first?: ReviewRecord) {
  const topic = reviewTopicWith(...records);
  const desk: ReviewDesk = {
    find: (id) => reviewOf(topic.log, id),
    publish: (emissions) => {
      if (first !== undefined) topic.append(first);
      return topic.publish(emissions);
    },
    nowMs: () => heldReview.held_at_ms + 5000,
  };
  return { desk, ...topic };
}

test("a decision is written and is the one that counts", async () => {
  const { desk, log } = deskOver([heldReview]);
  const outcome = await decideReview(desk, runId, approve);
  assert.ok(outcome.kind === "counts");
  const { decision, reviewer, reason, decided_at_ms } = outcome.item.decision;
  assert.deepEqual([decision, reviewer, reason], ["approve", "ines", "fine"]);
  assert.equal(decided_at_ms, heldReview.held_at_ms + 5000);
  assert.deepEqual(await openReviews(log), []);
});

test("what was decided before is not decided again, and who was first is told", async () => {
  const { desk, added } = deskOver([heldReview, othersDecision]);
  const outcome = await decideReview(desk, runId, approve);
  assert.ok(outcome.kind === "too_late");
  assert.deepEqual([outcome.item.decision.reviewer, added()], ["omar", 0]);
});

test("of two at the same moment the first by offset counts, and the other is told", async () => {
  const { desk, added } = deskOver([heldReview], othersDecision);
  const outcome = await decideReview(desk, runId, approve);
  assert.ok(outcome.kind === "too_late");
  assert.deepEqual([outcome.item.decision.reviewer, added()], ["omar", 2]);
});

test("a run of which nothing is held is unknown", async () => {
  const { desk, added } = deskOver([earlierReview]);
  assert.deepEqual([await decideReview(desk, runId, approve), added()], [{ kind: "unknown" }, 0]);
});

test("an edit of a data subject's answer names them, so that it is sealed for them", async () => {
  const { desk } = deskOver([{ ...heldReview, subject_id: "ann" }]);
  const outcome = await decideReview(desk, runId, { decision: "edit", reviewer: "ines", text: goodEdit });
  assert.ok(outcome.kind === "counts");
  const { client_id, subject_id } = outcome.item.decision;
  assert.deepEqual([client_id, subject_id], [heldReview.client_id, "ann"]);
});

test("an edit of an answer that ends by itself says when, so that it ends with it", async () => {
  const { desk } = deskOver([{ ...heldReview, content_until_ms: 5000 }]);
  const outcome = await decideReview(desk, runId, { decision: "edit", reviewer: "ines", text: goodEdit });
  assert.ok(outcome.kind === "counts");
  const { client_id, content_until_ms } = outcome.item.decision;
  assert.deepEqual([client_id, content_until_ms], [heldReview.client_id, 5000]);
});

test("a broken edit is not written; a good one is, as it was written", async () => {
  const { desk, added } = deskOver([heldReview]);
  const edit = { decision: "edit", reviewer: "ines" } as const;
  for (const text of [undefined, "", "{}", "no JSON"]) {
    const outcome = await decideReview(desk, runId, { ...edit, text });
    assert.ok(outcome.kind === "broken" && outcome.reasons.length > 0, text);
  }
  assert.equal(added(), 0);
  const outcome = await decideReview(desk, runId, { ...edit, text: goodEdit });
  assert.ok(outcome.kind === "counts");
  assert.deepEqual(outcome.item.decision.output, { plain: JSON.parse(goodEdit) });
});
