import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkGrounding } from "../check-grounding.ts";

const swapped = (context: string, answer: string): readonly string[] =>
  checkGrounding(answer, [context])
    .filter(({ rule }) => rule === "grounding.swap")
    .map(({ span }) => answer.slice(span.start, span.end));

type Row = readonly [name: string, context: string, answer: string, first: string | null];
const rows: readonly Row[] = [
  ["who did it to whom", "Harlow beat Deane on Saturday.", "Deane beat Harlow on Saturday.", "Deane"],
  ["from where to where", "The train goes from Lyon to Paris.", "The train goes from Paris to Lyon.", "Paris"],
  ["how many there were and are", "It fell from 60 to 40 rooms.", "It fell from 40 to 60 rooms.", "40"],
  [
    "whose number is whose",
    "Ann Lee got 30 votes and Bo Marsh got 50.",
    "Ann Lee got 50 votes and Bo Marsh got 30.",
    "50",
  ],
  ["the passive is none", "Harlow beat Deane on Saturday.", "Deane was beaten by Harlow on Saturday.", null],
  ["the parts of a list may change places", "It has Ann Lee and Bo Marsh.", "It has Bo Marsh and Ann Lee.", null],
  ["nothing has moved", "It fell from 60 to 40 rooms.", "It fell from 60 to 40 rooms.", null],
  ["a sentence about something else", "It fell from 60 to 40 rooms.", "The price rose from 40 euros to 60.", null],
  [
    "what stands twice is left alone",
    "Harlow beat Deane, Deane beat Harlow.",
    "Deane beat Harlow, Harlow beat Deane.",
    null,
  ],
];
for (const [name, context, answer, first] of rows)
  test(`a swap: ${name}`, () => assert.deepEqual(swapped(context, answer), first === null ? [] : [first]));

test("two numbers that change places are a swap, whatever they are, and none when they stay", () => {
  const number = fc.integer({ min: 20, max: 900 });
  fc.assert(
    fc.property(number, number, (from, to) => {
      fc.pre(from !== to);
      const context = `The number of rooms fell from ${from} to ${to} within the year.`;
      assert.deepEqual(swapped(context, context), []);
      assert.equal(swapped(context, `The number of rooms fell from ${to} to ${from} within the year.`).length, 1);
    }),
  );
});
