import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Reason } from "../../../schemas/parts/finding.ts";
import { callOf, chain, ended, situation, startMs, type Given } from "../../../test/support/plan-situation.ts";
import { finishGraceMs } from "../journal/known-call.ts";
import { deadlineOf } from "./deadline.ts";
import { hedgeTurn } from "./hedge-turn.ts";
import { nextStep, type Step } from "./plan.ts";
import { noOrders, type Orders, type Situation } from "./situation.ts";
import { leastCallMs } from "./turns.ts";

const models = chain.slice(0, 2);
const cancelled: Reason = { code: "cancelled", message: "the run was cancelled" };
const paused: Reason = { code: "paused", message: "its client is paused" };

interface Ordered extends Omit<Given, "orders"> {
  readonly orders?: Partial<Orders>;
}

function ordered({ orders, ...given }: Ordered): Situation {
  return situation({ models, orders: { ...noOrders, ...orders }, ...given });
}

/** The step, and the codes of its reasons or of the tiers it skips. */
function brief(step: Step): string {
  switch (step.kind) {
    case "call":
      return [`call ${step.tier}`, ...step.skipped.map(({ tier, why }) => `${tier} ${why}`)].join(", ");
    case "pause":
    case "wait":
    case "hold":
      return `${step.kind} ${step.untilMs - startMs}`;
    case "join":
      return "join";
    default:
      return [step.kind, ...step.reasons.map(({ code }) => code)].join(", ");
  }
}

const untilLastMs = 60_000 - leastCallMs + 1;
const inFlight = { calls: [callOf(0, null, { worker: "other" })], otherWorkers: new Set(["other"]) };
const both = new Set([0, 1]);

const cases: readonly (readonly [name: string, given: Ordered, step: string])[] = [
  ["a cancelled run ends without a call", { orders: { cancelled } }, "cancelled, cancelled"],
  ["a cancelled run whose answer is settled is joined", { orders: { cancelled }, settled: true }, "join"],
  ["a cancelled run waits for another's call in flight", { orders: { cancelled }, ...inFlight }, "wait 7000"],
  [
    "and ends when that call is over, with what became of the tiers",
    { orders: { cancelled }, calls: [ended(0, "server_error")] },
    "cancelled, cancelled, server_error, not_called",
  ],
  [
    "a cancelled run's answer is not followed by a call",
    { orders: { cancelled }, calls: [ended(0, "ok")] },
    "cancelled, cancelled, ok, not_called",
  ],
  ["cancelled and paused: cancelled", { orders: { cancelled, paused } }, "cancelled, cancelled"],
  ["cancelled and too late: cancelled", { orders: { cancelled }, nowMs: startMs + 70_000 }, "cancelled, cancelled"],
  [
    "a cancelled attempt above the harness's limit gets no declared answer",
    { orders: { cancelled }, task: { attempt: 3 }, maxAttempts: 2 },
    "cancelled, cancelled",
  ],
  ["a paused run waits for as long as a call could start", { orders: { paused } }, `hold ${untilLastMs}`],
  [
    "a paused run after a failed tier waits too",
    { orders: { paused }, calls: [ended(0, "server_error")] },
    `hold ${untilLastMs}`,
  ],
  [
    "a paused run that has no tier left is not held up",
    { orders: { paused }, calls: [ended(0, "server_error"), ended(1, "server_error")] },
    "degraded, server_error, server_error",
  ],
  [
    "a paused run whose time is up expires and says why",
    { orders: { paused }, nowMs: startMs + untilLastMs },
    "expired, paused, deadline_exceeded, not_called, not_called",
  ],
  ["a paused model's tier is skipped", { orders: { pausedTiers: new Set([0]) } }, "call 1, 0 paused"],
  [
    "a paused model and an open breaker: no tier is left",
    { orders: { pausedTiers: new Set([0]) }, openTiers: new Set([1]) },
    "degraded, paused, breaker_open",
  ],
  ["all models paused: as when all breakers are open", { orders: { pausedTiers: both } }, "degraded, paused, paused"],
];

describe("what operators order", () => {
  for (const [name, given, step] of cases) {
    test(name, () => assert.equal(brief(nextStep(ordered(given))), step));
  }
});

test("whatever else holds, a cancelled or paused run is never called for", () => {
  const orders = fc.constantFrom<Partial<Orders>>(
    { cancelled },
    { paused },
    { cancelled, paused },
    { pausedTiers: both },
  );
  const outcomes = fc.array(fc.constantFrom("ok" as const, "server_error" as const, null), { maxLength: 2 });
  fc.assert(
    fc.property(
      orders,
      outcomes,
      fc.integer({ min: 0, max: 90_000 }),
      fc.boolean(),
      (given, ends, afterMs, settled) => {
        const calls = ends.map((outcome, tier) => callOf(tier, outcome && { outcome }));
        const step = nextStep(ordered({ orders: given, calls, settled, nowMs: startMs + afterMs }));
        assert.notEqual(step.kind, "call");
      },
    ),
  );
});

test("no hedge is made for a cancelled or a paused run, nor at a paused model", () => {
  const slow = callOf(0, null);
  const given = { calls: [slow], running: new Set([slow.callId]) };
  assert.equal(hedgeTurn(ordered(given))?.tier, 1);
  for (const orders of [{ cancelled }, { paused }, { pausedTiers: new Set([1]) }])
    assert.equal(hedgeTurn(ordered({ ...given, orders })), null);
});

describe("the time of a run", () => {
  const batch = { deadline_at_ms: startMs + 60_000, work_ms: 10_000 };
  const begun = { calls: [{ startedAtMs: startMs - 4000 }] };
  const times: readonly (readonly [name: string, given: Partial<Parameters<typeof deadlineOf>[0]>, atMs: number])[] = [
    ["without a batch: its deadline", { task: { deadline_at_ms: startMs + 5 } }, 5],
    ["of a batch, not begun: the harness's time from now", { task: batch }, 10_000],
    ["of a batch, begun: from the first call on", { task: batch, ...begun }, 6000],
    ["never past the batch's deadline", { task: { ...batch, deadline_at_ms: startMs + 3000 } }, 3000],
    [
      "with a first call by a clock that is ahead: from now",
      { task: batch, calls: [{ startedAtMs: startMs + 99 }] },
      10_000,
    ],
  ];
  for (const [name, given, atMs] of times) {
    test(name, () => assert.equal(deadlineOf({ task: batch, calls: [], nowMs: startMs, ...given }) - startMs, atMs));
  }

  test("bounds a call: a document late in its batch gets its harness's time, not the batch's", () => {
    const step = nextStep(ordered({ task: { ...batch, work_ms: 700 } }));
    assert.equal(step.kind === "call" && step.timeoutMs, 700);
  });

  test("bounds the wait for another process' call", () => {
    const late = { task: { deadline_at_ms: startMs + 1000 }, ...inFlight };
    assert.equal(brief(nextStep(ordered(late))), `wait ${1000 + finishGraceMs}`);
    const over = nextStep(ordered({ ...late, nowMs: startMs + 1000 + finishGraceMs }));
    assert.equal(over.kind, "expired");
  });

  test("bounds the pause that a provider asks for", () => {
    const calls = [ended(0, "rate_limited", { retryAfterMs: 1500 }), ended(1, "server_error")];
    assert.equal(brief(nextStep(ordered({ calls }))), "pause 1500");
    assert.equal(nextStep(ordered({ calls, task: { deadline_at_ms: startMs + 1500 } })).kind, "degraded");
  });
});
