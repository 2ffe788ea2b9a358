/** The status as the terminal shows it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetsNearlyUsed, stageTable } from "./status.ts";

test("a stage that is not known has question marks, one with nothing to do a dash", () => {
  const { rows } = stageTable({
    stages: [
      { stage: "input-scan", processes: 2, behind: 12_345, oldest_wait_ms: 1540 },
      { stage: "model-invoke", processes: 1, behind: 3, oldest_wait_ms: 180_000 },
      { stage: "output-validate", processes: 1, behind: 0, oldest_wait_ms: 0 },
      { stage: "alerts", processes: null, behind: null, oldest_wait_ms: null },
    ],
  });
  assert.deepEqual(rows, [
    ["input-scan", "2", "12,345", "1.5 s"],
    ["model-invoke", "1", "3", "3 min"],
    ["output-validate", "1", "0", "-"],
    ["alerts", "?", "?", "?"],
  ]);
});

test("a budget is named from four fifths on, and one of nothing always", () => {
  const budget = (used_share: number | null) => ({
    budget_id: "client=acme/day",
    window: "day",
    enforcement: "hard",
    unit: "usd",
    limit: "10",
    spent: "8",
    held: "0",
    used_share,
    resets_at: "2026-11-24T00:00:00.000Z",
  });
  assert.deepEqual(budgetsNearlyUsed({ budgets: [budget(0.8), budget(0.79)] }), [
    "Of budget client=acme/day, 8 of 10 usd are spent.",
  ]);
  assert.equal(budgetsNearlyUsed({ budgets: [budget(null)] }).length, 1);
  assert.deepEqual(budgetsNearlyUsed({ budgets: null }), []);
});
