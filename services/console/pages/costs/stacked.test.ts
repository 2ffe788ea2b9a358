/** The columns of the chart. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SpendRow } from "../../../ledger/questions/spend.ts";
import { stacked } from "./stacked.ts";

const nothing = {
  calls: 1,
  failed_calls: 0,
  in_flight: 0,
  orphans: 0,
  calls_with_cost: 1,
  input_tokens: 0,
  output_tokens: 0,
  bound_low_usd: null,
  bound_high_usd: null,
  unbounded_calls: 0,
};
const row = (day: string, feature: string | null, cost_usd: string | null): SpendRow => ({
  ...nothing,
  day,
  feature,
  cost_usd,
});
const span = { since: "2026-11-01T00:00:00.000Z", until: "2026-11-03T00:00:00.000Z", step: "day" } as const;

test("a column for each step, those without a row included, the dearest first", () => {
  const rows = [row("2026-11-01", "chat", "1"), row("2026-11-02", "digest", "5"), row("2026-11-02", null, null)];
  assert.deepEqual(stacked(rows, "feature", span), {
    labels: ["11-01", "11-02"],
    series: [
      { name: "digest", values: [0, 5] },
      { name: "chat", values: [1, 0] },
      { name: "none named", values: [0, 0] },
    ],
  });
});

test("beyond the dearest seven all others are one", () => {
  const rows = Array.from({ length: 10 }, (_, at) => row("2026-11-01", `f${at}`, String(10 - at)));
  const { series } = stacked(rows, "feature", span);
  assert.deepEqual([series.length, series.at(-1)], [8, { name: "all others", values: [6, 0] }]);
});

test("hours are named by day and hour", () => {
  const hours = { since: "2026-11-01T10:00:00.000Z", until: "2026-11-01T12:00:00.000Z", step: "hour" } as const;
  const { labels, series } = stacked([{ ...row("", "chat", "2"), hour: "2026-11-01T11:00:00Z" }], "feature", hours);
  assert.deepEqual(
    [labels, series[0]?.values],
    [
      ["11-01 10:00", "11-01 11:00"],
      [0, 2],
    ],
  );
});
