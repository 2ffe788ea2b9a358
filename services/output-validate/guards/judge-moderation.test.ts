import assert from "node:assert/strict";
import { test } from "node:test";
import { contentCategory, type ContentCategory } from "../../../schemas/parts/codes.ts";
import { knobsWith } from "../../../test/support/sample-definition.ts";
import { judgeModeration, wantsOpinion, type Opinion } from "./judge-moderation.ts";

const pieces = [
  { field: "answer/title", text: "one" },
  { field: "answer/body", text: "two" },
];

/** Of each piece, what is flagged in it and how surely. */
function given(...flagged: readonly Partial<Record<ContentCategory, number>>[]): Opinion {
  const verdicts = flagged.map((scores) =>
    contentCategory.options.map((category) => {
      return { category, flagged: scores[category] !== undefined, score: scores[category] ?? 0.01 };
    }),
  );
  return { kind: "given", verdicts, version: "omni-1", call: { costUsd: "0" } };
}

const { content: knobs } = knobsWith({
  content: { hate: "off", harassment: "flag", self_harm: "fallback", violence: "retry" },
});

const table: readonly (readonly [name: string, opinion: Opinion, verdict: string, action: string | null])[] = [
  ["an answer that nothing is flagged in passes", given({}, {}), "passed", null],
  ["a kind that the policy leaves alone passes", given({ hate: 0.99 }, {}), "passed", null],
  ["a kind that the policy flags is noted", given({ harassment: 0.7 }, {}), "flagged", null],
  ["a kind that is asked again about", given({}, { violence: 0.7 }), "failed", "retry"],
  ["of two kinds the strictest counts", given({ violence: 0.7 }, { self_harm: 0.6 }), "blocked", "fallback"],
  ["without a verdict nothing is said to have passed", { kind: "missing", code: "timeout" }, "not_run", null],
];
for (const [name, opinion, verdict, action] of table) {
  test(name, () => {
    const said = judgeModeration(pieces, opinion, knobs);
    assert.deepEqual([said.report.guard, said.report.verdict, said.action], ["moderation", verdict, action]);
  });
}

test("a finding says category, score, model and field, and no word of the answer", () => {
  const { report, reasons } = judgeModeration(pieces, given({}, { self_harm: 0.98761 }), knobs);
  assert.deepEqual(report.findings, [
    {
      rule: "moderation.self_harm",
      version: "omni-1",
      kind: "self_harm",
      severity: "high",
      score: 0.988,
      field: "answer/body",
      message: "the provider's moderation flags self_harm",
      action: "fallback",
    },
  ]);
  assert.deepEqual(reasons[0]?.path, "/body");
});

test("closed gives the declared answer without a verdict, and says why", () => {
  const closed = { ...knobs, moderationFailMode: "closed" as const };
  const { report, action, reasons } = judgeModeration(pieces, { kind: "missing", code: "overloaded" }, closed);
  assert.deepEqual([report.verdict, report.detail, action], ["not_run", "overloaded", "fallback"]);
  assert.deepEqual(
    reasons.map(({ code }) => code),
    ["moderation_not_run"],
  );
});

test("who is asked when", () => {
  const asked = (["off", "uncertain", "always"] as const).map((moderation) =>
    [false, true].map((unsure) => wantsOpinion({ ...knobs, moderation }, unsure)),
  );
  assert.deepEqual(asked, [
    [false, false],
    [false, true],
    [true, true],
  ]);
});
