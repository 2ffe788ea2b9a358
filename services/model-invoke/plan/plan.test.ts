import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { callOutcomes, type CallOutcome } from "../../../schemas/parts/codes.ts";
import { brief, callOf, chain, ended, situation, startMs, type Given } from "../../../test/support/plan-situation.ts";
import { finishGraceMs, type KnownCall } from "../journal/known-call.ts";
import { nextStep, patienceMs } from "./plan.ts";
import { leastCallMs, maxKeyTries, maxLostCalls } from "./turns.ts";

describe("after the first tier failed", () => {
  const next = "call 1";
  const table: Record<Exclude<CallOutcome, "ok">, { readonly first: string; readonly last: string }> = {
    rate_limited: { first: next, last: "degraded" },
    overloaded: { first: next, last: "degraded" },
    server_error: { first: next, last: "degraded" },
    timeout: { first: next, last: "degraded" },
    connection: { first: next, last: "degraded" },
    bad_request: { first: "degraded", last: "degraded" },
    unauthorized: { first: next, last: "degraded" },
    not_found: { first: next, last: "degraded" },
    content_refused: { first: next, last: "degraded" },
    truncated: { first: next, last: "degraded" },
    malformed: { first: next, last: "degraded" },
    cancelled: { first: next, last: "degraded" },
  };
  for (const outcome of callOutcomes) {
    if (outcome === "ok") continue;
    test(`${outcome}: ${table[outcome].first}`, () => {
      assert.equal(brief(nextStep(situation({ calls: [ended(0, outcome)] }))), table[outcome].first);
    });
    test(`${outcome} of an only tier: ${table[outcome].last}`, () => {
      const only = situation({ models: chain.slice(0, 1), calls: [ended(0, outcome)] });
      assert.equal(brief(nextStep(only)), table[outcome].last);
    });
    test(`${outcome} with no time left: never a call`, () => {
      const late = situation({ calls: [ended(0, outcome)], nowMs: startMs + 60_000 });
      assert.equal(brief(nextStep(late)), outcome === "bad_request" ? "degraded" : "expired");
    });
  }
});

const cases: readonly { readonly name: string; readonly given: Given; readonly step: string }[] = [
  { name: "nothing known: the first tier", given: {}, step: "call 0" },
  { name: "settled: join, whatever the time", given: { settled: true, nowMs: startMs + 90_000 }, step: "join" },
  { name: "an escalated attempt starts at its tier", given: { task: { first_tier: 2 } }, step: "call 2" },
  { name: "a first tier past the chain is the last tier", given: { task: { first_tier: 9 } }, step: "call 2" },
  {
    name: "an escalated attempt comes back to the tiers before when those after failed",
    given: { task: { first_tier: 2 }, calls: [ended(2, "server_error")] },
    step: "call 0",
  },
  {
    name: "an attempt above the harness's limit is not made",
    given: { task: { attempt: 3 }, maxAttempts: 2 },
    step: "degraded",
  },
  { name: "the deadline is over before the first call", given: { nowMs: startMs + 60_000 }, step: "expired" },
  { name: "too little time for any call", given: { nowMs: startMs + 60_000 - leastCallMs + 1 }, step: "expired" },
  { name: "just enough time for a call", given: { nowMs: startMs + 60_000 - leastCallMs }, step: "call 0" },
  { name: "an open breaker is passed over", given: { openTiers: new Set([0]) }, step: "call 1" },
  { name: "every breaker open: no call can be made", given: { openTiers: new Set([0, 1, 2]) }, step: "degraded" },
  {
    name: "the tiers left are behind open breakers",
    given: { openTiers: new Set([1, 2]), calls: [ended(0, "timeout")] },
    step: "degraded",
  },
  {
    name: "a rejected key puts all tiers of that provider out",
    given: { calls: [ended(0, "unauthorized"), ended(1, "server_error")] },
    step: "degraded",
  },
  {
    name: "a prompt too long for one model goes to one with a larger window",
    given: { calls: [ended(0, "bad_request", { code: "context_length_exceeded" })] },
    step: "call 1",
  },
  {
    name: "a prompt too long for the largest window ends the attempt",
    given: { calls: [ended(1, "bad_request", { code: "context_length_exceeded" })] },
    step: "degraded",
  },
  {
    name: "a tier that the estimate does not fit is passed over",
    given: { task: { input_tokens_estimate: 15_000 } },
    step: "call 1",
  },
  {
    name: "a prompt that fits in the tier's own tokens is not passed over for another tokenizer's count",
    given: { task: { input_tokens_estimate: 11_000 } },
    step: "call 0",
  },
  {
    name: "an estimate that fits no tier leaves it to the provider",
    given: { task: { input_tokens_estimate: 90_000 } },
    step: "call 0",
  },
  {
    name: "a short Retry-After is waited for before the next tier is asked",
    given: { calls: [ended(0, "rate_limited", { retryAfterMs: patienceMs })] },
    step: `pause ${patienceMs}`,
  },
  {
    name: "a Retry-After that is over: the same tier again",
    given: { calls: [ended(0, "rate_limited", { retryAfterMs: 500 })], nowMs: startMs + 500 },
    step: "call 0",
  },
  {
    name: "a long Retry-After: the next tier at once",
    given: { calls: [ended(0, "rate_limited", { retryAfterMs: patienceMs + 1 })] },
    step: "call 1",
  },
  {
    name: "a long Retry-After of the only tier is waited for, as its time allows it",
    given: { models: chain.slice(0, 1), calls: [ended(0, "rate_limited", { retryAfterMs: 4900 })] },
    step: "pause 4900",
  },
  {
    name: "a Retry-After beyond the tier's own time is not waited for",
    given: { models: chain.slice(0, 1), calls: [ended(0, "rate_limited", { retryAfterMs: 4901 })] },
    step: "degraded",
  },
  {
    name: "a Retry-After beyond the deadline is not waited for",
    given: {
      models: chain.slice(0, 1),
      task: { deadline_at_ms: startMs + 2000 },
      calls: [ended(0, "rate_limited", { retryAfterMs: 1950 })],
    },
    step: "degraded",
  },
  {
    name: "a second rate limit of a tier is its last",
    given: { calls: [ended(0, "rate_limited", { retryAfterMs: 0 }), ended(0, "rate_limited", { retryAfterMs: 0 })] },
    step: "call 1",
  },
  {
    name: "a call lost with its process is repeated at once",
    given: { calls: [callOf(0, null, { worker: "dead" })] },
    step: "call 0",
  },
  {
    name: "a tier that lost too many processes counts as failed",
    given: { calls: Array.from({ length: maxLostCalls }, () => callOf(0, null, { worker: "dead" })) },
    step: "call 1",
  },
  {
    name: "a call in flight at a living worker is waited for until its time is over",
    given: { calls: [callOf(0, null, { worker: "other" })], otherWorkers: new Set(["other"]) },
    step: `wait ${5000 + finishGraceMs}`,
  },
  {
    name: "its finish may be on its way for a moment longer",
    given: { calls: [callOf(0, null, { worker: "other" })], otherWorkers: new Set(["other"]), nowMs: startMs + 5001 },
    step: `wait ${5000 + finishGraceMs}`,
  },
  {
    name: "a living worker's call whose time is over is not waited for",
    given: {
      calls: [callOf(0, null, { worker: "other" })],
      otherWorkers: new Set(["other"]),
      nowMs: startMs + 5000 + finishGraceMs,
    },
    step: "call 0",
  },
];

describe("the next step", () => {
  for (const { name, given, step } of cases) {
    test(name, () => assert.equal(brief(nextStep(situation(given))), step));
  }
});

test("a call gets its tier's time, or what is left until the deadline", () => {
  const timeoutAt = (nowMs: number): number => {
    const step = nextStep(situation({ nowMs }));
    return step.kind === "call" ? step.timeoutMs : Number.NaN;
  };
  assert.equal(timeoutAt(startMs), 5000);
  assert.equal(timeoutAt(startMs + 57_000), 3000);
});

test("a call after Retry-After has what the tier's time leaves", () => {
  const waited = situation({ calls: [ended(0, "rate_limited", { retryAfterMs: 800 })], nowMs: startMs + 800 });
  assert.partialDeepStrictEqual(nextStep(waited), { kind: "call", tier: 0, timeoutMs: 4200, skipped: [] });
});

test("a call whose key alone failed is made again at once with another, on the same tier", () => {
  for (const outcome of ["unauthorized", "rate_limited"] as const) {
    const calls = [ended(0, outcome, { otherKey: true }), ended(0, outcome, { otherKey: true })];
    assert.partialDeepStrictEqual(nextStep(situation({ calls })), {
      kind: "call",
      tier: 0,
      timeoutMs: 5000,
      skipped: [],
    });
  }
});

test("the last key's failure is the tier's, and keys are not tried for ever", () => {
  const next = (calls: readonly KnownCall[]): string => {
    const step = nextStep(situation({ calls }));
    return step.kind === "call" ? `call ${step.tier}` : step.kind;
  };
  assert.equal(next([ended(0, "rate_limited", { otherKey: true }), ended(0, "rate_limited")]), "call 1");
  const endless = Array.from({ length: maxKeyTries + 1 }, () => ended(0, "rate_limited", { otherKey: true }));
  assert.equal(next(endless), "call 1");
});

test("tiers passed over for their breaker are named", () => {
  const step = nextStep(situation({ openTiers: new Set([0, 1]) }));
  const skipped = [
    { tier: 0, why: "breaker_open" },
    { tier: 1, why: "breaker_open" },
  ];
  assert.partialDeepStrictEqual(step, { kind: "call", tier: 2, timeoutMs: 3000, skipped });
});

describe("a prompt that was fitted tier by tier", () => {
  const cut = { message: 1, start: 100, end: 5000 };
  const fits = [
    { tier: 1, input_tokens: 15_000, cuts: [] },
    { tier: 2, input_tokens: 9000, cuts: [cut] },
  ];

  test("passes over the tier that cannot take it, and names it", () => {
    const step = nextStep(situation({ task: { fits } }));
    assert.partialDeepStrictEqual(step, {
      kind: "call",
      tier: 1,
      timeoutMs: 4000,
      skipped: [{ tier: 0, why: "context_window" }],
    });
  });

  test("takes a window that has room for the fewer tokens that the caller wants", () => {
    const full = [{ tier: 0, input_tokens: 9_990, cuts: [] }, ...fits];
    assert.equal(brief(nextStep(situation({ task: { fits: full } }))), "call 1");
    assert.equal(brief(nextStep(situation({ task: { fits: full, options: { max_output_tokens: 10 } } }))), "call 0");
  });

  test("goes on to the smaller window that it was shortened for", () => {
    const step = nextStep(situation({ task: { fits }, calls: [ended(1, "server_error")] }));
    assert.equal(brief(step), "call 2");
  });

  test("is tried shorter when a provider found it too long", () => {
    const tooLong = ended(1, "bad_request", { code: "context_length_exceeded" });
    assert.equal(brief(nextStep(situation({ task: { fits }, calls: [tooLong] }))), "call 2");
    const whole = fits.map((fit) => ({ ...fit, cuts: [] }));
    assert.equal(brief(nextStep(situation({ task: { fits: whole }, calls: [tooLong] }))), "degraded");
  });

  test("without an answer the tier that was passed over says why", () => {
    const failed = [ended(1, "server_error"), ended(2, "timeout")];
    const step = nextStep(situation({ task: { fits }, calls: failed }));
    assert.deepEqual(step.kind === "degraded" && step.reasons.map(({ code }) => code), [
      "context_window",
      "server_error",
      "timeout",
    ]);
  });
});

test("without an answer, every tier says why, in the chain's order and in codes", () => {
  const step = nextStep(
    situation({
      openTiers: new Set([1]),
      calls: [ended(0, "timeout", { code: "timeout" }), callOf(2, null), callOf(2, null), callOf(2, null)],
    }),
  );
  assert.equal(step.kind, "degraded");
  assert.deepEqual(step.kind === "degraded" && step.reasons, [
    { code: "timeout", message: "openai/first: timeout", rule: "tier_0" },
    { code: "breaker_open", message: "anthropic/second: breaker_open", rule: "tier_1" },
    { code: "lost", message: "openai/third: lost", rule: "tier_2" },
  ]);
});

test("an expired attempt says so first, then what became of each tier", () => {
  const step = nextStep(situation({ nowMs: startMs + 60_000, calls: [ended(0, "server_error")] }));
  assert.deepEqual(step.kind === "expired" && step.reasons.map(({ code }) => code), [
    "deadline_exceeded",
    "server_error",
    "not_called",
    "not_called",
  ]);
});

/** One played attempt: what each call meets, and which breakers are open meanwhile. */
const fate = fc.record({
  outcome: fc.constantFrom(...callOutcomes, "lost" as const),
  tookMs: fc.integer({ min: 0, max: 8000 }),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
  openTiers: fc.uniqueArray(fc.integer({ min: 0, max: 2 })),
});

test("any sequence of outcomes ends, in bounded calls, none of which outlives the deadline", () => {
  const play = fc.record({
    fates: fc.array(fate, { minLength: 40, maxLength: 40 }),
    firstTier: fc.integer({ min: 0, max: 3 }),
    deadlineMs: fc.integer({ min: 0, max: 60_000 }),
    tiers: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(play, ({ fates, firstTier, deadlineMs, tiers }) => {
      const deadlineAtMs = startMs + deadlineMs;
      const made: KnownCall[] = [];
      let nowMs = startMs;
      for (const { outcome, tookMs, retryAfterMs, openTiers } of fates) {
        const step = nextStep(
          situation({
            models: chain.slice(0, tiers),
            task: { first_tier: firstTier, deadline_at_ms: deadlineAtMs },
            calls: made,
            openTiers: new Set(openTiers),
            nowMs,
          }),
        );
        if (step.kind === "pause") {
          assert.ok(step.untilMs > nowMs && step.untilMs <= deadlineAtMs);
          nowMs = step.untilMs;
          continue;
        }
        if (step.kind !== "call") return assert.ok(step.kind === "degraded" || step.kind === "expired");
        assert.ok(!openTiers.includes(step.tier), "called a tier whose breaker is open");
        assert.ok(step.timeoutMs >= leastCallMs && nowMs + step.timeoutMs <= deadlineAtMs, "outlives the deadline");
        const atMs = nowMs + Math.min(tookMs, step.timeoutMs);
        const end = { atMs, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
        const times = { startedAtMs: nowMs, deadlineAtMs: nowMs + step.timeoutMs };
        made.push(callOf(step.tier, outcome === "lost" ? null : { ...end, outcome }, times));
        nowMs = atMs;
        if (outcome === "ok") return;
        for (let tier = 0; tier < tiers; tier++) {
          const own = made.filter((call) => call.tier === tier);
          const finished = own.filter((call) => call.end !== null);
          assert.ok(finished.length <= 2, "a tier ended more than twice");
          assert.ok(own.length - finished.length <= maxLostCalls, "a tier was lost too often");
          assert.ok(finished.length < 2 || finished[0]?.end?.retryAfterMs !== undefined, "repeated unasked");
        }
      }
      assert.fail("the attempt did not end");
    }),
    { numRuns: 500 },
  );
});

test("without Retry-After and without lost processes no tier is called twice", () => {
  const failures = callOutcomes.filter((outcome) => outcome !== "ok");
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...failures), { minLength: 4, maxLength: 4 }), (outcomes) => {
      const made: KnownCall[] = [];
      for (const outcome of outcomes) {
        const step = nextStep(situation({ calls: made }));
        if (step.kind !== "call") return;
        assert.ok(!made.some((call) => call.tier === step.tier));
        made.push(ended(step.tier, outcome));
      }
      assert.fail("more calls than tiers");
    }),
  );
});
