import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, GuardReport } from "../../../schemas/parts/finding.ts";
import type { JsonValue } from "../../guards/output/json-value.ts";
import { excerptsOf } from "./excerpts.ts";

const context = ["The rope was sold.", "It was sold in 1841 for 12 pounds."];

function found(finding: Partial<Finding>): GuardReport {
  const whole: Finding = { rule: "grounding.number", version: "1", severity: "high", field: "answer", ...finding };
  return { guard: "grounding", verdict: "flagged", findings: [whole] };
}

const text = "It was sold in 1842. All agree.";
const cases: readonly (readonly [name: string, report: GuardReport, output: JsonValue, expected: object[]])[] = [
  ["a finding without a place has none", found({}), text, []],
  [
    "without a claim, the words that were found",
    found({ span: { start: 15, end: 19 } }),
    text,
    [{ rule: "grounding.number", field: "answer", claim: "1842" }],
  ],
  [
    "the claim around them, and the passage that comes closest",
    found({
      span: { start: 15, end: 19 },
      claim: { start: 0, end: 20 },
      evidence: { context: 1, span: { start: 0, end: 19 } },
    }),
    text,
    [
      {
        rule: "grounding.number",
        field: "answer",
        claim: "It was sold in 1842.",
        passage: "It was sold in 1841",
      },
    ],
  ],
  [
    "within a JSON answer, in its own field",
    found({ field: "answer/lines/1", span: { start: 0, end: 3 } }),
    { lines: ["one", "two of them"] },
    [{ rule: "grounding.number", field: "answer/lines/1", claim: "two" }],
  ],
  ["a field that is not there is left out", found({ field: "answer/x", span: { start: 0, end: 3 } }), text, []],
];
for (const [name, report, output, expected] of cases) {
  test(name, () => assert.deepEqual(excerptsOf([report], { output, calls: [] }, context), expected));
}

test("twenty at most, each cut to 400 characters and never within one", () => {
  const long = `${"a".repeat(399)}\u{1F600}${"b".repeat(100)}`;
  const report = found({ span: { start: 0, end: long.length } });
  const many = excerptsOf(
    Array.from({ length: 30 }, () => report),
    { output: long, calls: [] },
    [],
  );
  assert.equal(many.length, 20);
  assert.equal(many[0]?.claim, `${"a".repeat(399)} ...`);
});
