/**
 * When a tier may be called next in an attempt: once, once more if the provider
 * named a wait that fits, and again where it was the key or a dying process
 * that failed and not the model.
 */
import type { KnownCall } from "../journal/known-call.ts";
import type { Situation } from "./situation.ts";
import { wasTooLong } from "./tiers.ts";

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
export function turnOf({ definition, task, calls, nowMs }: Situation, tier: number): Turn | null {
  const model = definition.models[tier];
  if (model === undefined || calls.some((call) => endsTheAttempt(call))) return null;
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
  const retryAfterMs = first.end?.outcome === "rate_limited" ? first.end.retryAfterMs : undefined;
  if (first.end === null || second !== undefined || retryAfterMs === undefined) return null;
  const readyAtMs = first.end.atMs + retryAfterMs;
  const timeoutMs = model.timeoutMs - (readyAtMs - first.startedAtMs);
  const affordable = timeoutMs >= leastCallMs && readyAtMs + leastCallMs <= task.deadline_at_ms;
  return affordable ? { tier, readyAtMs, timeoutMs } : null;
}

/** Every model would say the same: asking on costs time and helps nobody. */
function endsTheAttempt(call: KnownCall): boolean {
  return call.end?.outcome === "bad_request" && !wasTooLong(call);
}

/** The wait for room comes after the pause that the provider asked for: nobody queues before. */
export function soonest(turns: readonly Turn[], crowdedTiers: Situation["crowdedTiers"]): Turn | undefined {
  const startsIn = ({ tier, readyAtMs }: Turn): number => readyAtMs + (crowdedTiers.get(tier) ?? 0);
  return turns.toSorted((left, right) => startsIn(left) - startsIn(right))[0];
}
