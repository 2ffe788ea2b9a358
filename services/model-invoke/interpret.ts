/**
 * Turns a call into its two journal records: what is promised before it leaves,
 * and what it came to. Prices it, says how far its usage is known, and decides
 * whether this finish settles the attempt: when it is `ok`, or when the plan
 * has no tier left after it and no earlier answer is looked for.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { CallOutcome } from "../../schemas/parts/codes.ts";
import { runIdentityOf } from "../../schemas/parts/identity.ts";
import type { WrittenToolCall } from "../../schemas/parts/tools.ts";
import type { Spend, Usage, UsageSource } from "../../schemas/parts/usage.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { CallFinished, CallStarted, Settlement } from "../../schemas/records/call.ts";
import { outputLimit } from "../guards/prompt/output-limit.ts";
import { priceOfEnded } from "../pricing/price-of.ts";
import { savedInputUsd } from "../pricing/saved-input.ts";
import { addSpend } from "../pricing/spend.ts";
import type { Tariff } from "../pricing/tariff.ts";
import { worstCase } from "../pricing/worst-case.ts";
import { endOf, unsentCode, type CallEnd, type KnownCall } from "./journal/known-call.ts";
import { deadlineOf } from "./plan/deadline.ts";
import { nextStep } from "./plan/plan.ts";
import type { Situation } from "./plan/situation.ts";

/** A call that is about to leave: what the plan chose, and ids and clock from outside. */
export interface Departure {
  readonly task: AttemptTask;
  readonly definition: HarnessDefinition;
  readonly tier: number;
  readonly callNo: number;
  readonly callId: string;
  readonly worker: string;
  readonly nowMs: number;
  readonly timeoutMs: number;
  readonly tariff: Tariff;
  /** The call that this one is made beside. */
  readonly hedgeOf?: string | undefined;
  /** On budgets, that it is paid from. */
  readonly leaseIds?: readonly string[];
}

/** What a call can cost, in the record's terms. */
export type CallBounds = Pick<
  CallStarted,
  "input_tokens_estimate" | "max_output_tokens" | "price_version" | "cost_low_usd" | "cost_high_usd"
>;

/** At the prices of `nowMs`. */
export function callBounds(call: Pick<Departure, "task" | "definition" | "tier" | "nowMs" | "tariff">): CallBounds {
  const { task, definition, tier, nowMs } = call;
  const model = definition.models[tier];
  if (model === undefined) throw new Error(`no tier ${tier} in ${definition.name}`);
  const inputTokens = task.fits?.find((fit) => fit.tier === tier)?.input_tokens ?? task.input_tokens_estimate;
  const maxOutputTokens = outputLimit(definition, task.options);
  const bounds = worstCase({
    ...call.tariff,
    model: model.model,
    inputTokens,
    maxOutputTokens,
    atMs: nowMs,
  });
  return {
    input_tokens_estimate: inputTokens,
    max_output_tokens: maxOutputTokens,
    price_version: bounds.priceVersion,
    cost_low_usd: bounds.lowUsd,
    cost_high_usd: bounds.highUsd,
  };
}

export function startedRecord(departure: Departure): CallStarted {
  const { task, definition, tier, nowMs, leaseIds = [] } = departure;
  const model = definition.models[tier];
  if (model === undefined) throw new Error(`no tier ${tier} in ${definition.name}`);
  return {
    kind: "call.started",
    ...runIdentityOf(task),
    call_id: departure.callId,
    attempt: task.attempt,
    call_no: departure.callNo,
    tier,
    ...(departure.hedgeOf === undefined ? {} : { hedge_of: departure.hedgeOf }),
    provider: model.provider,
    model: model.model,
    body_sha256: task.body_sha256,
    worker: departure.worker,
    started_at_ms: nowMs,
    deadline_at_ms: nowMs + departure.timeoutMs,
    ...callBounds(departure),
    ...cutOf(departure),
    ...(leaseIds.length === 0 ? {} : { lease_ids: [...leaseIds] }),
  };
}

/** What the prompt was cut by for this tier, and what that saves at the prices of now. */
function cutOf({ task, definition, tier, tariff, nowMs }: Departure): Pick<CallStarted, "cut"> {
  const fit = task.fits?.find((one) => one.tier === tier);
  const { strategy } = definition.knobs.contextWindow;
  const model = definition.models[tier]?.model;
  if (fit?.tokens_cut === undefined || strategy === "refuse" || model === undefined) return {};
  const tokens = { tokensBefore: fit.input_tokens + fit.tokens_cut, tokensAfter: fit.input_tokens };
  const saved = savedInputUsd({ ...tariff, model, atMs: nowMs }, tokens);
  return { cut: { strategy, tokens: fit.tokens_cut, saved_usd: saved } };
}

/** How a call ended, in the terms of the record: made from the provider's outcome at the stage's edge. */
export interface CallEnding {
  readonly outcome: CallOutcome;
  /** Set when the outcome is `ok`. */
  readonly answer: string | null;
  /** The tools that the answer calls. */
  readonly toolCalls?: readonly WrittenToolCall[];
  readonly finishReason?: string;
  readonly firstTokenMs?: number;
  readonly error?: NonNullable<CallFinished["error"]>;
  readonly servedModel?: string;
  readonly providerRequestId?: string;
  /** As the provider reported it. */
  readonly usage: Usage | null;
  /** Without a report: tokens of the answer that had arrived, estimated. */
  readonly streamedTokens?: number;
}

export interface FinishedCall {
  readonly task: AttemptTask;
  readonly started: CallStarted;
  readonly ending: CallEnding;
  readonly finishedAtMs: number;
  readonly tariff: Tariff;
  /** The attempt as the journal knows it, this call not yet ended. */
  readonly situation: Situation;
}

/** The end of a call that was announced and never left: it cost nothing, settles nothing and is no tier's turn. */
export function unsentRecord(started: CallStarted, atMs: number): CallFinished {
  return {
    ...started,
    kind: "call.finished",
    finished_at_ms: atMs,
    outcome: "connection",
    error: { code: unsentCode },
    usage: null,
    usage_source: "estimated",
    cost_usd: "0",
    settles: false,
  };
}

/**
 * `situation.nowMs` and `openTiers` are those after the call: they decide whether another step follows. While a hedge's
 * other call is in flight only an answer settles, and only the first.
 */
export function finishedRecord(finished: FinishedCall): CallFinished {
  const { started, ending, finishedAtMs } = finished;
  const price = priceEnding(finished);
  const { kind: _, ...identity } = started;
  const ended = {
    kind: "call.finished",
    ...identity,
    price_version: price.priceVersion,
    finished_at_ms: finishedAtMs,
    outcome: ending.outcome,
    ...(ending.error === undefined ? {} : { error: ending.error }),
    ...(ending.servedModel === undefined ? {} : { served_model: ending.servedModel }),
    ...(ending.providerRequestId === undefined ? {} : { provider_request_id: ending.providerRequestId }),
    ...(ending.finishReason === undefined ? {} : { finish_reason: ending.finishReason }),
    ...(ending.firstTokenMs === undefined ? {} : { first_token_ms: ending.firstTokenMs }),
    usage: price.usage,
    usage_source: price.source,
    cost_usd: price.costUsd,
    ...(price.uncachedUsd === undefined ? {} : { uncached_cost_usd: price.uncachedUsd }),
  } as const;
  const settlement = settlementOf(finished, endOf(ended));
  return settlement === null ? { ...ended, settles: false } : { ...ended, settles: true, settlement };
}

function settlementOf({ task, started, ending, situation }: FinishedCall, end: CallEnd): Settlement | null {
  const calls = situation.calls.map((call) => (call.callId === started.call_id ? { ...call, end } : call));
  if (situation.settled) return null;
  const settled = { task: withFixedDeadline(task, { ...situation, calls }), spent: spentBy(task, calls) };
  // The answer of a cancelled run is paid for and not given out: model-invoke ends the run itself.
  if (ending.outcome === "ok") return situation.orders.cancelled === null ? { ...settled, ...answerOf(ending) } : null;
  const next = nextStep({ ...situation, calls });
  if (next.kind !== "degraded" || situation.definition.degrade?.lastGoodAnswer !== undefined) return null;
  return { ...settled, answer: null, reasons: [...next.reasons] };
}

function answerOf({ answer, toolCalls }: CallEnding): Pick<Settlement, "answer" | "tool_calls"> {
  const calls = toolCalls === undefined ? {} : { tool_calls: { plain: [...toolCalls] } };
  return { answer: { plain: answer ?? "" }, ...calls };
}

/** Once a run has called, its time is fixed: further attempts carry it as a deadline. */
function withFixedDeadline({ work_ms: workMs, ...task }: AttemptTask, situation: Situation): AttemptTask {
  return workMs === undefined ? task : { ...task, deadline_at_ms: deadlineOf(situation) };
}

interface PricedEnding {
  readonly usage: Usage | null;
  readonly costUsd: string | null;
  readonly priceVersion: string;
  readonly source: UsageSource;
  /** What the same tokens cost without the provider's cache; absent where no cache took part. */
  readonly uncachedUsd?: string | null;
}

/** A call that was turned away ran nothing and cost nothing. */
function priceEnding({ started, ending, tariff }: FinishedCall): PricedEnding {
  if (ending.usage === null && wasTurnedAway(ending.outcome, ending.error?.code)) {
    return { usage: null, costUsd: "0", priceVersion: started.price_version, source: "estimated" };
  }
  const usage = ending.usage ?? usageSoFar(started, ending);
  if (usage === null) return { usage, costUsd: null, priceVersion: started.price_version, source: "unknown" };
  const atMs = started.started_at_ms;
  const call = { ...tariff, model: started.model, servedModel: ending.servedModel, atMs };
  const uncached = withoutCache(usage);
  return {
    usage,
    ...priceOfEnded({ ...call, usage }),
    source: ending.usage === null ? "estimated" : "provider",
    ...(uncached === null ? {} : { uncachedUsd: priceOfEnded({ ...call, usage: uncached }).costUsd }),
  };
}

/** The same tokens, all input plain; null where no cache took part. */
function withoutCache(usage: Usage): Usage | null {
  const { input_tokens: plain, cached_input_tokens: cached, cache_write_tokens: written } = usage;
  if (cached + written === 0) return null;
  return { ...usage, input_tokens: plain + cached + written, cached_input_tokens: 0, cache_write_tokens: 0 };
}

/**
 * What was certainly used by a call that broke off, and by one that we gave up ourselves: its input, and what had arrived.
 * Null where nobody can say whether the model did anything: the bounds of the start hold then.
 */
function usageSoFar(started: CallStarted, { outcome, streamedTokens }: CallEnding): Usage | null {
  if (streamedTokens === undefined && outcome !== "cancelled") return null;
  return {
    input_tokens: started.input_tokens_estimate,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: streamedTokens ?? 0,
    reasoning_tokens: 0,
  };
}

const unsentCodes: ReadonlySet<string> = new Set(["econnrefused", "enotfound", "api_key_missing"]);

/** The provider said no before running anything, or was never reached. */
function wasTurnedAway(outcome: CallOutcome, code: string | undefined): boolean {
  if (outcome === "connection") return code !== undefined && unsentCodes.has(code);
  return ["rate_limited", "unauthorized", "not_found", "bad_request"].includes(outcome);
}

/** Paid by the run up to now: earlier attempts and every call of this one; one that was lost is of unknown cost. */
export function spentBy(task: AttemptTask, calls: readonly KnownCall[]): Spend {
  let spent = task.spent;
  for (const call of calls) spent = addSpend(spent, call.end ?? { usage: null, costUsd: null });
  return spent;
}
