/** How much of each budget is used in its window that runs, by the log of leases: the most used first. Pure. */
import { nothing } from "../budgets/amount.ts";
import type { Budgets } from "../budgets/burn-down/burn-down-answer.ts";
import { burnDown } from "../budgets/burn-down/burn-down.ts";
import { budgetUse, type BudgetUse } from "./status-view.ts";

/** Budgets of single runs have no account, and are not among them. */
export function budgetsUse({ budgets, book }: Budgets, nowMs: number): readonly BudgetUse[] {
  return [...budgets]
    .filter(({ window }) => window !== "run")
    .flatMap((budget) => burnDown({ ...book.account(budget, nowMs), budget, recent: nothing }, nowMs))
    .map((row) => budgetUse.parse(row))
    .toSorted((left, right) => shareOf(right) - shareOf(left) || (left.budget_id < right.budget_id ? -1 : 1));
}

/** A limit of nothing is used up. */
function shareOf({ used_share: share }: BudgetUse): number {
  return share ?? 1;
}
