/**
 * Which tier may be asked beside a call that takes long: the one that would
 * have its turn next. None when its breaker is open or it has no room now, when
 * the run has no time left, and when two calls are in flight already: a hedge
 * is to save time, and never to make trouble elsewhere.
 */
import type { Situation } from "./situation.ts";
import { tiersInOrder } from "./tiers.ts";
import { leastCallMs, turnOf, type Turn } from "./turns.ts";

export function hedgeTurn(situation: Situation): Turn | null {
  const { calls, running, task, nowMs, settled, openTiers, crowdedTiers } = situation;
  const leftMs = task.deadline_at_ms - nowMs;
  const [slow, ...others] = calls.filter((call) => call.end === null && running.has(call.callId));
  if (settled || slow === undefined || others.length > 0 || leftMs < leastCallMs) return null;
  const next = tiersInOrder(situation)
    .filter((tier) => tier !== slow.tier)
    .flatMap((tier) => turnOf(situation, tier) ?? [])
    .find(({ readyAtMs }) => readyAtMs <= nowMs);
  if (next === undefined || openTiers.has(next.tier) || crowdedTiers.has(next.tier)) return null;
  return { ...next, timeoutMs: Math.min(next.timeoutMs, leftMs) };
}
