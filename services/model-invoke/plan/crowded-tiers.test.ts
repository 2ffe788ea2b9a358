import { taskOf } from "../../../test/support/model-invoke-fixtures.ts";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { knobsWith, sampleTier } from "../../../test/support/sample-definition.ts";
import type { KnownCall } from "../journal/known-call.ts";
import { nextStep, patienceMs } from "./plan.ts";
import { noOrders, type Situation } from "./situation.ts";
import { leastCallMs } from "./turns.ts";

const nowMs = 1_000_000;
const deadlineMs = nowMs + 60_000;

function situation(crowded: Readonly<Record<number, number>>, more: Partial<Situation> = {}): Situation {
  const models = ["first", "second", "third"].map((model) => sampleTier({ model, timeoutMs: 5000 }));
  return {
    definition: { models, maxAttempts: 3, knobs: knobsWith({}), output: { format: "text", maxTokens: 500 } },
    task: { ...taskOf(1), deadline_at_ms: deadlineMs, input_tokens_estimate: 1000 },
    calls: [],
    settled: false,
    running: new Set<string>(),
    openTiers: new Set(),
    orders: noOrders,
    crowdedTiers: new Map(Object.entries(crowded).map(([tier, waitMs]) => [Number(tier), waitMs])),
    otherWorkers: new Set(),
    nowMs,
    ...more,
  };
}

function limited(retryAfterMs: number): KnownCall {
  const end = { atMs: nowMs, outcome: "rate_limited", retryAfterMs, usage: null, costUsd: null } as const;
  const ids = { callId: "call-1", tier: 0, provider: "openai", model: "first", worker: "me" } as const;
  return { ...ids, startedAtMs: nowMs, deadlineAtMs: nowMs + 5000, end };
}

describe("where there is no room for a call now", () => {
  const soon = nowMs + patienceMs;
  const late = deadlineMs - leastCallMs;
  const table: readonly [string, Situation, { tier: number; waitUntilMs: number; skipped: readonly number[] }][] = [
    [
      "a short wait is taken, and given up for another tier",
      situation({ 0: 300 }),
      { tier: 0, waitUntilMs: soon, skipped: [] },
    ],
    ["a long one is not: the next tier is", situation({ 0: 5000 }), { tier: 1, waitUntilMs: soon, skipped: [0] }],
    [
      "a last tier with room is the only one",
      situation({ 0: 5000, 1: 9000 }),
      { tier: 2, waitUntilMs: late, skipped: [0, 1] },
    ],
    [
      "no tier with room: the shortest wait, as long as there is time",
      situation({ 0: 9000, 1: 5000, 2: 7000 }),
      { tier: 1, waitUntilMs: late, skipped: [0] },
    ],
    [
      "a tier with room whose breaker is open is none",
      situation({ 0: 5000, 2: 9000 }, { openTiers: new Set([1]) }),
      { tier: 0, waitUntilMs: late, skipped: [] },
    ],
    [
      "a pause that the provider asked for and a queue add up",
      situation({ 0: 2000, 1: 5000, 2: 5000 }, { calls: [limited(3500)], nowMs: nowMs + 3500 }),
      { tier: 0, waitUntilMs: late, skipped: [] },
    ],
  ];
  for (const [name, given, { tier, waitUntilMs, skipped }] of table) {
    test(name, () => {
      const step = nextStep(given);
      const why = "no_capacity" as const;
      assert.partialDeepStrictEqual(step, { kind: "call", tier, waitUntilMs });
      assert.deepEqual(
        step.kind === "call" && step.skipped,
        skipped.map((skip) => ({ tier: skip, why })),
      );
    });
  }
});

test("time that ran out in the queue is said to have", () => {
  const step = nextStep(situation({ 0: 9000, 1: 5000 }, { nowMs: deadlineMs - leastCallMs + 1 }));
  assert.deepEqual(step.kind === "expired" && step.reasons.map(({ code }) => code), [
    "deadline_exceeded",
    "no_capacity",
    "no_capacity",
    "not_called",
  ]);
});
