/** Waits from what stands and what leaves; and all the cases in which there is no telling. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WaitEstimate, windowMs } from "./wait-estimate.ts";

interface Flow {
  readonly seconds: number;
  /** Of one stage, by second. */
  readonly waiting: (second: number) => number;
  readonly perSecond: (second: number) => number;
}

/** The estimate after so many seconds, and the time of its last sample. */
function after({ seconds, waiting, perSecond }: Flow): { readonly estimate: WaitEstimate; readonly atMs: number } {
  const estimate = new WaitEstimate();
  let done = 1000;
  for (let second = 0; second <= seconds; second++) {
    estimate.add({ atMs: second * 1000, stages: [{ waiting: waiting(second), done }] });
    done += perSecond(second);
  }
  return { estimate, atMs: seconds * 1000 };
}

const cases: readonly [what: string, flow: Flow, waitMs: number | null][] = [
  ["no sample", { seconds: -1, waiting: () => 9, perSecond: () => 1 }, null],
  ["less than half a minute of samples", { seconds: 20, waiting: () => 900, perSecond: () => 1 }, null],
  ["an idle pipeline", { seconds: 60, waiting: () => 0, perSecond: () => 0 }, 0],
  ["as much as leaves in ten seconds", { seconds: 60, waiting: () => 500, perSecond: () => 50 }, 10_000],
  [
    "one slow run after the other",
    { seconds: 60, waiting: () => 1, perSecond: (at) => (at % 10 === 0 ? 1 : 0) },
    10_000,
  ],
  [
    "a burst in which nothing has left yet",
    { seconds: 60, waiting: (at) => (at > 55 ? 900 : 0), perSecond: () => 0 },
    0,
  ],
  [
    "a burst beside one slow run",
    { seconds: 60, waiting: (at) => (at > 55 ? 900 : 1), perSecond: (at) => (at % 10 === 0 ? 1 : 0) },
    10_000,
  ],
  ["nothing that leaves", { seconds: 60, waiting: () => 900, perSecond: () => 0 }, null],
  ["a backlog that is gone", { seconds: 60, waiting: (at) => (at < 59 ? 900 : 0), perSecond: () => 10 }, 0],
  [
    "what was long ago is forgotten",
    { seconds: 120, waiting: () => 100, perSecond: (at) => (at < 60 ? 1000 : 10) },
    10_000,
  ],
];
for (const [what, flow, waitMs] of cases) {
  test(`${what}: ${waitMs === null ? "unknown" : `${waitMs} ms`}`, () => {
    const { estimate, atMs } = after(flow);
    assert.equal(estimate.waitMs(atMs), waitMs);
  });
}

const steady: Flow = { seconds: 60, waiting: () => 500, perSecond: () => 50 };

test("samples that are old, or have a gap, say nothing", () => {
  const { estimate, atMs } = after(steady);
  assert.notEqual(estimate.waitMs(atMs + 5_000), null);
  assert.equal(estimate.waitMs(atMs + 5_001), null);
  estimate.add({ atMs: atMs + 20_000, stages: [{ waiting: 500, done: 9000 }] });
  assert.equal(estimate.waitMs(atMs + 20_000), null);
});

test("a stage whose progress goes back, as after a takeover, says nothing", () => {
  const { estimate, atMs } = after(steady);
  estimate.add({ atMs: atMs + 1000, stages: [{ waiting: 500, done: 1 }] });
  assert.equal(estimate.waitMs(atMs + 1000), null);
});

test("the waits of the stages add up; one that is unknown leaves all unknown", () => {
  for (const [second, expected] of [
    [{ waiting: 100, perSecond: 20 }, 15_000],
    [{ waiting: 100, perSecond: 0 }, null],
  ] as const) {
    const estimate = new WaitEstimate();
    for (let at = 0; at <= 30; at++) {
      const stages = [
        { waiting: 500, done: at * 50 },
        { waiting: second.waiting, done: at * second.perSecond },
      ];
      estimate.add({ atMs: at * 1000, stages });
    }
    assert.equal(estimate.waitMs(30_000), expected);
  }
});

test("law: an empty second in the last half minute means no wait; more that stands never means less", () => {
  const counts = fc.array(fc.nat(1000), { minLength: 31, maxLength: 31 });
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 100 }), fc.nat(500), (waiting, perSecond, more) => {
      const flow = (add: number): Flow => ({
        seconds: windowMs / 1000,
        waiting: (at) => (waiting[at] ?? 0) + add,
        perSecond: () => perSecond,
      });
      const [few, many] = [after(flow(0)), after(flow(more))].map(({ estimate, atMs }) => estimate.waitMs(atMs) ?? -1);
      assert.ok(few !== undefined && many !== undefined && few >= 0 && many >= few);
      if (waiting.includes(0)) assert.equal(few, 0);
    }),
  );
});
