/**
 * Decides the next step of an attempt from what its journal knows: which tier
 * to call and for how long, to wait, or to end without an answer. Every
 * sequence of outcomes ends: a tier is called once, once more if the provider
 * named a wait that fits, again for at most `maxKeyTries` calls whose key alone
 * failed, and for at most `maxLostCalls` whose process died. No call starts past
 * the run's deadline.
 */
import type { CallOutcome } from "../../schemas/parts/codes.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import type { HarnessDefinition, ModelTier } from "../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { tokensFor } from "../guards/tokens/estimate.ts";
import { finishGraceMs, isAwaited, type KnownCall } from "./journal/known-call.ts";

export interface Situation {
  readonly definition: Pick<HarnessDefinition, "models" | "maxAttempts" | "output">;
  readonly task: Pick<AttemptTask, "attempt" | "first_tier" | "deadline_at_ms" | "input_tokens_estimate" | "fits">;
  /** All calls of this attempt, in the order of their start. */
  readonly calls: readonly KnownCall[];
  /** A finish of this attempt settled it: another process' or an earlier one of ours. */
  readonly settled: boolean;
  /** Tiers whose breaker lets no call through now. */
  readonly openTiers: ReadonlySet<number>;
  /** Client ids of the group's other living members. */
  readonly otherWorkers: ReadonlySet<string>;
  readonly nowMs: number;
}

export type Step =
  /** Call this tier now. `skipped`: tiers before it that were passed over. */
  | {
      readonly kind: "call";
      readonly tier: number;
      readonly timeoutMs: number;
      readonly skipped: readonly SkippedTier[];
    }
  /** The provider asked for a pause that is worth it. */
  | { readonly kind: "pause"; readonly untilMs: number }
  /** Another process' call is in flight. */
  | { readonly kind: "wait"; readonly untilMs: number }
  /** Nothing to do: it is settled. */
  | { readonly kind: "join" }
  /** Time ran out before the next paid step. */
  | { readonly kind: "expired"; readonly reasons: readonly Reason[] }
  /** No tier is left that could answer. */
  | { readonly kind: "degraded"; readonly reasons: readonly Reason[] };

export interface SkippedTier {
  readonly tier: number;
  readonly why: "breaker_open" | "context_window";
}

/** A call with less time than this is not worth its price, milliseconds: the least time a tier may be given. */
export const leastCallMs = 100;
/** A tier that asks for no longer pause than this is waited for before the next one is tried, milliseconds. */
export const patienceMs = 1000;
/** Calls of one tier that may be lost with their process before the tier counts as failed. */
export const maxLostCalls = 3;

/** Calls of one tier that may fail for their key alone before they count as the tier's. */
export const maxKeyTries = 8;

export function nextStep(situation: Situation): Step {
  const { calls, nowMs } = situation;
  if (situation.settled) return { kind: "join" };
  if (situation.task.attempt > situation.definition.maxAttempts) return degraded(situation, "attempts_exhausted");
  const awaited = calls.filter((call) => isAwaited(call, situation.otherWorkers, nowMs));
  if (awaited.length > 0) {
    return { kind: "wait", untilMs: Math.max(...awaited.map((call) => call.deadlineAtMs)) + finishGraceMs };
  }
  const usable = tiersInOrder(situation).flatMap((tier) => turnOf(situation, tier) ?? []);
  if (usable.length === 0) return degraded(situation);
  if (situation.task.deadline_at_ms - nowMs < leastCallMs) return expired(situation);
  const closed = usable.filter(({ tier }) => !situation.openTiers.has(tier));
  const chosen = closed.find(({ readyAtMs }) => readyAtMs <= nowMs + patienceMs) ?? soonest(closed);
  if (chosen === undefined) return degraded(situation);
  if (chosen.readyAtMs > nowMs) return { kind: "pause", untilMs: chosen.readyAtMs };
  return {
    kind: "call",
    tier: chosen.tier,
    timeoutMs: Math.min(chosen.timeoutMs, situation.task.deadline_at_ms - nowMs),
    skipped: skippedBefore(situation, chosen.tier),
  };
}

/** From the attempt's first tier to the end of the chain, then the cheaper ones before it: better than no answer. */
function chainOrder({ definition, task }: Situation): number[] {
  const count = definition.models.length;
  const first = Math.min(task.first_tier, count - 1);
  return definition.models.map((_, index) => (first + index) % count);
}

/** The chain without the tiers that the prompt is too long for. */
function tiersInOrder(situation: Situation): number[] {
  const roomy = chainOrder(situation).filter((tier) => !isRefusedAsTooLong(situation, tier));
  const fitting = roomy.filter((tier) => fits(situation, tier));
  // An estimate errs high: where no tier seems to fit, the provider decides.
  return fitting.length > 0 ? fitting : roomy;
}

/** A provider said of a prompt no shorter than this tier's that it is too long for a window no smaller. */
function isRefusedAsTooLong({ definition: { models }, task, calls }: Situation, tier: number): boolean {
  return calls
    .filter(wasTooLong)
    .some(
      (call) => windowOf(models, tier) <= windowOf(models, call.tier) && cutFor(task, tier) <= cutFor(task, call.tier),
    );
}

/** Characters and messages that are left out for a tier. */
function cutFor({ fits: own }: Situation["task"], tier: number): number {
  const cuts = own?.find((fit) => fit.tier === tier)?.cuts ?? [];
  return cuts.reduce((sum, { start, end }) => sum + 1 + end - start, 0);
}

/**
 * Each tier in its own provider's tokens: a prompt cut to fit the first model
 * must not be too long for it here. Where the prompt was fitted tier by tier,
 * those counts hold.
 */
function fits({ definition: { models, output }, task }: Situation, tier: number): boolean {
  const model = models[tier];
  if (model === undefined) return false;
  const tokens =
    task.fits === undefined
      ? tokensFor(
          task.input_tokens_estimate,
          models.map(({ provider }) => provider),
          model.provider,
        )
      : task.fits.find((fit) => fit.tier === tier)?.input_tokens;
  return tokens !== undefined && tokens + output.maxTokens <= model.contextWindowTokens;
}

/** Tiers before the chosen one that would have had their turn first. */
function skippedBefore(situation: Situation, chosen: number): SkippedTier[] {
  const order = chainOrder(situation);
  return order.slice(0, order.indexOf(chosen)).flatMap((tier): SkippedTier[] => {
    const untried = !situation.calls.some((call) => call.tier === tier);
    if (untried && isPassedOver(situation, tier)) return [{ tier, why: "context_window" }];
    return situation.openTiers.has(tier) && turnOf(situation, tier) !== null ? [{ tier, why: "breaker_open" }] : [];
  });
}

function isPassedOver(situation: Situation, tier: number): boolean {
  return !tiersInOrder(situation).includes(tier);
}

function windowOf(models: readonly ModelTier[], tier: number): number {
  return models[tier]?.contextWindowTokens ?? 0;
}

/** The one bad request that another model may well answer. */
function wasTooLong({ end }: KnownCall): boolean {
  return end?.outcome === "bad_request" && end.code === "context_length_exceeded";
}

interface Turn {
  readonly tier: number;
  readonly readyAtMs: number;
  /** What the tier has left of its time. */
  readonly timeoutMs: number;
}

/** When this tier may be called next in this attempt; null when it has had its turn. */
function turnOf({ definition, task, calls, nowMs }: Situation, tier: number): Turn | null {
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

function soonest(turns: readonly Turn[]): Turn | undefined {
  return turns.toSorted((left, right) => left.readyAtMs - right.readyAtMs)[0];
}

function degraded(situation: Situation, code?: string): Step {
  const why = code === undefined ? [] : [{ code, message: "the harness allows no further attempt" }];
  return { kind: "degraded", reasons: [...why, ...tierReasons(situation)] };
}

function expired(situation: Situation): Step {
  const why = { code: "deadline_exceeded", message: "no time was left for the next paid step" };
  return { kind: "expired", reasons: [why, ...tierReasons(situation)] };
}

/** What became of each tier, in the chain's order. Never a provider's words, which can quote the prompt. */
function tierReasons(situation: Situation): Reason[] {
  const { definition, calls } = situation;
  return definition.models.map(({ provider, model }, tier) => {
    const last = calls.findLast((call) => call.tier === tier);
    const code = last === undefined ? untriedCode(situation, tier) : endCode(last);
    const own = last?.end?.code;
    const detail = own === undefined || own === code ? "" : ` (${own})`;
    return { code, message: `${provider}/${model}: ${code}${detail}`, rule: `tier_${tier}` };
  });
}

function untriedCode(situation: Situation, tier: number): SkippedTier["why"] | "not_called" {
  if (isPassedOver(situation, tier)) return "context_window";
  return situation.openTiers.has(tier) ? "breaker_open" : "not_called";
}

function endCode(call: KnownCall): CallOutcome | "lost" {
  return call.end?.outcome ?? "lost";
}
