/**
 * The budgets that a call has to keep to: finds them, reserves the call's worst
 * case in each, and settles what it cost. All or nothing: a refusal by one gives
 * back what the others reserved. Waits only where the leases of this process do
 * not last.
 */
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import { nothing, type Amount } from "../../budgets/amount.ts";
import { BudgetTable } from "./budget-table.ts";
import { Purse, type PurseSettings, type Share } from "./purse.ts";
import { isOverRunBudget } from "./run-budget.ts";
import { noBudgets, type CallBudgets, type Refusal, type Reservation, type Reserved } from "./reservation.ts";
import type { OverBudget, ReserveOrder } from "./reservation.ts";

interface Taken {
  readonly budget: BudgetRecord;
  readonly share: Share;
}

export class Budgets implements CallBudgets {
  readonly #settings: PurseSettings;
  readonly #table = new BudgetTable();
  readonly #purses = new Map<string, Purse>();
  readonly #warned = new Set<string>();

  constructor(settings: PurseSettings) {
    this.#settings = settings;
  }

  /** Takes effect with the next call. */
  set(budget: BudgetRecord): void {
    const id = budget.budget_id;
    this.#table.set(budget);
    if (budget.window === "run") return;
    const purse = this.#purses.get(id);
    if (purse === undefined) this.#purses.set(id, new Purse(budget, this.#settings));
    else purse.retarget(budget);
  }

  unset(budgetId: string): void {
    this.#table.unset(budgetId);
    this.#purses.get(budgetId)?.unset();
    this.#purses.delete(budgetId);
  }

  reserve(order: ReserveOrder): Reserved | Promise<Reserved> {
    const budgets = this.#table.matching(order.task);
    if (budgets.length === 0) return noBudgets.reserve(order);
    const worst = order.worst();
    const over = budgets.filter((budget) => budget.window === "run" && isOverRunBudget(budget, order.spent(), worst));
    const hard = over.find(({ enforcement }) => enforcement === "hard");
    if (hard !== undefined) return { kind: "refused", budget: hard, resetsAtMs: null };
    const purses = budgets.flatMap(({ budget_id: id }) => this.#purses.get(id) ?? []);
    const taken: Taken[] = [];
    for (const [at, purse] of purses.entries()) {
      const share = purse.reserve(worst, order);
      if (share instanceof Promise)
        return this.#waitFor({ taken, share, purses: purses.slice(at), over }, worst, order);
      taken.push({ budget: purse.budget, share });
    }
    return { kind: "reserved", reservation: this.#reservation(taken, over, false) };
  }

  /** To be called when the budget's account changed. */
  changed(budgetId: string): void {
    this.#purses.get(budgetId)?.tend();
  }

  /** To be called about every second. */
  tend(): void {
    for (const purse of this.#purses.values()) purse.tend();
  }

  giveBack(): void {
    for (const purse of this.#purses.values()) purse.giveBack();
  }

  /** `purses[0]` is the one that `share` comes from. */
  async #waitFor(
    {
      taken,
      share,
      purses,
      over,
    }: { taken: Taken[]; share: Promise<Share | Refusal>; purses: readonly Purse[]; over: readonly BudgetRecord[] },
    worst: Amount,
    order: ReserveOrder,
  ): Promise<Reserved> {
    try {
      let next: Share | Refusal | null = await share;
      for (const purse of purses) {
        next ??= await purse.reserve(worst, order);
        if (next.kind === "refused") {
          for (const { share: given } of taken) given.settle(nothing);
          return next;
        }
        taken.push({ budget: purse.budget, share: next });
        next = null;
      }
    } catch (error) {
      for (const { share: given } of taken) given.settle(nothing);
      throw error;
    }
    return { kind: "reserved", reservation: this.#reservation(taken, over, true) };
  }

  #reservation(taken: readonly Taken[], over: readonly BudgetRecord[], waited: boolean): Reservation {
    const exceeded: OverBudget[] = over.map((budget) => ({ budget, resetsAtMs: null }));
    for (const { budget, share } of taken) {
      if (share.lease?.grant.exceeds !== true) continue;
      const { startMs, endMs } = share.lease.grant.window;
      exceeded.push({ budget, resetsAtMs: endMs });
      this.#warn(budget, startMs);
    }
    let isSettled = false;
    return {
      leaseIds: taken.flatMap(({ share }) => share.lease?.leaseId ?? []),
      exceeded,
      waited,
      settle: (charge) => {
        if (isSettled) return;
        isSettled = true;
        for (const { share } of taken) share.settle(charge);
      },
    };
  }

  /** Once a window. */
  #warn({ budget_id: budget, opened_at_ms: openedAtMs }: BudgetRecord, startMs: number): void {
    const key = `${budget}@${openedAtMs}@${startMs}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#settings.logger.warn({ budget }, "a soft budget is exceeded");
  }
}
