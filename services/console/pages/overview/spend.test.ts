/** The overview's days. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { daysOf, failedRuns, firstOfDays, spendByDay } from "./spend.ts";

const nowMs = Date.parse("2026-11-23T23:59:59Z");
const figures = {
  calls: 1,
  runs: 1,
  failed_calls: 0,
  in_flight: 0,
  orphans: 0,
  calls_with_cost: 1,
  unbounded_calls: 0,
};
const line = (day: string, cost_usd: string | null) => ({
  ...figures,
  day,
  cost_usd,
  input_tokens: 1,
  output_tokens: 1,
  bound_low_usd: null,
  bound_high_usd: null,
});

test("seven days end with today", () => assert.equal(firstOfDays(7, nowMs), "2026-11-17"));

test("a day without a call cost nothing, one of unknown cost is drawn as nothing", () => {
  const lines = [line("2026-11-23", "2.5"), line("2026-11-22", null), line("2026-11-01", "9")];
  assert.deepEqual(spendByDay({ lines }, 3, nowMs), [0, 0, 2.5]);
});

test("days are named by month and day, across a month's end too", () => {
  assert.deepEqual(daysOf(2, nowMs), ["11-22", "11-23"]);
  assert.deepEqual(daysOf(2, Date.parse("2026-12-01T00:00:00Z")), ["11-30", "12-01"]);
});

test("what a guard refused or a budget stopped did not fail", () => {
  const statuses = Object.entries({ ok: 90, refused: 5, over_budget: 3, failed_validation: 2, invalid: 1 });
  assert.equal(failedRuns(statuses.map(([status, runs]) => ({ status, runs }))), 3);
});
