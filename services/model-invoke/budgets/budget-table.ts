/**
 * The budgets in force, found by the run they are for. A run that no budget is
 * for costs one look.
 */
import { scopeKey, type BudgetRecord, type BudgetScope } from "../../../schemas/control/budget.ts";
import type { ReserveOrder } from "./reservation.ts";

export class BudgetTable {
  readonly #budgets = new Map<string, BudgetRecord>();
  readonly #byScope = new Map<string, readonly BudgetRecord[]>();

  set(budget: BudgetRecord): void {
    this.#budgets.set(budget.budget_id, budget);
    this.#index(budget);
  }

  unset(budgetId: string): void {
    const budget = this.#budgets.get(budgetId);
    this.#budgets.delete(budgetId);
    if (budget !== undefined) this.#index(budget);
  }

  /** Ordered by id, the same in every process: who holds one and waits for the next never waits in a circle. */
  matching({ client_id, feature, harness }: ReserveOrder["task"]): readonly BudgetRecord[] {
    if (this.#byScope.size === 0) return [];
    const wide: BudgetScope[] = [{}, { harness: harness.name }];
    const withFeature = feature === undefined ? [] : wide.map((scope) => ({ ...scope, feature }));
    const scopes = [...wide, ...withFeature].flatMap((scope) => [scope, { ...scope, client_id }]);
    const found = scopes.flatMap((scope) => this.#byScope.get(scopeKey(scope)) ?? []);
    return found.length < 2 ? found : found.toSorted((left, right) => (left.budget_id < right.budget_id ? -1 : 1));
  }

  #index({ scope }: BudgetRecord): void {
    const key = scopeKey(scope);
    const own = [...this.#budgets.values()].filter((budget) => scopeKey(budget.scope) === key);
    if (own.length === 0) this.#byScope.delete(key);
    else this.#byScope.set(key, own);
  }
}
