import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { alertRecord } from "../../../schemas/control/alert.ts";
import type { LeaseRecord } from "../../../schemas/records/lease.ts";
import { sampleBudget } from "../../../test/support/lease-log.ts";
import { LeaseBook } from "../../budgets/lease-book.ts";
import { budgetAlerts, type BudgetAlert } from "./budget-alerts.ts";
import { alertsOf } from "./open-budget-watch.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const midnight = Date.UTC(2026, 10, 23);

/** What a process asked for and then spent, of one budget. */
function spent(book: LeaseBook, budget: BudgetRecord, usd: string, more: { atMs?: number; tokens?: number } = {}) {
  const { atMs = noon, tokens = 0 } = more;
  const lease = { lease_id: `w/${(asks += 1)}`, worker: "w" };
  const amount = { usd, tokens };
  const ask: LeaseRecord = { ...lease, kind: "lease.asked", ask_no: asks, budget, wish: amount, least: amount };
  const verdict = book.apply(ask, atMs);
  const settle: LeaseRecord = {
    ...lease,
    kind: "lease.settled",
    budget_id: budget.budget_id,
    spent: amount,
    held: { usd: "0", tokens: 0 },
    closed: true,
  };
  book.apply(settle, atMs);
  return verdict?.kind;
}
let asks = 0;

function told(alerts: readonly BudgetAlert[]): readonly (number | string)[] {
  return alerts.map((alert) => (alert.kind === "budget.threshold" ? alert.threshold_percent : "refusing"));
}

const cases: readonly {
  readonly name: string;
  readonly budget?: Partial<BudgetRecord>;
  readonly usd?: string;
  readonly tokens?: number;
  readonly told: readonly (number | string)[];
}[] = [
  { name: "little of it is spent: nothing", usd: "4.999999999999", told: [] },
  { name: "half of it, to the last digit: 50", usd: "5", told: [50] },
  { name: "one jump over two thresholds: both", usd: "8.1", told: [50, 80] },
  { name: "all of it: all three", usd: "10", told: [50, 80, 100] },
  { name: "thresholds of its own: those", budget: { alert_at: [10, 95] }, usd: "9", told: [10] },
  { name: "none of its own: none", budget: { alert_at: [] }, usd: "9", told: [] },
  {
    name: "beyond the limit of a soft one: as far as it asks",
    budget: { enforcement: "soft", alert_at: [100, 200] },
    usd: "20",
    told: [100, 200],
  },
  {
    name: "the nearer of two limits counts",
    budget: { limit_tokens: 1000 },
    usd: "1",
    tokens: 800,
    told: [50, 80],
  },
  {
    name: "tokens alone",
    budget: { limit_usd: undefined, limit_tokens: 1000 },
    usd: "1000",
    tokens: 500,
    told: [50],
  },
  {
    name: "a limit of nothing refuses, and nothing is spent of it",
    budget: { limit_usd: "0" },
    usd: "1",
    told: ["refusing"],
  },
];

for (const { name, budget: more, usd = "0", tokens = 0, told: wanted } of cases) {
  test(name, () => {
    const { limit_usd, ...rest } = { ...sampleBudget(), ...more };
    const budget = { ...rest, ...(limit_usd === undefined ? {} : { limit_usd }) };
    const book = new LeaseBook();
    spent(book, budget, usd, { tokens });
    const alerts = alertsOf(book, new Map([[budget.budget_id, budget]]), noon);
    assert.deepEqual(told(alerts), wanted);
    for (const alert of alerts) assert.equal(alertRecord.safeParse(alert).success, true);
  });
}

test("what was spent before the budget was set counts, though no call was made since", () => {
  const budget = sampleBudget({ spent_before: { usd: "8", tokens: 0 } });
  assert.deepEqual(told(alertsOf(new LeaseBook(), new Map([[budget.budget_id, budget]]), noon)), [50, 80]);
});

test("a refusal is told of once in its window, and once more in the next", () => {
  const budget = sampleBudget();
  const book = new LeaseBook();
  assert.equal(spent(book, budget, "11"), "refused");
  assert.equal(spent(book, budget, "12"), "refused");
  assert.equal(spent(book, budget, "11", { atMs: midnight }), "refused");
  const ids = [noon, midnight].flatMap((atMs) =>
    alertsOf(book, new Map([[budget.budget_id, budget]]), atMs).map(({ alert_id: id }) => id),
  );
  assert.equal(new Set(ids).size, 2);
});

test("what was spent late in a window is told of after it, by the terms that it ended with", () => {
  const budget = sampleBudget();
  const book = new LeaseBook();
  spent(book, budget, "8", { atMs: midnight - 1 });
  const lowered = { ...budget, revision: 2, limit_usd: "1" };
  const budgets = new Map([[budget.budget_id, lowered]]);
  assert.deepEqual(told(alertsOf(book, budgets, midnight + 5)), [50, 80]);
  assert.deepEqual(told(alertsOf(book, budgets, midnight + 24 * 3_600_000)), [], "a day later no more");
  assert.deepEqual(told(alertsOf(book, new Map(), midnight + 5)), [], "and not of a budget that is unset");
});

test("a budget that is lowered below what is spent is told of at once", () => {
  const budget = sampleBudget();
  const book = new LeaseBook();
  spent(book, budget, "4");
  const lowered = { ...budget, revision: 2, limit_usd: "5" };
  assert.deepEqual(told(alertsOf(book, new Map([[budget.budget_id, lowered]]), noon)), [50, 80]);
});

test("budgets of single runs have no account and no alerts", () => {
  const budget = sampleBudget({ budget_id: "all/run", window: "run" });
  assert.deepEqual(alertsOf(new LeaseBook(), new Map([[budget.budget_id, budget]]), noon), []);
});

test("law: whatever is spent in whatever steps, each threshold has one id a window, and those told of only grow", () => {
  const step = fc.record({ cents: fc.integer({ min: 0, max: 400 }), hour: fc.integer({ min: 0, max: 47 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const budget = sampleBudget({ enforcement: "soft", opened_at_ms: 0 });
      const budgets = new Map([[budget.budget_id, budget]]);
      const book = new LeaseBook();
      const raised = new Map<string, string>();
      const sums = new Map<number, number>();
      const start = Date.UTC(2026, 10, 22);
      for (const { cents, hour } of steps.toSorted((left, right) => left.hour - right.hour)) {
        const atMs = start + hour * 3_600_000;
        spent(book, budget, (cents / 100).toFixed(2), { atMs });
        const day = hour < 24 ? start : start + 24 * 3_600_000;
        sums.set(day, (sums.get(day) ?? 0) + cents);
        for (const alert of alertsOf(book, budgets, atMs)) {
          assert.equal(alert.kind, "budget.threshold");
          raised.set(alert.alert_id, `${alert.window_start_ms} ${alert.threshold_percent}`);
        }
      }
      const wanted = [...sums].flatMap(([day, cents]) =>
        [50, 80, 100].filter((percent) => cents >= percent * 10).map((percent) => `${day} ${percent}`),
      );
      assert.deepEqual([...raised.values()].toSorted(), wanted.toSorted());
    }),
  );
});

test("the same account gives the same ids in every process, and another account others", () => {
  const { alert_id: id } = onlyAlert(sampleBudget());
  assert.equal(onlyAlert(sampleBudget()).alert_id, id);
  assert.match(id, /^alert_[0-9a-f]{32}$/);
  const others = [sampleBudget({ budget_id: "client=b/day" }), sampleBudget({ opened_at_ms: noon - 1 })];
  for (const other of others) assert.notEqual(onlyAlert(other).alert_id, id);
});

function onlyAlert(budget: BudgetRecord): BudgetAlert {
  const book = new LeaseBook();
  spent(book, budget, "5");
  const [alert, ...more] = budgetAlerts(book.account(budget, noon), noon + 7);
  assert.ok(alert !== undefined && more.length === 0);
  return alert;
}
