/**
 * Situations of an attempt for the tests of model-invoke: one in which nothing
 * stands in a tier's way, one of a chain of three tiers with calls of it that
 * ended in some way, and the step that follows as a word.
 */
import type { ModelTier, RetryPolicy } from "../../schemas/control/harness-definition.ts";
import type { CallOutcome } from "../../schemas/parts/codes.ts";
import type { KnownCall } from "../../services/model-invoke/journal/known-call.ts";
import type { Step } from "../../services/model-invoke/plan/plan.ts";
import { noOrders, type Situation } from "../../services/model-invoke/plan/situation.ts";
import { knobsWith, sampleTier } from "./sample-definition.ts";

const origin = { topic: "harness-requests", partition: 0, offset: "0" };

export const startMs = 1_000_000;

export const chain: readonly ModelTier[] = [
  sampleTier({ provider: "openai", model: "first", timeoutMs: 5000, contextWindowTokens: 10_000 }),
  sampleTier({ provider: "anthropic", model: "second", timeoutMs: 4000, contextWindowTokens: 20_000 }),
  sampleTier({ provider: "openai", model: "third", timeoutMs: 3000, contextWindowTokens: 10_000 }),
];

/** No call was made, nobody ordered anything, and every tier is free. */
export const unhindered = {
  calls: [],
  settled: false,
  running: new Set<string>(),
  openTiers: new Set<number>(),
  crowdedTiers: new Map<number, number>(),
  orders: noOrders,
  otherWorkers: new Set<string>(),
} satisfies Partial<Situation>;

export interface Given extends Partial<Omit<Situation, "definition" | "task">> {
  readonly task?: Partial<Situation["task"]>;
  readonly models?: readonly ModelTier[];
  readonly maxAttempts?: number;
  /** What the harness's retry policy has in place of the standard preset's. */
  readonly retry?: Partial<RetryPolicy>;
}

export function situation({ task = {}, models = chain, maxAttempts = 3, retry = {}, ...rest }: Given = {}): Situation {
  const knobs = knobsWith({ retry });
  return {
    definition: { knobs, models: [...models], maxAttempts, output: { format: "text", maxTokens: 500 } },
    task: {
      client_id: "acme",
      origin,
      attempt: 1,
      first_tier: 0,
      deadline_at_ms: startMs + 60_000,
      input_tokens_estimate: 1000,
      ...task,
    },
    ...unhindered,
    nowMs: startMs,
    ...rest,
  };
}

let calls = 0;
export function callOf(tier: number, end: Partial<KnownCall["end"]> | null, more: Partial<KnownCall> = {}): KnownCall {
  const { provider, model } = chain[tier] ?? { provider: "openai", model: "?" };
  return {
    callId: `call-${++calls}`,
    tier,
    provider,
    model,
    worker: "me",
    startedAtMs: startMs,
    deadlineAtMs: startMs + 5000,
    end: end === null ? null : { atMs: startMs, outcome: "server_error", usage: null, costUsd: null, ...end },
    ...more,
  };
}

export function ended(tier: number, outcome: CallOutcome, more: Partial<KnownCall["end"]> = {}): KnownCall {
  return callOf(tier, { outcome, ...more });
}

export function brief(step: Step): string {
  if (step.kind === "call") return `call ${step.tier}`;
  return step.kind === "pause" || step.kind === "wait" ? `${step.kind} ${step.untilMs - startMs}` : step.kind;
}
