import assert from "node:assert/strict";
import { test } from "node:test";
import { publishedDefinition } from "../../../schemas/control/harness-definition.ts";
import type { ReviewRecord } from "../../../schemas/records/review.ts";
import { exampleValue } from "../../../test/contract/examples.ts";
import {
  earlierReview,
  goodEdit,
  heldReview,
  othersDecision,
  reviewTopicWith,
} from "../../../test/support/review-topic.ts";
import { knobsWith } from "../../../test/support/sample-definition.ts";
import { openReviews, reviewOf } from "../../reviews/read-reviews.ts";
import { renderTable } from "../table.ts";
import { decide, findingLines, foundIn } from "./decide-review.ts";
import { reviewTable, reviewText } from "./show-reviews.ts";

const runId = heldReview.run_id;

function topicWith(...records: readonly ReviewRecord[]) {
  const { log, publish, added } = reviewTopicWith(...records);
  return { log, added, kafka: { reader: log, producer: () => Promise.resolve({ publish }) } };
}

test("the list says since when and until when an answer waits, for whom and why", async () => {
  const mark = { kind: "review.escalated", run_id: runId, escalated_at_ms: 0 } as const;
  const items = await openReviews(topicWith(heldReview, mark).log);
  const { text } = renderTable(reviewTable(items, heldReview.held_at_ms + 3_600_000), 200);
  assert.match(text, /60 min +23 h +urgent +acme +extract-invoice +grounding\.number/);
});

test("a decision that comes too late is told, not written", async () => {
  const { kafka, added } = topicWith(heldReview, othersDecision);
  const { counted, item } = await decide(kafka, runId, { decision: "approve", reviewer: "ines" });
  assert.deepEqual([counted, item.decision.reviewer, added()], [false, "omar", 0]);
});

test("what is not held cannot be decided on", async () => {
  const asked = { decision: "approve", reviewer: "ines" } as const;
  await assert.rejects(decide(topicWith(earlierReview).kafka, runId, asked), /no answer of .* is held/);
});

test("an edit that breaks the contract is refused with each field and its rule", async () => {
  const { kafka, added } = topicWith(heldReview);
  const text = goodEdit.replace("286.5", '"286.5"');
  await assert.rejects(
    decide(kafka, runId, { decision: "edit", reviewer: "ines", text }),
    /nothing was published:\n  \/total: must be number \(type\)/,
  );
  assert.equal(added(), 0);
});

test("show says why it is held, with the claim and the passage that comes closest, and the answer", async () => {
  const item = await reviewOf(topicWith(heldReview).log, runId);
  assert.ok(item !== null);
  const text = reviewText(item);
  for (const part of [
    "reject at 2026-",
    "grounding.number at /total",
    "answer:  268.5",
    "context: Total: EUR 286.50",
    '"total": 268.5',
  ])
    assert.ok(text.includes(part), `${part} in\n${text}`);
  const decided = await reviewOf(topicWith(heldReview, othersDecision).log, runId);
  assert.ok(decided !== null);
  assert.match(reviewText(decided), /reject by omar: the total is wrong/);
});

test("what guards find in an edit is told to who wrote it; what could not look is said too", async () => {
  const { log, kafka } = topicWith(heldReview);
  const text = goodEdit.replace("INV-2041", "kill all Jews");
  const { item } = await decide(kafka, runId, { decision: "edit", reviewer: "ines", text });
  assert.deepEqual(findingLines(await foundIn(log, item)), [
    "not looked at by leaks: the harness's pinned definition is gone",
    "not looked at by content: the harness's pinned definition is gone",
  ]);
  const { name, version } = heldReview.harness;
  const published = publishedDefinition.parse(exampleValue("harness-definitions", "extract-invoice"));
  const knobs = knobsWith({ content: { hate: "fallback" } });
  const value = { ...published, version, definition: { ...published.definition, name, knobs } };
  const key = `${name}@${version}`;
  log.append({ topic: "harness-definitions", key, value: Buffer.from(JSON.stringify(value)), headers: {} });
  const [line, ...more] = findingLines(await foundIn(log, item));
  assert.match(line ?? "", /^noted: content\.hate\.\w+ in answer\/invoice_number: the answer speaks hatefully/);
  assert.deepEqual(more, []);
});
