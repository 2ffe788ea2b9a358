/**
 * The record that `budgets set` publishes. Setting a budget that is there
 * changes its limits and leaves its account as it is; setting a new one opens
 * an account that begins with what was spent before.
 */
import { budgetIdOf, type BudgetAmount, type BudgetRecord } from "../../../schemas/control/budget.ts";
import { scopeOf, type SetOptions } from "./budget-options.ts";

export function nextBudget(
  given: SetOptions,
  before: BudgetRecord | undefined,
  now: { readonly atMs: number; readonly spentBefore: BudgetAmount },
): BudgetRecord {
  const scope = scopeOf(given);
  return {
    kind: "budget",
    budget_id: budgetIdOf(scope, given.window),
    scope,
    window: given.window,
    ...(given.usd === undefined ? {} : { limit_usd: given.usd }),
    ...(given.tokens === undefined ? {} : { limit_tokens: given.tokens }),
    enforcement: given.soft ? "soft" : "hard",
    ...(given.alertAt === undefined ? {} : { alert_at: given.alertAt }),
    revision: (before?.revision ?? 0) + 1,
    opened_at_ms: before?.opened_at_ms ?? now.atMs,
    spent_before: before?.spent_before ?? now.spentBefore,
    set_at_ms: now.atMs,
  };
}
