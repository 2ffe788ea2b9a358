/** Paces and forecasts of budgets, worked out by hand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sampleBudget } from "../../../test/support/lease-log.ts";
import { Decimal } from "../../pricing/usd.ts";
import { LeaseBook } from "../lease-book.ts";
import { windowAt } from "../window.ts";
import { burnDown, burnDownRow, type Burning } from "./burn-down.ts";
import { burnDownAnswer, burnDownView } from "./burn-down-answer.ts";

/** The tenth of November, six in the morning: 9.25 days of 30 are over. */
const now = Date.UTC(2026, 10, 10, 6);
const monthly = sampleBudget({ budget_id: "client=acme/month", window: "month", limit_usd: "100" });

function row(changes: Partial<Burning> = {}, nowMs = now) {
  const [first] = burnDown(
    {
      budget: monthly,
      window: windowAt("month", nowMs),
      spent: { usd: new Decimal("37"), tokens: 0 },
      held: { usd: new Decimal("0.5"), tokens: 0 },
      recent: { usd: new Decimal("14"), tokens: 0 },
      ...changes,
    },
    nowMs,
  );
  return first ?? assert.fail();
}

test("37 in 9.25 days is 4 a day: 100 is gone 15.75 days later, and 120 would be spent by the month's end", () => {
  assert.partialDeepStrictEqual(row(), {
    unit: "usd",
    limit: "100",
    spent: "37",
    held: "0.5",
    left: "63",
    used_share: 0.37,
    pace_window: "4",
    forecast_window: "120",
    used_up_window: "2026-11-26T00:00:00.000Z",
    resets_at: "2026-12-01T00:00:00.000Z",
  });
});

test("14 in the last seven days is 2 a day: by that pace it lasts", () => {
  assert.partialDeepStrictEqual(row(), { pace_recent: "2", forecast_recent: "78.5", used_up_recent: null });
});

test("in a window's first hour there is no pace yet, and nothing is foreseen by it", () => {
  const early = row({ spent: { usd: new Decimal("5"), tokens: 0 } }, Date.UTC(2026, 11, 1, 0, 59));
  assert.partialDeepStrictEqual(early, {
    pace_window: null,
    forecast_window: null,
    used_up_window: null,
    pace_recent: "2",
  });
});

test("what is overdrawn is used up now, and left is below zero", () => {
  const over = row({ spent: { usd: new Decimal("101.5"), tokens: 0 } });
  assert.partialDeepStrictEqual(over, { left: "-1.5", used_up_window: new Date(now).toISOString(), used_share: 1.015 });
});

test("a limit of nothing has no share of it, and is used up", () => {
  const none = row({ budget: { ...monthly, limit_usd: "0" } });
  assert.partialDeepStrictEqual(none, { used_share: null, used_up_recent: new Date(now).toISOString() });
});

test("without any spending nothing is foreseen", () => {
  const zero = { usd: new Decimal(0), tokens: 0 };
  assert.partialDeepStrictEqual(row({ spent: zero, recent: zero }), { forecast_window: "0", used_up_window: null });
});

test("a budget in dollars and tokens has a row for each", () => {
  const rows = burnDown(
    {
      budget: { ...monthly, limit_tokens: 1000 },
      window: windowAt("month", now),
      spent: { usd: new Decimal(1), tokens: 250 },
      held: { usd: new Decimal(0), tokens: 10 },
      recent: { usd: new Decimal(0), tokens: 70 },
    },
    now,
  );
  assert.deepEqual(
    rows.map(({ unit, limit, spent, held, pace_recent }) => [unit, limit, spent, held, pace_recent]),
    [
      ["usd", "100", "1", "0", "0"],
      ["tokens", "1000", "250", "10", "10"],
    ],
  );
});

test("a forecast is at least what is spent, and the end it foresees is before the reset and not before now", () => {
  const usd = fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => new Decimal(value.toFixed(6)));
  fc.assert(
    fc.property(usd, usd, fc.integer({ min: 0, max: 30 * 86_400_000 - 1 }), (spent, recent, sinceStart) => {
      const nowMs = Date.UTC(2026, 10, 1) + sinceStart;
      const told = row({ spent: { usd: spent, tokens: 0 }, recent: { usd: recent, tokens: 0 } }, nowMs);
      assert.doesNotThrow(() => burnDownRow.parse(told));
      for (const forecast of [told.forecast_window, told.forecast_recent])
        assert.ok(forecast === null || new Decimal(forecast).gte(spent));
      for (const end of [told.used_up_window, told.used_up_recent]) {
        if (end === null) continue;
        assert.ok(Date.parse(end) >= nowMs && Date.parse(end) < Date.parse(told.resets_at));
      }
    }),
  );
});

test("all budgets, those that end soonest first; a client sees those of its own", async () => {
  const others = [
    monthly,
    sampleBudget({ budget_id: "client=globex/month", scope: { client_id: "globex" }, window: "month", limit_usd: "1" }),
    sampleBudget({ budget_id: "all/run", scope: {}, window: "run" }),
    sampleBudget({ budget_id: "all/month", scope: {}, window: "month", limit_usd: "1000" }),
  ];
  const line = (client_id: string, usd: string | null) => ({
    client_id,
    feature: null,
    harness: "h",
    usd,
    tokens: "7",
  });
  const store = { query: () => Promise.resolve([line("acme", "70"), line("globex", "7"), line("globex", null)]) };
  const parts = { budgets: others, book: new LeaseBook() };
  const all = burnDownView.parse(await burnDownAnswer(store, parts, { nowMs: now }));
  assert.deepEqual(
    all.rows.map(({ budget_id, pace_recent, used_up_recent }) => [budget_id, pace_recent, used_up_recent]),
    [
      ["client=globex/month", "1", "2026-11-11T06:00:00.000Z"],
      ["client=acme/month", "10", "2026-11-20T06:00:00.000Z"],
      ["all/month", "11", null],
    ],
  );
  const own = await burnDownAnswer(store, parts, { nowMs: now, client: "acme" });
  assert.deepEqual(
    own.rows.map(({ budget_id }) => budget_id),
    ["client=acme/month"],
  );
});
