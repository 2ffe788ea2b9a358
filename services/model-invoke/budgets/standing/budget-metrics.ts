/**
 * How far the budgets are used: how many are in which band, and the highest
 * share of all. Of every budget, in each process: they read one log. A budget's
 * own name would name a client, so `breakwater budgets` tells which ones.
 */
import { metrics } from "@opentelemetry/api";
import type { BudgetRecord } from "../../../../schemas/control/budget.ts";
import { plus } from "../../../budgets/amount.ts";
import type { AccountView } from "../../../budgets/lease-book.ts";
import { attributes as names, metricNames, tracerName } from "../../../runtime/telemetry/names.ts";

export interface BudgetStanding {
  readonly budget: Pick<BudgetRecord, "window" | "enforcement">;
  readonly account: Pick<AccountView, "limits" | "spent" | "held">;
}

const bands = ["under_50", "50_to_80", "80_to_100", "used_up"] as const;
type Band = (typeof bands)[number];
const enforcements = ["hard", "soft"] as const;

/** Read when metrics are collected. Budgets of single runs have no account. */
export function observeBudgets(standings: () => readonly BudgetStanding[]): void {
  const meter = metrics.getMeter(tracerName);
  const budgets = meter.createObservableGauge(metricNames.budgets);
  const highest = meter.createObservableGauge(metricNames.budgetUsedShare);
  meter.addBatchObservableCallback(
    (result) => {
      const lasting = standings().filter(({ budget }) => budget.window !== "run");
      for (const enforcement of enforcements) {
        const label = { [names.enforcement]: enforcement };
        const shares = lasting.filter(({ budget }) => budget.enforcement === enforcement).map(usedShare);
        for (const band of bands)
          result.observe(budgets, shares.filter((share) => bandOf(share) === band).length, {
            ...label,
            [names.used]: band,
          });
        result.observe(highest, Math.max(0, ...shares), label);
      }
    },
    [budgets, highest],
  );
}

/** Of the limit that is used most; spent and promised alike. A limit of 0 is used up. */
export function usedShare({ account: { limits, spent, held } }: BudgetStanding): number {
  const used = plus(spent, held);
  const shares = [
    limits.usd === null ? 0 : limits.usd.isZero() ? 1 : used.usd.div(limits.usd).toNumber(),
    limits.tokens === null ? 0 : limits.tokens === 0 ? 1 : used.tokens / limits.tokens,
  ];
  return Math.max(...shares);
}

function bandOf(share: number): Band {
  if (share >= 1) return "used_up";
  if (share >= 0.8) return "80_to_100";
  return share >= 0.5 ? "50_to_80" : "under_50";
}
