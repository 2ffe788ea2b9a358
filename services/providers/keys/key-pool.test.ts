/** Keys in turn, each with its breaker: rejected and limited ones are left alone while the others go on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { everyModel, KeyPool, limitedMs, rejectedMs, type KeyTrouble } from "./key-pool.ts";
import type { FailedOutcome, ProviderFailure, ProviderOutcome } from "../outcome.ts";

const answer: ProviderOutcome = { kind: "answer", text: "a", finishReason: "stop", servedModel: "m", usage: null };

function failure(outcome: FailedOutcome, more: Partial<ProviderFailure> = {}): ProviderOutcome {
  return { kind: "failure", outcome, code: "c", usage: null, ...more };
}

const rejection = failure("unauthorized", { status: 401 });
const otherKey = (outcome: ProviderOutcome | null): boolean => outcome?.kind === "failure" && outcome.otherKey === true;

/** One call with the pool's next key; null when nothing left. */
function play(pool: KeyPool, outcome: ProviderOutcome, nowMs: number, model = "m"): ProviderOutcome | null {
  const index = pool.take(model, nowMs);
  if (index === null) return null;
  const judged = pool.judge({ index, model }, outcome, nowMs);
  pool.end({ index, model });
  return judged;
}

test("keys take turns", () => {
  const pool = new KeyPool(3);
  assert.deepEqual(
    [0, 0, 0, 0].map((nowMs) => pool.take("m", nowMs)),
    [0, 1, 2, 0],
  );
});

test("a rejected key is left alone, the others go on, and the failure says that another can be tried", () => {
  const pool = new KeyPool(2);
  assert.ok(otherKey(play(pool, rejection, 0)));
  assert.deepEqual(
    [1, 2, rejectedMs - 1].map((nowMs) => pool.take("m", nowMs)),
    [1, 1, 1],
  );
});

test("when it is due, one call is its probe; the others keep off until it is back", () => {
  const pool = new KeyPool(2);
  play(pool, rejection, 0);
  assert.equal(pool.take("m", rejectedMs), 1);
  assert.equal(pool.take("m", rejectedMs), 0, "the probe");
  assert.deepEqual([pool.take("m", rejectedMs), pool.take("m", rejectedMs)], [1, 1]);
  pool.judge({ index: 0, model: "m" }, answer, rejectedMs);
  pool.end({ index: 0, model: "m" });
  assert.deepEqual([pool.take("m", rejectedMs), pool.take("m", rejectedMs)], [0, 1]);
  assert.deepEqual(pool.states(rejectedMs), []);
});

test("a probe that is rejected keeps the key out for another while; one that says nothing is made again", () => {
  const pool = new KeyPool(1);
  play(pool, rejection, 0);
  assert.equal(play(pool, failure("timeout"), rejectedMs)?.kind, "failure");
  assert.equal(pool.isOut("m", rejectedMs), false);
  play(pool, rejection, rejectedMs);
  assert.equal(pool.isOut("m", 2 * rejectedMs - 1), true);
  assert.equal(pool.isOut("m", 2 * rejectedMs), false);
});

test("any answer that a key was needed for mends it, an error of the model too", () => {
  const pool = new KeyPool(1);
  play(pool, rejection, 0);
  play(pool, failure("server_error"), rejectedMs);
  assert.deepEqual(pool.states(rejectedMs), []);
});

test("what was under way when a key was rejected does not mend it", () => {
  const pool = new KeyPool(1);
  assert.deepEqual([pool.take("m", 0), pool.take("m", 0)], [0, 0]);
  pool.judge({ index: 0, model: "m" }, rejection, 5);
  pool.judge({ index: 0, model: "m" }, answer, 10);
  assert.equal(pool.isOut("m", 11), true);
});

test("when every key is rejected, nothing leaves until a probe is due", () => {
  const pool = new KeyPool(2);
  assert.ok(otherKey(play(pool, rejection, 0)));
  assert.ok(!otherKey(play(pool, rejection, 10)), "the last key's failure is the provider's");
  assert.equal(pool.take("m", rejectedMs - 1), null);
  assert.equal(pool.take("m", rejectedMs), 0);
  assert.equal(pool.take("m", rejectedMs), null);
});

test("a key without a right for one model is out for that model alone", () => {
  const pool = new KeyPool(1);
  play(pool, failure("unauthorized", { status: 403 }), 0);
  assert.deepEqual([pool.isOut("m", 1), pool.isOut("other", 1)], [true, false]);
  play(pool, rejection, 2, "other");
  assert.equal(pool.isOut("third", 3), true);
});

test("an account without money is rejected, whatever the status says", () => {
  const pool = new KeyPool(2);
  assert.ok(otherKey(play(pool, failure("rate_limited", { status: 429, code: "insufficient_quota" }), 0)));
  assert.deepEqual(
    [pool.take("other", limitedMs.longest - 1), pool.states(1).map(({ model }) => model)],
    [1, [everyModel]],
  );
});

test("a limited key is left alone for that model as long as the provider says, or a little, and never for long", () => {
  for (const [named, outMs] of [
    [700, 700],
    [undefined, limitedMs.unnamed],
    [86_400_000, limitedMs.longest],
  ] as const) {
    const pool = new KeyPool(2);
    play(pool, failure("rate_limited", named === undefined ? {} : { retryAfterMs: named }), 0);
    pool.take("m", 0);
    assert.equal(pool.take("m", outMs - 1), 1);
    assert.equal(pool.take("m", outMs), 0);
  }
});

test("when all are limited, the one that comes back first is asked", () => {
  const pool = new KeyPool(2);
  play(pool, failure("rate_limited", { retryAfterMs: 2000 }), 0);
  assert.ok(!otherKey(play(pool, failure("rate_limited", { retryAfterMs: 900 }), 0)));
  assert.deepEqual([pool.take("m", 1), pool.isOut("m", 1)], [1, false]);
});

test("what is not the key's failure puts no key out", () => {
  const outcomes: readonly FailedOutcome[] = ["server_error", "overloaded", "timeout", "bad_request", "malformed"];
  for (const outcome of outcomes) {
    const pool = new KeyPool(2);
    assert.ok(!otherKey(play(pool, failure(outcome), 0)));
    assert.deepEqual([pool.take("m", 0), pool.take("m", 0)], [1, 0]);
  }
});

test("each change is told once, what is learnt from others is not", () => {
  const told: string[] = [];
  const tell = ({ index, model }: { index: number; model: string }, trouble: KeyTrouble | null): void =>
    void told.push(`${index} ${model} ${trouble?.kind ?? "works"}`);
  const pool = new KeyPool(2, tell);
  pool.learn({ index: 1, model: everyModel }, { kind: "rejected", untilMs: 86_400_000, code: "c" }, 0);
  assert.deepEqual([pool.take("m", 0), pool.take("m", 0)], [0, 0]);
  assert.deepEqual(
    pool.states(rejectedMs),
    [{ index: 1, model: everyModel, state: "half_open" }],
    "no clock is trusted",
  );
  play(pool, rejection, 0);
  play(pool, answer, rejectedMs);
  play(pool, answer, rejectedMs);
  assert.deepEqual(told, ["0 * rejected", "1 * works", "0 * works"]);
  pool.learn({ index: 0, model: everyModel }, { kind: "rejected", untilMs: rejectedMs + 1, code: "c" }, rejectedMs);
  pool.learn({ index: 0, model: everyModel }, null, rejectedMs);
  assert.deepEqual(pool.states(rejectedMs), []);
});

test("law: a key in order goes before a limited one, a rejected one has one probe at a time, and null means all are shut", () => {
  const outcome = fc.constantFrom(answer, rejection, failure("rate_limited"), failure("timeout"), null);
  const steps = fc.array(fc.record({ passMs: fc.nat(40_000), outcome }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (keys, history) => {
      const pool = new KeyPool(keys);
      const under: number[] = [];
      let nowMs = 0;
      for (const step of history) {
        nowMs += step.passMs;
        const troubled = new Map(pool.states(nowMs).map(({ index, state }) => [index, state]));
        const out = pool.isOut("m", nowMs);
        const index = pool.take("m", nowMs);
        assert.equal(index === null, out);
        if (index === null) continue;
        const inOrder = Array.from({ length: keys }, (_, key) => key).some((key) => !troubled.has(key));
        if (inOrder) assert.notEqual(troubled.get(index), "open");
        if (step.outcome === null) {
          under.push(index);
          continue;
        }
        pool.judge({ index, model: "m" }, step.outcome, nowMs);
        pool.end({ index, model: "m" });
      }
      for (const index of under) pool.end({ index, model: "m" });
      assert.equal(pool.isOut("m", nowMs + limitedMs.longest), false);
    }),
  );
});
