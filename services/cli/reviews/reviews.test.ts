import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleValue } from "../../../test/contract/examples.ts";
import { MemoryLog } from "../../../test/pipeline/memory-log.ts";
import { reviewHeld, type ReviewDecided, type ReviewRecord } from "../../../schemas/records/review.ts";
import type { Publish } from "../../runtime/stage.ts";
import { publishedDefinition } from "../../../schemas/control/harness-definition.ts";
import { knobsWith } from "../../../test/support/sample-definition.ts";
import { renderTable } from "../table.ts";
import { decide, editedOutput, findingLines, foundIn } from "./decide-review.ts";
import { openReviews, reviewOf, reviewsTopic } from "./read-reviews.ts";
import { reviewTable, reviewText } from "./show-reviews.ts";

const held = reviewHeld.parse(exampleValue("harness-reviews", "held"));
const runId = held.run_id;
const earlier = { ...held, run_id: "019aa0f1-2c00-7000-8000-0000000000e1", due_at_ms: held.due_at_ms - 1000 };
const other: ReviewDecided = {
  kind: "review.decided",
  run_id: runId,
  decision_id: "another",
  decision: "reject",
  reviewer: "omar",
  reason: "the total is wrong",
  decided_at_ms: held.held_at_ms + 1000,
};

function topicWith(...records: readonly ReviewRecord[]) {
  const log = new MemoryLog(3);
  const append = (value: unknown, key: string): void =>
    void log.append({ topic: reviewsTopic, key, value: Buffer.from(JSON.stringify(value)), headers: {} });
  for (const record of records) append(record, record.run_id);
  const publish: Publish = async (emissions) => {
    for (const { key, value } of emissions) append(value, key);
    return [];
  };
  /** `first`: what another writes at the last moment. */
  const kafka = (first?: ReviewRecord) => ({
    reader: log,
    producer: async () => {
      if (first !== undefined) append(first, first.run_id);
      return { publish };
    },
  });
  return { log, kafka, decided: () => log.records(reviewsTopic).length - records.length };
}

const approve = { decision: "approve", reviewer: "ines", reason: "fine" } as const;

test("what waits is listed, the one that is due first in front; what is decided is not", async () => {
  const { log } = topicWith(held, earlier);
  assert.deepEqual(
    (await openReviews(log)).map(({ held: { run_id } }) => run_id),
    [earlier.run_id, runId],
  );
  const decided = topicWith(held, other, earlier);
  assert.equal((await openReviews(decided.log)).length, 1);
  const escalated = { kind: "review.escalated", run_id: runId, escalated_at_ms: 0 } as const;
  const [item, ...more] = await openReviews(topicWith(held, escalated).log);
  assert.deepEqual(more, []);
  assert.ok(item !== undefined);
  const { text } = renderTable(reviewTable([item], held.held_at_ms + 3_600_000), 200);
  assert.match(text, /60 min +23 h +urgent +acme +extract-invoice +grounding\.number/);
});

test("a decision counts when it is the first", async () => {
  const topic = topicWith(held);
  const { counted, item } = await decide(topic.kafka(), runId, approve);
  assert.deepEqual([counted, item.decision?.decision, item.decision?.reviewer], [true, "approve", "ines"]);
});

test("it is not written when another was first, and said to be late when another was faster", async () => {
  const topic = topicWith(held, other);
  assert.equal((await decide(topic.kafka(), runId, approve)).counted, false);
  assert.equal(topic.decided(), 0);
  const racing = topicWith(held);
  const { counted, item } = await decide(racing.kafka(other), runId, approve);
  assert.deepEqual([counted, item.decision?.reviewer, racing.decided()], [false, "omar", 2]);
});

test("what is not held cannot be decided on", async () => {
  await assert.rejects(decide(topicWith(earlier).kafka(), runId, approve), /no answer of .* is held/);
});

const { contract } = held;
const good = '{"invoice_number":"INV-2041","date":"2026-03-04","currency":"EUR","total":286.5}';
const cases: readonly (readonly [name: string, text: string, format: "text" | "json", says: RegExp | null])[] = [
  ["JSON that keeps the contract", good, "json", null],
  ["a text, without its last line end", "In short.\n", "text", null],
  ["what is no JSON", "In short.", "json", /not valid JSON/],
  ["a key that is there twice", good.replace("{", '{"total":1,'), "json", /same key/],
  [
    "a field of another type is named with its rule",
    good.replace("286.5", '"286.5"'),
    "json",
    /\/total: must be number \(type\)/,
  ],
  ["a blank text", " \n", "text", /the answer is blank/],
];
for (const [name, text, format, says] of cases) {
  test(`an edit: ${name}`, () => {
    const rules = format === "text" ? { format, maxTokens: 10 } : contract;
    if (says === null)
      assert.equal(JSON.stringify(editedOutput(text, rules)), format === "text" ? '"In short."' : good);
    else assert.throws(() => editedOutput(text, rules), says);
  });
}

test("an edit that breaks the contract is not published; one that keeps it is released as written", async () => {
  const topic = topicWith(held);
  const edit = { decision: "edit", reviewer: "ines" } as const;
  await assert.rejects(decide(topic.kafka(), runId, { ...edit, text: "{}" }), /nothing was published/);
  assert.equal(topic.decided(), 0);
  const { counted, item } = await decide(topic.kafka(), runId, { ...edit, text: good });
  assert.deepEqual([counted, item.decision?.output], [true, { plain: JSON.parse(good) }]);
});

test("show says why it is held, with the claim and the passage that comes closest, and the answer", async () => {
  const item = await reviewOf(topicWith(held).log, runId);
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
  const decided = await reviewOf(topicWith(held, other).log, runId);
  assert.ok(decided !== null);
  assert.match(reviewText(decided), /reject by omar: the total is wrong/);
});

test("what guards find in an edit is told to who wrote it; what could not look is said too", async () => {
  const { log, kafka } = topicWith(held);
  const text = good.replace("INV-2041", "kill all Jews");
  const { item } = await decide(kafka(), runId, { decision: "edit", reviewer: "ines", text });
  assert.deepEqual(findingLines(await foundIn(log, item)), [
    "not looked at by leaks: the harness's pinned definition is gone",
    "not looked at by content: the harness's pinned definition is gone",
  ]);
  const { name, version } = held.harness;
  const published = publishedDefinition.parse(exampleValue("harness-definitions", "extract-invoice"));
  const knobs = knobsWith({ content: { hate: "fallback" } });
  const value = { ...published, version, definition: { ...published.definition, name, knobs } };
  const key = `${name}@${version}`;
  log.append({ topic: "harness-definitions", key, value: Buffer.from(JSON.stringify(value)), headers: {} });
  const [line, ...more] = findingLines(await foundIn(log, item));
  assert.match(line ?? "", /^noted: content\.hate\.\w+ in answer\/invoice_number: the answer speaks hatefully/);
  assert.deepEqual(more, []);
});
