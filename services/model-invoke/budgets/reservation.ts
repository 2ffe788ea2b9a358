/**
 * What the stage sees of budgets: a call's worst case is reserved before it is
 * made, and settled with what it cost.
 */
import type { BudgetRecord } from "../../../schemas/control/budget.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { Amount } from "../../budgets/amount.ts";

export interface ReserveOrder {
  readonly task: Pick<AttemptTask, "client_id" | "feature" | "harness">;
  /** Most that the call can cost. Both are asked for only when a budget matches. */
  readonly worst: () => Amount;
  /** Spent by the run so far. */
  readonly spent: () => Amount;
  /** How long others' reservations are waited for, Unix milliseconds. */
  readonly deadlineAtMs: number;
  /** Ends the wait with a TransientError partition_lost. */
  readonly signal: AbortSignal;
}

export interface Reservation {
  readonly leaseIds: readonly string[];
  /** Soft budgets that this call is beyond. */
  readonly exceeded: readonly OverBudget[];
  /** Time passed since it was asked for: what was decided before may be old. */
  readonly waited: boolean;
  /** What was reserved beyond it is free again. Only the first time counts. */
  readonly settle: (charge: Amount) => void;
}

export interface OverBudget {
  readonly budget: BudgetRecord;
  /** Null for a run's budget: it never does. */
  readonly resetsAtMs: number | null;
}

export interface Refusal extends OverBudget {
  readonly kind: "refused";
}

export type Reserved = { readonly kind: "reserved"; readonly reservation: Reservation } | Refusal;

export interface CallBudgets {
  /** At once when no budget matches or the leases here are enough. Errors: TransientError. */
  reserve(order: ReserveOrder): Reserved | Promise<Reserved>;
}

const unbounded: Reserved = {
  kind: "reserved",
  reservation: { leaseIds: [], exceeded: [], waited: false, settle: () => undefined },
};

/** Where there are no budgets. */
export const noBudgets: CallBudgets = { reserve: () => unbounded };
