/**
 * Decides the next step of an attempt from what its journal knows: which tier
 * to call and for how long, to wait, or to end without an answer. What operators
 * ordered comes first: a cancelled run ends, a paused one waits. Every
 * sequence of outcomes ends: a tier is called once, once more if the provider
 * named a wait that fits or the harness's policy says to retry, again for at
 * most `maxKeyTries` calls whose key alone failed, and for at most
 * `maxLostCalls` whose process died. No call starts past the run's deadline.
 */
import type { Reason } from "../../../schemas/parts/finding.ts";
import { finishGraceMs, isAwaited, type KnownCall } from "../journal/known-call.ts";
import { deadlineOf, lastStartOf } from "./deadline.ts";
import { tierReasons } from "./reasons.ts";
import { finalCall } from "./retry-policy.ts";
import type { Situation, SkippedTier } from "./situation.ts";
import { chainOrder, isPassedOver, shutBy, tiersInOrder } from "./tiers.ts";
import { leastCallMs, soonest, turnOf, type Turn } from "./turns.ts";

export type Step =
  /** Call this tier now. `skipped`: tiers before it that were passed over. */
  | {
      readonly kind: "call";
      readonly tier: number;
      readonly timeoutMs: number;
      /** Where there is no room for it now: until when it is worth waiting for, Unix milliseconds. */
      readonly waitUntilMs: number;
      readonly skipped: readonly SkippedTier[];
    }
  /** The provider asked for a pause that is worth it. */
  | { readonly kind: "pause"; readonly untilMs: number }
  /** A call is in flight: another process', or the other one of a hedge. */
  | { readonly kind: "wait"; readonly untilMs: number }
  /** An operator paused the run: nothing is to be paid before that ends, or the time. */
  | { readonly kind: "hold"; readonly untilMs: number }
  /** An operator ended the run. */
  | { readonly kind: "cancelled"; readonly reasons: readonly Reason[] }
  /** Nothing to do: it is settled. */
  | { readonly kind: "join" }
  /** Time ran out before the next paid step. */
  | { readonly kind: "expired"; readonly reasons: readonly Reason[] }
  /** No tier is left that could answer, or the policy says to ask none of them. */
  | { readonly kind: "degraded"; readonly reasons: readonly Reason[] }
  /** The policy says that somebody has to mend something first. */
  | { readonly kind: "failed_fast"; readonly reasons: readonly Reason[] };

/** A tier that asks for no longer pause than this is waited for before the next one is tried, milliseconds. */
export const patienceMs = 1000;

export function nextStep(situation: Situation): Step {
  const { orders, nowMs } = situation;
  if (situation.settled) return { kind: "join" };
  const awaitedUntilMs = finishDueMs(situation);
  if (orders.cancelled !== null && awaitedUntilMs === null) return cancelled(situation, orders.cancelled);
  if (situation.task.attempt > situation.definition.maxAttempts) return degraded(situation, "attempts_exhausted");
  if (awaitedUntilMs !== null) return { kind: "wait", untilMs: awaitedUntilMs };
  const final = finalCall(situation.calls, situation.definition.knobs.retry);
  if (final?.action === "fail_fast") return failedFast(situation, final.call);
  const usable = tiersInOrder(situation).flatMap((tier) => turnOf(situation, tier) ?? []);
  if (usable.length === 0) return degraded(situation);
  const leftMs = deadlineOf(situation) - nowMs;
  if (leftMs < leastCallMs) return expired(situation);
  const lastStartMs = lastStartOf(situation) - leastCallMs;
  if (orders.paused !== null) return { kind: "hold", untilMs: lastStartMs + 1 };
  const open = usable.filter(({ tier }) => shutBy(situation, tier) === null);
  const chosen = open.find((turn) => isSoon(situation, turn)) ?? soonest(open, situation.crowdedTiers);
  if (chosen === undefined) return degraded(situation);
  if (chosen.readyAtMs > nowMs) return { kind: "pause", untilMs: chosen.readyAtMs };
  const hasOther = open.some((other) => other !== chosen && isSoon(situation, other));
  return {
    kind: "call",
    tier: chosen.tier,
    timeoutMs: Math.min(chosen.timeoutMs, leftMs),
    waitUntilMs: hasOther ? nowMs + patienceMs : lastStartMs,
    skipped: skippedBefore(situation, chosen.tier),
  };
}

/** When the last call in flight is sure to be journaled; null when none is. The run's time bounds the wait for others'. */
function finishDueMs(situation: Situation): number | null {
  const { calls, otherWorkers, nowMs } = situation;
  const limitMs = deadlineOf(situation);
  const dueMs = calls.flatMap((call) => {
    if (isRunning(situation, call)) return call.deadlineAtMs + finishGraceMs;
    if (!isAwaited(call, otherWorkers, nowMs) || nowMs >= limitMs + finishGraceMs) return [];
    return Math.min(call.deadlineAtMs, limitMs) + finishGraceMs;
  });
  return dueMs.length === 0 ? null : Math.max(...dueMs);
}

/** Neither its provider's pause nor the wait for room there is longer than we are patient. */
function isSoon({ crowdedTiers, nowMs }: Situation, { tier, readyAtMs }: Turn): boolean {
  return readyAtMs <= nowMs + patienceMs && (crowdedTiers.get(tier) ?? 0) <= patienceMs;
}

function isRunning({ running }: Situation, { callId, end }: KnownCall): boolean {
  return end === null && running.has(callId);
}

/** Tiers before the chosen one that would have had their turn first. */
function skippedBefore(situation: Situation, chosen: number): SkippedTier[] {
  const order = chainOrder(situation);
  return order.slice(0, order.indexOf(chosen)).flatMap((tier): SkippedTier[] => {
    const untried = !situation.calls.some((call) => call.tier === tier);
    if (untried && isPassedOver(situation, tier)) return [{ tier, why: "context_window" }];
    const turn = turnOf(situation, tier);
    if (turn === null) return [];
    const isCrowded = (situation.crowdedTiers.get(tier) ?? 0) > patienceMs;
    const why = shutBy(situation, tier) ?? (isCrowded ? "no_capacity" : null);
    return why === null ? [] : [{ tier, why }];
  });
}

function degraded(situation: Situation, code?: string): Step {
  const why = code === undefined ? [] : [{ code, message: "the harness allows no further attempt" }];
  return { kind: "degraded", reasons: [...why, ...tierReasons(situation)] };
}

function failedFast(situation: Situation, { provider, model, end }: KnownCall): Step {
  const outcome = end?.outcome ?? "lost";
  const message = `${provider}/${model}: ${outcome}, and the harness's policy for it is to fail fast`;
  const why = { code: "failed_fast", message, rule: `knobs.retry.${outcome}` };
  return { kind: "failed_fast", reasons: [why, ...tierReasons(situation)] };
}

function expired(situation: Situation): Step {
  const why = { code: "deadline_exceeded", message: "no time was left for the next paid step" };
  const { paused } = situation.orders;
  return { kind: "expired", reasons: [...(paused === null ? [] : [paused]), why, ...tierReasons(situation)] };
}

/** The tiers only when some were called: else there is nothing to say of them. */
function cancelled(situation: Situation, why: Reason): Step {
  return { kind: "cancelled", reasons: [why, ...(situation.calls.length === 0 ? [] : tierReasons(situation))] };
}
