/**
 * What is known of one call of an attempt, whoever made it: that it started,
 * and how it ended if its end was read or written. The journal holds these and
 * the plan decides on them; prompts and answers are not among them.
 */
import type { CallOutcome, ProviderName } from "../../../schemas/parts/codes.ts";
import type { Usage } from "../../../schemas/parts/usage.ts";
import type { CallFinished, CallIdentity } from "../../../schemas/records/call.ts";

/** Error code of a call that was announced and never left. */
export const unsentCode = "not_sent";

export interface CallEnd {
  readonly atMs: number;
  readonly outcome: CallOutcome;
  /** The provider's error type, absent when the call was `ok`. */
  readonly code?: string;
  readonly retryAfterMs?: number;
  /** It was the key's failure, and the provider has another. */
  readonly otherKey?: boolean;
  readonly usage: Usage | null;
  readonly costUsd: string | null;
}

export interface KnownCall {
  readonly callId: string;
  readonly tier: number;
  readonly provider: ProviderName;
  readonly model: string;
  /** Kafka client id of the process that made it. */
  readonly worker: string;
  readonly startedAtMs: number;
  /** By the clock of the process that knows it: when the call is over, one way or another. */
  readonly deadlineAtMs: number;
  /** Null while it is in flight, and for ever when the process died in the middle of it. */
  readonly end: CallEnd | null;
}

/** A call is over by its deadline; its finish may be on its way to the journal this much longer, milliseconds. */
export const finishGraceMs = 2000;

/** In flight at another process that lives: its finish is waited for, as it may settle the attempt. */
export function isAwaited(call: KnownCall, otherWorkers: ReadonlySet<string>, nowMs: number): boolean {
  return call.end === null && otherWorkers.has(call.worker) && nowMs < call.deadlineAtMs + finishGraceMs;
}

/** The fields of a journal record that say which call it is about. */
export type JournaledIdentity = Pick<
  CallIdentity,
  "call_id" | "tier" | "provider" | "model" | "worker" | "started_at_ms" | "deadline_at_ms"
>;

/** The fields of a finish that say how its call ended. */
export type JournaledEnd = Pick<CallFinished, "finished_at_ms" | "outcome" | "error" | "usage" | "cost_usd">;

/** A call of which only the start is known. */
export function knownCallOf(identity: JournaledIdentity): KnownCall {
  return {
    callId: identity.call_id,
    tier: identity.tier,
    provider: identity.provider,
    model: identity.model,
    worker: identity.worker,
    startedAtMs: identity.started_at_ms,
    deadlineAtMs: identity.deadline_at_ms,
    end: null,
  };
}

export function endOf({ finished_at_ms, outcome, error, usage, cost_usd }: JournaledEnd): CallEnd {
  return {
    atMs: finished_at_ms,
    outcome,
    ...(error === undefined ? {} : { code: error.code }),
    ...(error?.retry_after_ms === undefined ? {} : { retryAfterMs: error.retry_after_ms }),
    ...(error?.other_key === undefined ? {} : { otherKey: error.other_key }),
    usage,
    costUsd: cost_usd,
  };
}
