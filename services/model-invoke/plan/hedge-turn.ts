/**
 * Which tier may be asked beside a call that takes long: the one that would
 * have its turn next. None when its breaker is open or it has no room now, when
 * an operator ordered otherwise, when the run has no time left, and when two calls are in flight already: a hedge
 * is to save time, and never to make trouble elsewhere.
 */
import { deadlineOf } from "./deadline.ts";
import type { Situation } from "./situation.ts";
import { shutBy, tiersInOrder } from "./tiers.ts";
import { leastCallMs, turnOf, type Turn } from "./turns.ts";

export function hedgeTurn(situation: Situation): Turn | null {
  const { calls, running, nowMs, settled, orders, crowdedTiers } = situation;
  const leftMs = deadlineOf(situation) - nowMs;
  const [slow, ...others] = calls.filter((call) => call.end === null && running.has(call.callId));
  if (settled || orders.cancelled !== null || orders.paused !== null) return null;
  if (slow === undefined || others.length > 0 || leftMs < leastCallMs) return null;
  const next = tiersInOrder(situation)
    .filter((tier) => tier !== slow.tier)
    .flatMap((tier) => turnOf(situation, tier) ?? [])
    .find(({ readyAtMs }) => readyAtMs <= nowMs);
  if (next === undefined || shutBy(situation, next.tier) !== null || crowdedTiers.has(next.tier)) return null;
  return { ...next, timeoutMs: Math.min(next.timeoutMs, leftMs) };
}
