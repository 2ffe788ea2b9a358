import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { BudgetRecord } from "../../schemas/control/budget.ts";
import type { LeaseRecord } from "../../schemas/records/lease.ts";
import { sampleBudget } from "../../test/support/lease-log.ts";
import { amountRecord } from "./amount.ts";
import { LeaseBook, type Verdict } from "./lease-book.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const day = 86_400_000;

interface Ask {
  readonly no: number;
  readonly usd: string;
  readonly least?: string;
  readonly worker?: string;
  readonly budget?: BudgetRecord;
  readonly tokens?: number;
}

function asked({ no, usd, least = usd, worker = "a", budget = sampleBudget(), tokens = 0 }: Ask): LeaseRecord {
  return {
    kind: "lease.asked",
    lease_id: `${worker}/${no}`,
    worker,
    ask_no: no,
    budget,
    wish: { usd, tokens },
    least: { usd: least, tokens },
  };
}

function settled(leaseId: string, spent: string, held: string | null): LeaseRecord {
  return {
    kind: "lease.settled",
    lease_id: leaseId,
    worker: leaseId.split("/")[0] ?? "",
    budget_id: "client=acme/day",
    spent: { usd: spent, tokens: 0 },
    held: { usd: held ?? "0", tokens: 0 },
    closed: held === null,
  };
}

function told(verdict: Verdict | null): string {
  if (verdict === null) return "-";
  if (verdict.kind === "refused") return "refused";
  return `${amountRecord(verdict.granted).usd}${verdict.exceeds ? " over" : ""}`;
}

const cases: readonly {
  readonly name: string;
  readonly log: readonly (LeaseRecord | { readonly at: number; readonly record: LeaseRecord })[];
  /** What became of each record, then spent and held. */
  readonly says: readonly string[];
}[] = [
  { name: "an ask that fits is granted", log: [asked({ no: 1, usd: "4" })], says: ["4", "0 4"] },
  {
    name: "an ask is granted what is left, if that is enough",
    log: [asked({ no: 1, usd: "8" }), asked({ no: 2, usd: "4", least: "1" })],
    says: ["8", "2", "0 10"],
  },
  {
    name: "of two that ask at once the log's first gets it",
    log: [asked({ no: 1, usd: "6" }), asked({ no: 1, usd: "6", worker: "b" })],
    says: ["6", "refused", "0 6"],
  },
  {
    name: "what is given back can be granted again",
    log: [
      asked({ no: 1, usd: "10" }),
      settled("a/1", "1", "2"),
      asked({ no: 2, usd: "7" }),
      asked({ no: 3, usd: "1" }),
    ],
    says: ["10", "-", "7", "refused", "1 9"],
  },
  {
    name: "a closed lease holds nothing, and later words on it do not count",
    log: [asked({ no: 1, usd: "10" }), settled("a/1", "3", null), settled("a/1", "0", null), settled("a/1", "9", "1")],
    says: ["10", "-", "-", "-", "3 0"],
  },
  {
    name: "an ask that was written twice is one ask, also when it is closed by then",
    log: [
      asked({ no: 1, usd: "4" }),
      asked({ no: 1, usd: "4" }),
      settled("a/1", "4", null),
      asked({ no: 1, usd: "4" }),
    ],
    says: ["4", "-", "-", "-", "4 0"],
  },
  {
    name: "a call that cost more than foreseen is counted, and nothing is granted beyond the limit",
    log: [asked({ no: 1, usd: "10" }), settled("a/1", "11", null), asked({ no: 2, usd: "0.1" })],
    says: ["10", "-", "refused", "11 0"],
  },
  {
    name: "a raised limit counts from the first ask that knows of it, for those that do not know it too",
    log: [
      asked({ no: 1, usd: "10" }),
      asked({ no: 1, usd: "1", worker: "b", budget: sampleBudget({ revision: 2, limit_usd: "12" }) }),
      asked({ no: 2, usd: "1" }),
    ],
    says: ["10", "1", "1", "0 12"],
  },
  {
    name: "a lowered limit likewise: what was granted stays, nothing is added",
    log: [
      asked({ no: 1, usd: "4" }),
      asked({ no: 1, usd: "1", worker: "b", budget: sampleBudget({ revision: 2, limit_usd: "3" }) }),
      asked({ no: 2, usd: "1" }),
    ],
    says: ["4", "refused", "refused", "0 4"],
  },
  {
    name: "a soft budget refuses nothing, and says what is beyond it",
    log: [
      asked({ no: 1, usd: "9", budget: sampleBudget({ enforcement: "soft" }) }),
      asked({ no: 2, usd: "2", budget: sampleBudget({ enforcement: "soft" }) }),
    ],
    says: ["9", "2 over", "0 11"],
  },
  {
    name: "what was spent before the budget was set is gone in that window",
    log: [asked({ no: 1, usd: "4", budget: sampleBudget({ spent_before: { usd: "7", tokens: 0 } }) })],
    says: ["refused", "7 0"],
  },
  {
    name: "an unset and set budget has another account",
    log: [asked({ no: 1, usd: "10" }), asked({ no: 2, usd: "10", budget: sampleBudget({ opened_at_ms: noon }) })],
    says: ["10", "10", "0 10"],
  },
  {
    name: "a new day starts with everything, by the log's clock",
    log: [asked({ no: 1, usd: "10" }), { at: noon + day, record: asked({ no: 2, usd: "10" }) }],
    says: ["10", "10", "0 10"],
  },
];

for (const { name, log, says } of cases) {
  test(name, () => {
    const book = new LeaseBook();
    const verdicts = log.map((entry) =>
      told("at" in entry ? book.apply(entry.record, entry.at) : book.apply(entry, noon)),
    );
    const { spent, held } = book.account(sampleBudget(), noon);
    assert.deepEqual([...verdicts, `${spent.usd.toString()} ${held.usd.toString()}`], says);
  });
}

test("tokens are a limit of their own, and dollars without a limit are not held", () => {
  const { limit_usd: _, ...tokensOnly } = sampleBudget({ limit_tokens: 100 });
  const book = new LeaseBook();
  const verdict = book.apply(asked({ no: 1, usd: "5", tokens: 80, budget: tokensOnly }), noon);
  assert.deepEqual(verdict?.kind === "granted" && amountRecord(verdict.granted), { usd: "0", tokens: 80 });
  assert.equal(book.apply(asked({ no: 2, usd: "5", tokens: 30, budget: tokensOnly }), noon)?.kind, "refused");
});

test("a month's account lasts the month, and what is open says who holds it", () => {
  const budget = sampleBudget({ window: "month", budget_id: "client=acme/month" });
  const book = new LeaseBook();
  book.apply(asked({ no: 1, usd: "3", budget }), noon);
  book.apply(asked({ no: 2, usd: "3", budget }), noon + 8 * day);
  assert.equal(String(book.account(budget, noon + 8 * day).held.usd), "6");
  assert.equal(String(book.account(budget, noon + 9 * day).held.usd), "0");
  assert.deepEqual(
    book.openLeases().map(({ leaseId, worker, budgetId }) => [leaseId, worker, budgetId]),
    [
      ["a/1", "a", "client=acme/month"],
      ["a/2", "a", "client=acme/month"],
    ],
  );
});

/** Any history: several workers, repeated writes, wrong words, changed limits, days that turn. */
const cents = fc.integer({ min: 0, max: 600 }).map((amount) => (amount / 100).toFixed(2));
const entry = fc.record({
  worker: fc.constantFrom("a", "b", "c"),
  no: fc.integer({ min: 1, max: 12 }),
  first: cents,
  second: cents,
  what: fc.constantFrom("ask", "ask", "settle", "close"),
  revision: fc.integer({ min: 1, max: 4 }),
  later: fc.constantFrom(0, 0, 0, 3_600_000 * 5),
});
const limits: readonly string[] = ["10", "10", "4", "20", "0"];

test("law: no grant takes spent and held together beyond the limit, and every reader of the log says the same", () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 60 }), (history) => {
      const book = new LeaseBook();
      const another = new LeaseBook();
      let atMs = noon;
      let newest = 1;
      for (const { worker, no, first, second, what, revision, later } of history) {
        atMs += later;
        const budget = sampleBudget({ revision, limit_usd: limits[revision] ?? "0" });
        const record =
          what === "ask"
            ? asked({ no, usd: first, least: first < second ? first : "0.01", worker, budget })
            : settled(`${worker}/${no}`, first, what === "close" ? null : second);
        const verdict = book.apply(record, atMs);
        assert.deepEqual(another.apply(record, atMs), verdict);
        if (verdict?.kind !== "granted") continue;
        newest = Math.max(newest, revision);
        const { spent, held, limits: now } = book.account(sampleBudget({ revision: 1 }), atMs);
        assert.ok(
          now.usd !== null && spent.usd.plus(held.usd).lessThanOrEqualTo(now.usd),
          `${spent.usd.toString()}+${held.usd.toString()}`,
        );
      }
      assert.deepEqual(another.openLeases(), book.openLeases());
    }),
  );
});

test("law: when every lease is closed nothing is held, and what was spent is their sum", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cents, cents), { maxLength: 30 }), (leases) => {
      const book = new LeaseBook();
      const budget = sampleBudget({ limit_usd: "100000" });
      leases.forEach(([usd], at) => book.apply(asked({ no: at + 1, usd, budget }), noon));
      leases.forEach(([, spent], at) => book.apply(settled(`a/${at + 1}`, spent, null), noon));
      const { spent, held } = book.account(budget, noon);
      const sum = leases.reduce((total, [, usd]) => total + Math.round(Number(usd) * 100), 0);
      assert.deepEqual([held.usd.toNumber(), spent.usd.times(100).toNumber(), book.openLeases()], [0, sum, []]);
    }),
  );
});
