import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { firstLimit, late, leastWhenLate, limitAfter, lowering, type CallSignal } from "./concurrency-limit.ts";

const ceiling = 100;

function signal(more: Partial<CallSignal> = {}): CallSignal {
  return { kind: "answered", startedAtMs: 1000, atMs: 2000, inFlight: 10, ...more };
}

function played(signals: readonly CallSignal[], from = firstLimit(ceiling)) {
  return signals.reduce((state, next) => limitAfter(state, next, ceiling), from);
}

describe("after one call, the limit of 100 and of 10 becomes", () => {
  const at10 = { ...firstLimit(ceiling), limit: 10 };
  const table: readonly [string, Partial<CallSignal>, number, number][] = [
    ["an answer with the limit in use: a little more, never above the ceiling", { inFlight: 10 }, 100, 10.316],
    ["an answer with most of the limit idle: the same", { inFlight: 1 }, 100, 10],
    ["a single refusal: the same", { kind: "refused" }, 100, 10],
    ["another failure: the same", { kind: "other" }, 100, 10],
  ];
  for (const [name, more, from100, from10] of table) {
    test(name, () => {
      assert.equal(limitAfter(firstLimit(ceiling), signal(more), ceiling).limit, from100);
      assert.ok(Math.abs(limitAfter(at10, signal(more), ceiling).limit - from10) < 0.001);
    });
  }
});

/** As many refusals in a row as lower the limit. */
function refusals(more: Partial<CallSignal> = {}): CallSignal[] {
  return Array.from({ length: 4 }, () => signal({ kind: "refused", ...more }));
}

describe("after some refusals in a row", () => {
  test("there are fewer than were in flight, however high the limit was", () => {
    assert.equal(played(refusals({ inFlight: 10 })).limit, 10 * lowering.refused);
  });

  test("there is still one", () => assert.equal(played(refusals({ inFlight: 1 })).limit, 1));
});

test("a provider that turns away one call of twenty, however few there are, is asked as before", () => {
  const rare = Array.from({ length: 2000 }, (_, call) => {
    const kind = call % 20 === 19 ? "refused" : "answered";
    return signal({ kind, startedAtMs: call * 100, atMs: call * 100 + 50, inFlight: 90 });
  });
  assert.equal(played(rare).limit, ceiling);
});

test("refusals of calls that left before the limit was lowered lower it no further", () => {
  const once = played(refusals({ startedAtMs: 1000, atMs: 2000, inFlight: 50 }));
  assert.equal(once.limit, 50 * lowering.refused);
  const sameTrip = refusals({ startedAtMs: 1000, atMs: 2100, inFlight: 46 });
  assert.equal(played([...sameTrip, ...sameTrip], once).limit, once.limit);
  const later = refusals({ startedAtMs: 2000, atMs: 3000, inFlight: 30 });
  assert.equal(played(later, once).limit, 30 * lowering.refused);
});

test("a round trip of answers adds about the square root of the limit", () => {
  const from = { ...firstLimit(ceiling), limit: 25 };
  const { limit } = played(
    Array.from({ length: 25 }, () => signal({ inFlight: 25 })),
    from,
  );
  assert.ok(limit > 29 && limit <= 30, `was ${limit}`);
});

describe("first tokens", () => {
  const answers = (count: number, firstTokenMs: number | undefined): CallSignal[] =>
    Array.from({ length: count }, () => signal({ firstTokenMs, inFlight: 40 }));

  test("far later than usual lower the limit once a round trip", () => {
    const state = played([...answers(50, 400), ...answers(20, 3000)]);
    assert.ok(state.limit >= 40 * lowering.late && state.limit < 36, `was ${state.limit}`);
  });

  for (const [name, firstTokenMs] of [
    ["that answers do not have", undefined],
    ["a little later than usual", 700],
    ["twice as late, in milliseconds that anything can cost", 890],
  ] as const) {
    test(`${name} change nothing`, () => {
      assert.equal(played([...answers(50, 400), ...answers(50, firstTokenMs)]).limit, ceiling);
    });
  }

  test("late in a model's first answers change nothing: nobody knows yet what is usual", () => {
    const signals = [...answers(5, 100), ...answers(late.samples - 6, 5000)];
    assert.equal(played(signals).limit, ceiling);
  });

  test("later and later never leave fewer calls than the least", () => {
    let state = played(answers(50, 100));
    for (let round = 1; round < 40; round++) {
      const slow = { firstTokenMs: 100 * 2 ** Math.min(round, 12), inFlight: Math.ceil(state.limit) };
      for (let call = 0; call < 30; call++) {
        state = limitAfter(state, signal({ ...slow, startedAtMs: round * 1e6, atMs: round * 1e6 + 1 }), ceiling);
      }
    }
    assert.ok(state.limit >= leastWhenLate);
  });
});

const anySignal = fc.record({
  kind: fc.constantFrom("answered" as const, "refused" as const, "other" as const),
  startedAtMs: fc.nat(10_000),
  atMs: fc.nat(20_000),
  inFlight: fc.integer({ min: 1, max: 200 }),
  firstTokenMs: fc.option(fc.nat(60_000), { nil: undefined }),
});

test("whatever happens, the limit stays between one and the ceiling", () => {
  fc.assert(
    fc.property(fc.array(anySignal, { maxLength: 200 }), fc.integer({ min: 1, max: 500 }), (signals, most) => {
      let state = firstLimit(most);
      for (const next of signals) {
        state = limitAfter(state, next, most);
        assert.ok(state.limit >= 1 && state.limit <= most);
      }
    }),
  );
});

test("a refusal never raises the limit, an answer in time never lowers it", () => {
  fc.assert(
    fc.property(fc.array(anySignal), anySignal, (before, next) => {
      const state = played(before);
      const after = limitAfter(state, next, ceiling);
      if (next.kind === "refused") assert.ok(after.limit <= state.limit);
      if (next.kind === "answered" && next.firstTokenMs === undefined && state.firstToken.samples === 0)
        assert.ok(after.limit >= state.limit);
    }),
  );
});

test("a provider that takes so many at once is found from above and from below", () => {
  const takes = 30;
  let state = firstLimit(ceiling);
  for (let round = 1; round <= 200; round++) {
    const inFlight = Math.floor(state.limit);
    for (let call = 0; call < inFlight; call++) {
      const kind = call < takes ? "answered" : "refused";
      const startedAtMs = round * 1000;
      state = limitAfter(state, { kind, startedAtMs, atMs: startedAtMs + 500, inFlight }, ceiling);
    }
    if (round > 10) assert.ok(state.limit > takes / 2 && state.limit < takes * 1.4, `round ${round}: ${state.limit}`);
  }
});
