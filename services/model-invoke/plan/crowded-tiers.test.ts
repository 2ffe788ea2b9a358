import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ended, situation, startMs, type Given } from "../../../test/support/plan-situation.ts";
import { nextStep, patienceMs } from "./plan.ts";
import type { Situation } from "./situation.ts";
import { leastCallMs } from "./turns.ts";

const deadlineMs = startMs + 60_000;

/** How long the queue of each tier is, milliseconds. */
function crowded(queues: Readonly<Record<number, number>>, more: Given = {}): Situation {
  const crowdedTiers = new Map(Object.entries(queues).map(([tier, waitMs]) => [Number(tier), waitMs]));
  return situation({ crowdedTiers, ...more });
}

describe("where there is no room for a call now", () => {
  const soon = startMs + patienceMs;
  const late = deadlineMs - leastCallMs;
  const table: readonly [string, Situation, { tier: number; waitUntilMs: number; skipped: readonly number[] }][] = [
    [
      "a short wait is taken, and given up for another tier",
      crowded({ 0: 300 }),
      { tier: 0, waitUntilMs: soon, skipped: [] },
    ],
    ["a long one is not: the next tier is", crowded({ 0: 5000 }), { tier: 1, waitUntilMs: soon, skipped: [0] }],
    [
      "a last tier with room is the only one",
      crowded({ 0: 5000, 1: 9000 }),
      { tier: 2, waitUntilMs: late, skipped: [0, 1] },
    ],
    [
      "no tier with room: the shortest wait, as long as there is time",
      crowded({ 0: 9000, 1: 5000, 2: 7000 }),
      { tier: 1, waitUntilMs: late, skipped: [0] },
    ],
    [
      "a tier with room whose breaker is open is none",
      crowded({ 0: 5000, 2: 9000 }, { openTiers: new Set([1]) }),
      { tier: 0, waitUntilMs: late, skipped: [] },
    ],
    [
      "a pause that the provider asked for and a queue add up",
      crowded(
        { 0: 2000, 1: 5000, 2: 5000 },
        { calls: [ended(0, "rate_limited", { retryAfterMs: 3500 })], nowMs: startMs + 3500 },
      ),
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
  const step = nextStep(crowded({ 0: 9000, 1: 5000 }, { nowMs: deadlineMs - leastCallMs + 1 }));
  assert.deepEqual(step.kind === "expired" && step.reasons.map(({ code }) => code), [
    "deadline_exceeded",
    "no_capacity",
    "no_capacity",
    "not_called",
  ]);
});
