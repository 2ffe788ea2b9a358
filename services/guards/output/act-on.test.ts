import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutputAction } from "../../../schemas/control/harness-definition.ts";
import { actOn, mostFindings, type Judged } from "./act-on.ts";

function found(rule: string, action: OutputAction, field = "answer"): Judged {
  return { finding: { rule, version: "1", severity: "high", field, message: `${rule} is there` }, action };
}

const cases: readonly (readonly [name: string, judged: readonly Judged[], verdict: string, action: string | null])[] = [
  ["nothing found: it passes", [], "passed", null],
  ["what the policy ignores is not listed", [found("a", "off")], "passed", null],
  ["what is flagged goes on", [found("a", "flag")], "flagged", null],
  ["what is asked again about has failed", [found("a", "flag"), found("b", "retry")], "failed", "retry"],
  ["what a person is to look at is flagged", [found("a", "flag"), found("b", "review")], "flagged", "review"],
  ["it is asked again before a person looks", [found("a", "review"), found("b", "retry")], "failed", "retry"],
  ["the strictest action holds", [found("a", "fallback"), found("b", "retry")], "blocked", "fallback"],
];
for (const [name, judged, verdict, action] of cases) {
  test(name, () => {
    const said = actOn("g", ["flag"], () => judged);
    assert.deepEqual([said.report.verdict, said.action], [verdict, action]);
    assert.ok(said.report.findings.every((finding) => finding.action !== "off"));
  });
}

test("a guard that no policy asks for is off, and does not look", () => {
  const said = actOn("g", ["off", "off"], () => assert.fail("it looked"));
  assert.deepEqual([said.report.verdict, said.action, said.reasons, said.review], ["off", null, [], []]);
});

test("reasons name what is acted on, with the place in the answer", () => {
  const judged = [found("a", "flag"), found("b", "retry", "answer/items/0"), found("c", "review")];
  const { reasons, review } = actOn("g", ["retry"], () => judged);
  assert.deepEqual(reasons, [{ code: "b", message: "b is there", path: "/items/0" }]);
  assert.deepEqual(review, [{ code: "c", message: "c is there" }]);
});

test("a report lists so many findings at most, the weightiest first, and says how many more there are", () => {
  const many = Array.from({ length: mostFindings + 5 }, () => found("a", "flag"));
  const { report, reasons } = actOn("g", ["retry"], () => [...many, found("b", "retry")]);
  assert.equal(report.findings.length, mostFindings);
  assert.equal(report.findings[0]?.rule, "b");
  assert.equal(report.detail, "6 more findings are not listed");
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ["b"],
  );
});
