/**
 * What a call asks its budgets for: the worst case of its tier, and beside it
 * what its run has spent.
 */
import type { Amount } from "../../budgets/amount.ts";
import { worstCharge } from "../budgets/charge.ts";
import type { ReserveOrder } from "../budgets/reservation.ts";
import { spentByRun } from "../budgets/run-budget.ts";
import { callBounds } from "../interpret.ts";
import { lastStartOf } from "../plan/deadline.ts";
import type { CallOrder, CallParts } from "./make-call.ts";

/** It waits for others' reservations as long as the call could still start. */
export function reserveOrderOf(
  { tariffOf }: Pick<CallParts, "tariffOf">,
  { task, definition, attempt, context }: Pick<CallOrder, "task" | "definition" | "attempt" | "context">,
  tier: number,
): ReserveOrder {
  const worstOf = (at: number): Amount => {
    const tariff = tariffOf(definition.models[at]?.provider ?? "");
    return worstCharge(callBounds({ task, definition, tier: at, nowMs: context.nowMs(), tariff }));
  };
  return {
    task,
    worst: () => worstOf(tier),
    spent: () => spentByRun(task, attempt.calls, worstOf),
    deadlineAtMs: lastStartOf({ task, calls: attempt.calls, nowMs: context.nowMs() }),
    signal: context.signal,
  };
}
