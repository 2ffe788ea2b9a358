import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleBudget } from "../../../test/support/lease-log.ts";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { Decimal } from "../../pricing/usd.ts";
import type { CallEnd } from "../journal/known-call.ts";
import { isOverRunBudget, spentByRun } from "./run-budget.ts";

const amount = (usd: string, tokens: number) => ({ usd: new Decimal(usd), tokens });
const usage = {
  input_tokens: 90,
  cached_input_tokens: 10,
  cache_write_tokens: 0,
  output_tokens: 40,
  reasoning_tokens: 5,
};
const earlier = { calls: 1, input_tokens: 100, output_tokens: 50, cost_usd: "0.1", unpriced_calls: 0 };

function ended(costUsd: string | null, known: CallEnd["usage"]): CallEnd {
  return { atMs: 0, outcome: "ok", usage: known, costUsd };
}

const cases: readonly [string, Partial<BudgetRecord>, ReturnType<typeof amount>, ReturnType<typeof amount>, boolean][] =
  [
    ["what fits exactly is allowed", { limit_usd: "1" }, amount("0.4", 0), amount("0.6", 0), false],
    ["a millionth above is not", { limit_usd: "1" }, amount("0.4", 0), amount("0.600001", 0), true],
    ["tokens count beside dollars", { limit_usd: "1", limit_tokens: 100 }, amount("0", 60), amount("0", 41), true],
    ["a limit on tokens alone says nothing of dollars", { limit_tokens: 100 }, amount("99", 0), amount("99", 1), false],
  ];
for (const [name, limits, spent, worst, expected] of cases) {
  test(name, () => {
    const { limit_usd: _, ...rest } = sampleBudget();
    assert.equal(isOverRunBudget({ ...rest, window: "run", ...limits }, spent, worst), expected);
  });
}

test("a run has spent what its earlier attempts did and its calls; what nobody knows counts at its tier's worst", () => {
  const calls = [
    { tier: 0, end: ended("0.25", usage) },
    { tier: 1, end: ended(null, null) },
    { tier: 1, end: null },
  ];
  const spent = spentByRun({ spent: earlier }, calls, (tier) => amount(tier === 1 ? "0.5" : "9", 1000));
  assert.deepEqual([spent.usd.toString(), spent.tokens], ["1.35", 150 + 145 + 2000]);
});
