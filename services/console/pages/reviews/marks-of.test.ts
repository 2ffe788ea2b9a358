import assert from "node:assert/strict";
import { test } from "node:test";
import { marksOf } from "./marks-of.ts";

const finding = { rule: "r", version: "1", severity: "low" } as const;
const reports = (...findings: readonly object[]) => [
  { guard: "g", verdict: "flagged" as const, findings: findings.map((found) => ({ ...finding, ...found })) },
];
const span = { start: 1, end: 3 };

for (const [name, output, found, expected] of [
  ["a finding's passage is marked with its rule", "answer", { span }, [{ ...span, label: "r" }]],
  [
    "the claim rather than its part",
    "answer",
    { span, claim: { start: 0, end: 5 } },
    [{ start: 0, end: 5, label: "r" }],
  ],
  ["a finding without a place marks nothing", "answer", {}, []],
  ["one of another field neither", "answer", { span, field: "call/q" }, []],
  ["structured output has no marks", { total: 1 }, { span }, []],
] as const) {
  test(name, () => assert.deepEqual(marksOf(output, reports(found)), expected));
}
