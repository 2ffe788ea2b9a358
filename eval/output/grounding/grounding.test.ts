import assert from "node:assert/strict";
import { test } from "node:test";
import { measureGrounding } from "../grounding.ts";
import { readCases, readHaluEval } from "./rows.ts";
import { areaUnderCurve, recallAt, scoreAnswer } from "./score-answer.ts";
import { speechRows } from "./speeches.ts";

test("our own cases come in pairs, an honest one and another, in each kind", () => {
  const cases = readCases();
  assert.ok(cases.length >= 120);
  for (const [kind, rows] of Map.groupBy(cases, (row) => row.kind)) {
    const honest = rows.filter(({ label }) => label === 0).length;
    assert.equal(honest * 2, rows.length, kind);
  }
});

test("the halves of HaluEval share no answer", () => {
  const dev = new Set(readHaluEval("dev").map(({ answer }) => answer));
  assert.ok(dev.size > 100);
  assert.ok(readHaluEval("test").every(({ answer }) => !dev.has(answer)));
});

test("an answer made of a speech is in its context, and another speech's is not", () => {
  for (const { kind, answer, context } of speechRows("dev"))
    assert.equal(context[0]?.includes(answer), kind !== "other speech");
});

test("scores are judged by their order", () => {
  const scored = [
    { wanted: true, score: 0.9 },
    { wanted: true, score: 0.4 },
    { wanted: false, score: 0.5 },
    { wanted: false, score: 0.1 },
  ];
  assert.equal(areaUnderCurve(scored), 0.75);
  assert.equal(recallAt(scored, 0.05), 0.5);
  assert.equal(recallAt(scored, 0.5), 1);
});

test("an answer scores as its worst sentence", () => {
  const context = ["The bridge was opened in 1932."];
  assert.ok(scoreAnswer("The bridge was opened in 1932. It cost $9 million.", context) > 0.8);
  assert.ok(scoreAnswer("The bridge was opened in 1932.", context) < 0.3);
});

test("every kind of our own cases has its figures", () => {
  const names = measureGrounding("test").map(({ name }) => name);
  for (const { kind } of readCases()) assert.ok(names.includes(`output/grounding/own/${kind}/recall`), kind);
});
