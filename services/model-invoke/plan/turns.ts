/**
 * When a tier may be called next in an attempt: once, once more if the provider
 * named a wait that fits or the policy says to retry, and again where it was
 * the key or a dying process that failed and not the model.
 */
import type { ModelTier } from "../../../schemas/control/harness-definition.ts";
import type { KnownCall } from "../journal/known-call.ts";
import { deadlineOf } from "./deadline.ts";
import type { Situation } from "./situation.ts";
import { actionOn, backoffMs, finalCall } from "./retry-policy.ts";

/** A call with less time than this is not worth its price, milliseconds: the least time a tier may be given. */
export const leastCallMs = 100;
/** Calls of one tier that may be lost with their process before the tier counts as failed. */
export const maxLostCalls = 3;

/** Calls of one tier that may fail for their key alone before they count as the tier's. */
export const maxKeyTries = 8;

export interface Turn {
  readonly tier: number;
  readonly readyAtMs: number;
  /** What the tier has left of its time. */
  readonly timeoutMs: number;
}

/** When this tier may be called next in this attempt; null when it has had its turn. */
export function turnOf(situation: Situation, tier: number): Turn | null {
  const { definition, calls, nowMs } = situation;
  const model = definition.models[tier];
  if (model === undefined || finalCall(calls, definition.knobs.retry) !== null) return null;
  const ofKeys = new Set(
    calls.filter((call) => call.tier === tier && call.end?.otherKey === true).slice(0, maxKeyTries),
  );
  const rejects = (call: KnownCall): boolean => call.end?.outcome === "unauthorized" && call.end.otherKey !== true;
  if (calls.some((call) => rejects(call) && call.provider === model.provider)) return null;
  const own = calls.filter((call) => call.tier === tier && !ofKeys.has(call));
  const ended = own.filter((call) => call.end !== null);
  if (own.length - ended.length >= maxLostCalls) return null;
  const [first, second] = ended;
  if (first === undefined) return { tier, readyAtMs: nowMs, timeoutMs: model.timeoutMs };
  const again = second === undefined ? secondTry(situation, first, model) : null;
  const fits = again !== null && again.timeoutMs >= leastCallMs;
  return fits && again.readyAtMs + leastCallMs <= deadlineOf(situation) ? { tier, ...again } : null;
}

/**
 * A wait that the provider names is part of the tier's time: so much was this tier's answer worth waiting for. A
 * retry has the tier's whole time again, after a wait that is no longer than that.
 */
function secondTry({ definition }: Situation, call: KnownCall, { timeoutMs }: ModelTier): Omit<Turn, "tier"> | null {
  const { end } = call;
  if (end === null) return null;
  if (actionOn(call, definition.knobs.retry) === "retry") {
    const waitMs = end.retryAfterMs ?? backoffMs(call.callId);
    return waitMs > timeoutMs ? null : { readyAtMs: end.atMs + waitMs, timeoutMs };
  }
  if (end.outcome !== "rate_limited" || end.retryAfterMs === undefined) return null;
  const readyAtMs = end.atMs + end.retryAfterMs;
  return { readyAtMs, timeoutMs: timeoutMs - (readyAtMs - call.startedAtMs) };
}

/** The wait for room comes after the pause that the provider asked for: nobody queues before. */
export function soonest(turns: readonly Turn[], crowdedTiers: Situation["crowdedTiers"]): Turn | undefined {
  const startsIn = ({ tier, readyAtMs }: Turn): number => readyAtMs + (crowdedTiers.get(tier) ?? 0);
  return turns.toSorted((left, right) => startsIn(left) - startsIn(right))[0];
}
