import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AnswerTimes, answerWindow } from "./answer-times.ts";

function p95Of(times: readonly number[]): number | undefined {
  const answers = new AnswerTimes();
  for (const tookMs of times) answers.note(tookMs);
  return answers.p95();
}

test("a model with few answers has no slow ones yet", () => {
  const few = Array.from({ length: answerWindow.least - 1 }, () => 100);
  assert.equal(p95Of(few), undefined);
  assert.equal(p95Of([...few, 100]), 100);
});

test("of a hundred answers five took longer", () => {
  assert.equal(p95Of(Array.from({ length: 100 }, (_, index) => 100 - index)), 95);
});

test("only the last answers count", () => {
  assert.equal(p95Of([...Array.from({ length: 500 }, () => 9000), ...Array.from({ length: 200 }, () => 10)]), 10);
});

test("at most one of twenty answers took longer, and it is one of them", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60_000), { minLength: answerWindow.least, maxLength: 400 }), (times) => {
      const last = times.slice(-answerWindow.size);
      const p95 = p95Of(times) ?? -1;
      assert.ok(last.includes(p95));
      assert.ok(last.filter((tookMs) => tookMs > p95).length <= last.length / 20);
    }),
  );
});
