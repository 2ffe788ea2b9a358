/**
 * What is known of an attempt when its next step is decided: what its harness
 * and its run say, its calls so far, and what stands in the way of each tier.
 */
import type { HarnessDefinition, PolicyKnobs } from "../../../schemas/control/harness-definition.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { KnownCall } from "../journal/known-call.ts";

export interface Situation {
  readonly definition: Pick<HarnessDefinition, "models" | "maxAttempts" | "output" | "degrade"> & {
    readonly knobs: Pick<PolicyKnobs, "retry">;
  };
  readonly task: Pick<
    AttemptTask,
    | "attempt"
    | "first_tier"
    | "deadline_at_ms"
    | "work_ms"
    | "input_tokens_estimate"
    | "fits"
    | "options"
    | "client_id"
    | "document"
    | "origin"
  >;
  /** All calls of this attempt, in the order of their start. */
  readonly calls: readonly KnownCall[];
  /** A finish of this attempt settles it, acknowledged or about to be: another process' or one of ours. */
  readonly settled: boolean;
  /** Ids of the calls that this process has in flight for the attempt: two while one hedges the other. */
  readonly running: ReadonlySet<string>;
  /** Tiers whose breaker lets no call through now. */
  readonly openTiers: ReadonlySet<number>;
  /** Tiers without room for a call now, and how long it would likely wait there, milliseconds. */
  readonly crowdedTiers: ReadonlyMap<number, number>;
  readonly orders: Orders;
  /** Client ids of the group's other living members. */
  readonly otherWorkers: ReadonlySet<string>;
  readonly nowMs: number;
}

/** What operators have ordered. */
export interface Orders {
  /** Why the run is to end. */
  readonly cancelled: Reason | null;
  /** Why nothing is to be paid for the run for now. */
  readonly paused: Reason | null;
  /** Tiers whose model or provider is paused. */
  readonly pausedTiers: ReadonlySet<number>;
}

export const noOrders: Orders = { cancelled: null, paused: null, pausedTiers: new Set() };

export interface SkippedTier {
  readonly tier: number;
  readonly why: "breaker_open" | "paused" | "context_window" | "no_capacity";
}
