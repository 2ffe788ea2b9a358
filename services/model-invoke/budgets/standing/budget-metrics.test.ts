import assert from "node:assert/strict";
import { test } from "node:test";
import { collectedMetrics } from "../../../../test/support/collected-metrics.ts";
import { Decimal } from "../../../pricing/usd.ts";
import { observeBudgets, usedShare, type BudgetStanding } from "./budget-metrics.ts";

function standing(
  limits: { readonly usd?: string; readonly tokens?: number },
  spent: { readonly usd: string; readonly tokens: number },
  fields: Partial<BudgetStanding["budget"]> = {},
): BudgetStanding {
  return {
    budget: { window: "month", enforcement: "hard", ...fields },
    account: {
      limits: { usd: limits.usd === undefined ? null : new Decimal(limits.usd), tokens: limits.tokens ?? null },
      spent: { usd: new Decimal(spent.usd), tokens: spent.tokens },
      held: { usd: new Decimal("0.1"), tokens: 10 },
    },
  };
}

test("the share is of the limit that is used most, with what is promised", () => {
  assert.equal(usedShare(standing({ usd: "1" }, { usd: "0.4", tokens: 9 })), 0.5);
  assert.equal(usedShare(standing({ usd: "1", tokens: 20 }, { usd: "0.4", tokens: 9 })), 0.95);
  assert.equal(usedShare(standing({ usd: "0" }, { usd: "0", tokens: 0 })), 1);
  assert.equal(usedShare(standing({ tokens: 0 }, { usd: "0", tokens: 0 })), 1);
});

test("budgets are counted by band and the highest share is told, by enforcement, without a name", async () => {
  const collect = collectedMetrics();
  const shares = ["0.1", "0.39", "0.4", "0.7", "0.9", "2"].map((usd) => standing({ usd: "1" }, { usd, tokens: 0 }));
  const run = standing({ usd: "1" }, { usd: "5", tokens: 0 }, { window: "run" });
  observeBudgets(() => [...shares, run]);
  const seen = (await collect()).map((line) => line.replaceAll("breakwater.", ""));
  assert.deepEqual(seen, [
    "budgets{enforcement=hard used=under_50} 2",
    "budgets{enforcement=hard used=50_to_80} 1",
    "budgets{enforcement=hard used=80_to_100} 1",
    "budgets{enforcement=hard used=used_up} 2",
    "budgets{enforcement=soft used=under_50} 0",
    "budgets{enforcement=soft used=50_to_80} 0",
    "budgets{enforcement=soft used=80_to_100} 0",
    "budgets{enforcement=soft used=used_up} 0",
    "budget.used_share{enforcement=hard} 2.1",
    "budget.used_share{enforcement=soft} 0",
  ]);
});
