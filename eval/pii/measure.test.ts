/** The measure itself, on texts whose figures can be counted by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { LabelledSpan, LabelledText } from "./labelled-text.ts";
import { measurePii } from "./measure.ts";

const label = (entity: LabelledSpan["entity"], start: number, end: number): LabelledSpan => ({ entity, start, end });
const texts: readonly LabelledText[] = [
  { text: "card 4111", spans: [label("card", 5, 9)], kind: "card" },
  { text: "card 4222", spans: [label("card", 5, 9)], kind: "card" },
  { text: "mail a@b.co", spans: [label("email", 5, 11)], kind: "email" },
  { text: "nothing", spans: [], kind: "none" },
  { text: "version 1.2", spans: [], kind: "none" },
];
const figures = (answers: Readonly<Record<string, readonly LabelledSpan[]>>) =>
  measurePii((text) => answers[text] ?? [], texts);

test("nothing found: no recall, nothing wrong", () => {
  const { entities, hardNegatives } = figures({});
  const card = entities.find(({ entity }) => entity === "card");
  assert.deepEqual([card?.labelled, card?.recall, card?.precision], [2, 0, 1]);
  assert.deepEqual(hardNegatives, { texts: 2, redacted: 0, rate: 0 });
});

test("found in part, found as another kind, and found where nothing is", () => {
  const { entities, hardNegatives } = figures({
    "card 4111": [label("card", 5, 9)],
    "card 4222": [label("ssn", 5, 9)],
    "version 1.2": [label("card", 8, 11)],
  });
  const card = entities.find(({ entity }) => entity === "card");
  assert.deepEqual([card?.found, card?.reported, card?.covered], [1, 2, 2]);
  assert.deepEqual([card?.recall, card?.precision], [0.5, 0.5]);
  const ssn = entities.find(({ entity }) => entity === "ssn");
  assert.deepEqual([ssn?.labelled, ssn?.precision], [0, 0]);
  assert.equal(hardNegatives.rate, 0.5);
});

test("a span must cover half of the label, and the label half of it", () => {
  const recall = (start: number, end: number) =>
    figures({ "mail a@b.co": [label("email", start, end)] }).entities.find(({ entity }) => entity === "email")?.recall;
  assert.equal(recall(5, 8), 1);
  assert.equal(recall(5, 7), 0);
  assert.equal(recall(0, 11), 1);
});

test("a value is covered only when none of it would stand", () => {
  const covered = (spans: readonly LabelledSpan[]) =>
    figures({ "mail a@b.co": spans }).entities.find(({ entity }) => entity === "email")?.covered;
  assert.equal(covered([label("email", 5, 10)]), 0);
  assert.equal(covered([label("ssn", 4, 8), label("card", 8, 11)]), 1);
});
