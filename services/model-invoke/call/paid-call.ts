/**
 * A call that its budgets allow and its model has room for: first the
 * reservation, then the slot, as a slot is scarce for every client and a
 * reservation only for those who share the budget. A wait makes the plan's step
 * old: the plan is asked again after it. What no call was made of is given back.
 */
import { nothing } from "../../budgets/amount.ts";
import type { OverBudget } from "../budgets/reservation.ts";
import { withSlot, type CallStep } from "../capacity/with-slot.ts";
import { makeHedgedCall, type HedgeParts } from "../hedging/hedged-call.ts";
import { nextStep } from "../plan/plan.ts";
import type { CallOrder } from "./make-call.ts";
import { reserveOrderOf } from "./reserve-order.ts";

export type PaidCallOrder = Omit<CallOrder, "slot" | "reservation">;

export interface PaidCallEnd {
  /** Set when a budget stands in the way: nothing was called. */
  readonly refusal: OverBudget | null;
  /** Soft budgets that the call was beyond. */
  readonly exceeded: readonly OverBudget[];
}

/** Resolves when the call is journaled, refused, or when the plan must be asked anew. */
export async function makePaidCall(parts: HedgeParts, order: PaidCallOrder): Promise<PaidCallEnd> {
  const reserving = parts.budgets.reserve(reserveOrderOf(parts, order, order.step.tier));
  const reserved = reserving instanceof Promise ? await reserving : reserving;
  const { context, situation } = order;
  if (reserved.kind === "refused") {
    // A run that was cancelled while it waited is the plan's to end.
    const isCancelled = situation().orders.cancelled !== null;
    return { refusal: isCancelled ? null : reserved, exceeded: [] };
  }
  const { reservation } = reserved;
  try {
    const step = reservation.waited ? await stepAfterWait(order) : order.step;
    if (step === null) return { refusal: null, exceeded: [] };
    const confirmed = context.confirmed ?? (() => Promise.resolve());
    const seeker = { capacity: parts.capacity, step, situation, confirmed, signal: context.signal };
    await withSlot(seeker, (chosen, slot) => makeHedgedCall(parts, { ...order, step: chosen, slot, reservation }));
  } finally {
    reservation.settle(nothing);
  }
  return { refusal: null, exceeded: reservation.exceeded };
}

/** Null when the plan wants something else by now, or this process may start nothing. */
async function stepAfterWait({ step, situation, context }: PaidCallOrder): Promise<CallStep | null> {
  await context.confirmed?.();
  const again = nextStep(situation());
  const isSame = !context.signal.aborted && again.kind === "call" && again.tier === step.tier;
  return isSame ? again : null;
}
