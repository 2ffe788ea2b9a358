/**
 * The alerts that a budget's account gives cause for, as it stands: each part of
 * its limit that is spent, and the first call that it refused. A level and not
 * an edge: asked again, it says the same and more, under the same ids, so
 * nothing is lost between two looks or with a process.
 */
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import type { BudgetRefusingAlert, BudgetThresholdAlert } from "../../../schemas/control/alert.ts";
import { amountRecord, type Amount, type Limits } from "../../budgets/amount.ts";
import type { AccountView } from "../../budgets/lease-book.ts";
import { Decimal } from "../../pricing/usd.ts";
import { alertIdOf } from "../alert-id.ts";

export type BudgetAlert = BudgetThresholdAlert | BudgetRefusingAlert;

export interface CountedBudget extends Pick<AccountView, "window" | "limits" | "spent" | "refusals"> {
  readonly budget: BudgetRecord;
}

export const usualThresholds: readonly number[] = [50, 80, 100];

export function budgetAlerts(counted: CountedBudget, atMs: number): readonly BudgetAlert[] {
  const { budget, spent, limits, refusals } = counted;
  const percent = percentSpent(spent, limits);
  const passed = (budget.alert_at ?? usualThresholds).filter((threshold) => percent.greaterThanOrEqualTo(threshold));
  return [
    ...passed.map((threshold): BudgetAlert => ({
      ...standingOf(counted, String(threshold), atMs),
      kind: "budget.threshold",
      threshold_percent: threshold,
    })),
    ...(refusals === 0 ? [] : [{ ...standingOf(counted, "refusing", atMs), kind: "budget.refusing" as const }]),
  ];
}

/** Of the limit that is nearer. Nothing spent is 0 %, of a limit of nothing too; anything beyond that is without end. */
function percentSpent(spent: Amount, limits: Limits): Decimal {
  const percent = (part: Decimal | number, whole: Decimal | number | null): Decimal => {
    const amount = new Decimal(part);
    if (whole === null || amount.lessThanOrEqualTo(0)) return new Decimal(0);
    return amount.times(100).dividedBy(whole);
  };
  return Decimal.max(percent(spent.usd, limits.usd), percent(spent.tokens, limits.tokens));
}

function standingOf({ budget, window, spent }: CountedBudget, what: string, atMs: number) {
  const { budget_id, scope, enforcement, limit_usd, limit_tokens, opened_at_ms } = budget;
  return {
    alert_id: alertIdOf("budget", budget_id, String(opened_at_ms), String(window.startMs), what),
    raised_at_ms: atMs,
    budget_id,
    scope,
    window: windowName(budget),
    window_start_ms: window.startMs,
    window_end_ms: window.endMs,
    enforcement,
    ...(limit_usd === undefined ? {} : { limit_usd }),
    ...(limit_tokens === undefined ? {} : { limit_tokens }),
    spent: amountRecord(spent),
  };
}

/** @throws for a run's budget, which has no account. */
function windowName({ window, budget_id: id }: BudgetRecord): "day" | "month" {
  if (window === "run") throw new Error(`${id} is a budget of single runs: it has no account`);
  return window;
}
