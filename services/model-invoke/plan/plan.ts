/**
 * Decides the next step of an attempt from what its journal knows: which tier
 * to call and for how long, to wait, or to end without an answer. Every
 * sequence of outcomes ends: a tier is called once, once more if the provider
 * named a wait that fits or the harness's policy says to retry, again for at
 * most `maxKeyTries` calls whose key alone failed, and for at most
 * `maxLostCalls` whose process died. No call starts past the run's deadline.
 */
import type { Reason } from "../../../schemas/parts/finding.ts";
import { finishGraceMs, isAwaited, type KnownCall } from "../journal/known-call.ts";
import { tierReasons } from "./reasons.ts";
import { finalCall } from "./retry-policy.ts";
import type { Situation, SkippedTier } from "./situation.ts";
import { chainOrder, isPassedOver, tiersInOrder } from "./tiers.ts";
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
  const { calls, nowMs } = situation;
  if (situation.settled) return { kind: "join" };
  if (situation.task.attempt > situation.definition.maxAttempts) return degraded(situation, "attempts_exhausted");
  const awaited = calls.filter((call) => isRunning(situation, call) || isAwaited(call, situation.otherWorkers, nowMs));
  if (awaited.length > 0) {
    return { kind: "wait", untilMs: Math.max(...awaited.map((call) => call.deadlineAtMs)) + finishGraceMs };
  }
  const final = finalCall(calls, situation.definition.knobs.retry);
  if (final?.action === "fail_fast") return failedFast(situation, final.call);
  const usable = tiersInOrder(situation).flatMap((tier) => turnOf(situation, tier) ?? []);
  if (usable.length === 0) return degraded(situation);
  if (situation.task.deadline_at_ms - nowMs < leastCallMs) return expired(situation);
  const closed = usable.filter(({ tier }) => !situation.openTiers.has(tier));
  const chosen = closed.find((turn) => isSoon(situation, turn)) ?? soonest(closed, situation.crowdedTiers);
  if (chosen === undefined) return degraded(situation);
  if (chosen.readyAtMs > nowMs) return { kind: "pause", untilMs: chosen.readyAtMs };
  return {
    kind: "call",
    tier: chosen.tier,
    timeoutMs: Math.min(chosen.timeoutMs, situation.task.deadline_at_ms - nowMs),
    waitUntilMs: closed.some((other) => other !== chosen && isSoon(situation, other))
      ? nowMs + patienceMs
      : situation.task.deadline_at_ms - leastCallMs,
    skipped: skippedBefore(situation, chosen.tier),
  };
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
    if (situation.openTiers.has(tier)) return [{ tier, why: "breaker_open" }];
    return (situation.crowdedTiers.get(tier) ?? 0) > patienceMs ? [{ tier, why: "no_capacity" }] : [];
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
  return { kind: "expired", reasons: [why, ...tierReasons(situation)] };
}
