import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleBudget } from "../../../test/support/lease-log.ts";
import { LeaseBook } from "../../budgets/lease-book.ts";
import { setOptions } from "./budget-options.ts";
import { nextBudget } from "./next-budget.ts";
import { standingDocument, standingOf, standingTable } from "./standing.ts";

const noon = Date.UTC(2026, 10, 22, 12);
const spentBefore = { usd: "3.5", tokens: 1200 };

test("a new budget opens an account with what was spent before", () => {
  const given = setOptions.parse({ client: "acme", feature: "a/b", window: "month", usd: "250", tokens: "1000" });
  assert.deepEqual(nextBudget(given, undefined, { atMs: noon, spentBefore }), {
    kind: "budget",
    budget_id: "client=acme/feature=a%2Fb/month",
    scope: { client_id: "acme", feature: "a/b" },
    window: "month",
    limit_usd: "250",
    limit_tokens: 1000,
    enforcement: "hard",
    revision: 1,
    opened_at_ms: noon,
    spent_before: spentBefore,
    set_at_ms: noon,
  });
});

test("a budget that is set again has other limits and the same account", () => {
  const before = sampleBudget({ spent_before: spentBefore });
  const given = setOptions.parse({ client: "acme", window: "day", tokens: "5", soft: true });
  const next = nextBudget(given, before, { atMs: noon, spentBefore: { usd: "0", tokens: 0 } });
  const { limit_usd, limit_tokens, enforcement, revision, opened_at_ms, spent_before } = next;
  assert.deepEqual([limit_usd, limit_tokens, enforcement, revision], [undefined, 5, "soft", 2]);
  assert.deepEqual([opened_at_ms, spent_before], [before.opened_at_ms, spentBefore]);
});

test("alerts are raised at the percents that are given, at none, or at the usual ones", () => {
  const alertAt = (given: object): readonly number[] | undefined =>
    nextBudget(setOptions.parse({ window: "day", usd: "5", ...given }), undefined, { atMs: noon, spentBefore })
      .alert_at;
  assert.deepEqual(alertAt({ alertAt: "75,100,75" }), [75, 100]);
  assert.deepEqual(alertAt({ alertAt: "none" }), []);
  assert.equal(alertAt({}), undefined);
  for (const bad of ["0", "50,", "1001", "half", "50 80"]) assert.throws(() => alertAt({ alertAt: bad }), bad);
});

test("the table says what is spent, held and when it resets, in what the budget limits", () => {
  const book = new LeaseBook();
  const day = sampleBudget({ spent_before: spentBefore });
  const ask = { kind: "lease.asked", lease_id: "a/1", worker: "a", ask_no: 1, budget: day } as const;
  book.apply({ ...ask, wish: { usd: "1", tokens: 0 }, least: { usd: "1", tokens: 0 } }, noon);
  const run = sampleBudget({ budget_id: "all/run", window: "run", limit_tokens: 900, enforcement: "soft" });
  const standings = [day, run].map((budget) => standingOf(budget, book, noon));
  assert.deepEqual(standingTable(standings).rows, [
    ["client=acme/day", "hard", "$10", "$3.5", "$1", "2026-11-23"],
    ["all/run", "soft", "$10, 900 tokens", "-", "-", "-"],
  ]);
  assert.deepEqual(standingDocument(standings[0] ?? assert.fail()), {
    ...day,
    spent: spentBefore,
    held: { usd: "1", tokens: 0 },
    resets_at_ms: Date.UTC(2026, 10, 23),
  });
});
