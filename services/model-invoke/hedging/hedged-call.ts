/**
 * A call that gets a second one beside it when it takes longer than its model
 * mostly does. Each has its own slot, breaker, journal records and price. The
 * first answer settles the attempt and ends the other, which is paid for all
 * the same. When one fails, the other goes on: it is the fallback already. It
 * resolves when both are over and journaled.
 */
import type { CallStarted } from "../../../schemas/records/call.ts";
import { nothing } from "../../budgets/amount.ts";
import type { CallBudgets } from "../budgets/reservation.ts";
import { makeCall, type CallOrder, type CallParts, type Race } from "../call/make-call.ts";
import { reserveOrderOf } from "../call/reserve-order.ts";
import type { Capacity } from "../capacity/capacity.ts";
import { demandOf } from "../capacity/with-slot.ts";
import { hedgeTurn } from "../plan/hedge-turn.ts";
import type { HedgeShare } from "./hedge-share.ts";

export interface HedgeParts extends CallParts {
  readonly budgets: CallBudgets;
  readonly capacity: Capacity;
  readonly hedges: HedgeShare;
}

/** Errors: TransientError of either call's journal records, when both are over. */
export async function makeHedgedCall(parts: HedgeParts, order: CallOrder): Promise<void> {
  if (order.definition.hedge === undefined) return await makeCall(parts, order);
  const over = new AbortController();
  const settling = { lost: over.signal, won: () => over.abort() };
  let second: Promise<readonly PromiseSettledResult<void>[]> = Promise.resolve([]);
  const left = (started: CallStarted): void => {
    parts.hedges.noteCall(started.harness.name);
    second = Promise.allSettled([hedge(parts, { ...order, race: { ...settling, left: noteNothing } }, started)]);
  };
  const first = await Promise.allSettled([makeCall(parts, { ...order, race: { ...settling, left } })]);
  for (const result of [...first, ...(await second)]) if (result.status === "rejected") throw result.reason;
}

function noteNothing(): void {}

/** Waits until the call is slow, and makes the other beside it if there is still reason and room for it. */
async function hedge(parts: HedgeParts, order: CallOrder & { readonly race: Race }, slow: CallStarted): Promise<void> {
  const { definition, attempt, context, race } = order;
  const { afterMs = parts.capacity.slowMs(slow), maxShare = 0 } = definition.hedge ?? {};
  if (afterMs === undefined) return;
  const atMs = context.nowMs() + afterMs;
  const isSlow = (): boolean => attempt.running.has(slow.call_id) && !context.signal.aborted;
  while (isSlow() && context.nowMs() < atMs) await attempt.changed(atMs - context.nowMs(), context.signal);
  await context.confirmed?.();
  const situation = order.situation();
  const turn = isSlow() ? hedgeTurn(situation) : null;
  if (turn === null || !parts.hedges.allows(slow.harness.name, maxShare)) return;
  // Nobody needs it: it waits for no budget.
  const reserving = { ...reserveOrderOf(parts, order, turn.tier), deadlineAtMs: situation.nowMs };
  const reserved = await parts.budgets.reserve(reserving);
  if (reserved.kind === "refused") return;
  const { reservation } = reserved;
  const goesOn = isSlow() && parts.hedges.allows(slow.harness.name, maxShare);
  const slot = goesOn ? parts.capacity.tryTake(demandOf(situation, turn.tier)) : null;
  if (slot === null) return reservation.settle(nothing);
  parts.hedges.noteHedge(slow.harness.name);
  const step = { kind: "call", ...turn, waitUntilMs: situation.nowMs, skipped: [] } as const;
  await makeCall(parts, { ...order, step, slot, reservation, race: { ...race, hedgeOf: slow.call_id } });
}
