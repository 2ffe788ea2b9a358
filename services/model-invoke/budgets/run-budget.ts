/**
 * Budgets of single runs: what the run has spent and the next call's worst case
 * against the limit. No lease is needed, as a run's calls are made by one
 * process at a time.
 */
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import { fits, lessen, limitsOf, plus, sumOf, type Amount } from "../../budgets/amount.ts";
import { Decimal } from "../../pricing/usd.ts";
import type { KnownCall } from "../journal/known-call.ts";

export function isOverRunBudget(budget: BudgetRecord, spent: Amount, worst: Amount): boolean {
  return !fits(worst, lessen(limitsOf(budget), spent));
}

/** By earlier attempts, and by each call of this one: what is not known of it counts as its tier's worst case. */
export function spentByRun(
  { spent }: Pick<AttemptTask, "spent">,
  calls: readonly Pick<KnownCall, "tier" | "end">[],
  worstOf: (tier: number) => Amount,
): Amount {
  const earlier = { usd: new Decimal(spent.cost_usd ?? 0), tokens: spent.input_tokens + spent.output_tokens };
  return plus(earlier, sumOf(calls.map(({ tier, end }) => endCharge(end, () => worstOf(tier)))));
}

function endCharge(end: KnownCall["end"], worst: () => Amount): Amount {
  if (end === null || end.costUsd === null) return worst();
  const { usage } = end;
  const buckets = usage === null ? [] : Object.values(usage);
  return { usd: new Decimal(end.costUsd), tokens: buckets.reduce((sum, tokens) => sum + tokens, 0) };
}
