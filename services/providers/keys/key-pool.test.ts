/** Keys in turn; a rejected or limited one is left alone while the others go on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KeyPool, limitedMs, rejectedMs } from "./key-pool.ts";
import type { FailedOutcome, ProviderOutcome } from "../outcome.ts";

const answer: ProviderOutcome = { kind: "answer", text: "a", finishReason: "stop", servedModel: "m", usage: null };

function failure(outcome: FailedOutcome, retryAfterMs?: number): ProviderOutcome {
  return { kind: "failure", outcome, code: "c", usage: null, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

const otherKey = (outcome: ProviderOutcome): boolean => outcome.kind === "failure" && outcome.otherKey === true;

test("keys take turns", () => {
  const pool = new KeyPool(3);
  assert.deepEqual(
    [0, 0, 0, 0].map((nowMs) => pool.take(nowMs)),
    [0, 1, 2, 0],
  );
});

test("a rejected key is left alone for ten minutes, and the failure says that another can be tried", () => {
  const pool = new KeyPool(2);
  assert.ok(otherKey(pool.judge(pool.take(0), failure("unauthorized"), 0)));
  assert.deepEqual(
    [1, 2, rejectedMs - 1].map((nowMs) => pool.take(nowMs)),
    [1, 1, 1],
  );
  assert.equal(pool.take(rejectedMs), 0);
});

test("a limited key is left alone as long as the provider says, or a little, and never for long", () => {
  for (const [named, outMs] of [
    [700, 700],
    [undefined, limitedMs.unnamed],
    [86_400_000, limitedMs.longest],
  ] as const) {
    const pool = new KeyPool(2);
    pool.judge(pool.take(0), failure("rate_limited", named), 0);
    pool.take(0);
    assert.equal(pool.take(outMs - 1), 1);
    assert.equal(pool.take(outMs), 0);
  }
});

test("the last key's failure is the provider's", () => {
  const pool = new KeyPool(2);
  assert.ok(otherKey(pool.judge(pool.take(0), failure("rate_limited"), 0)));
  assert.ok(!otherKey(pool.judge(pool.take(0), failure("unauthorized"), 0)));
  assert.ok(!otherKey(new KeyPool(1).judge(0, failure("unauthorized"), 0)));
});

test("when all are out, the one that comes back first is asked", () => {
  const pool = new KeyPool(2);
  pool.judge(0, failure("unauthorized"), 0);
  pool.judge(1, failure("rate_limited", 900), 0);
  assert.equal(pool.take(1), 1);
});

test("what is not the key's failure puts no key out", () => {
  const outcomes: readonly FailedOutcome[] = ["server_error", "overloaded", "timeout", "bad_request", "malformed"];
  for (const outcome of outcomes) {
    const pool = new KeyPool(2);
    assert.ok(!otherKey(pool.judge(pool.take(0), failure(outcome), 0)));
    assert.deepEqual([pool.take(0), pool.take(0)], [1, 0]);
  }
});

test("law: whatever happens, a key is named, and one that is in order is preferred", () => {
  const steps = fc.array(
    fc.record({ passMs: fc.nat(400_000), outcome: fc.constantFrom("ok", "unauthorized", "rate_limited") }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), steps, (keys, history) => {
      const pool = new KeyPool(keys);
      const outUntilMs = Array.from({ length: keys }, () => 0);
      let nowMs = 0;
      for (const { passMs, outcome } of history) {
        nowMs += passMs;
        const index = pool.take(nowMs);
        const least = Math.min(...outUntilMs.map((untilMs) => Math.max(untilMs, nowMs)));
        assert.equal(Math.max(outUntilMs[index] ?? Number.NaN, nowMs), least);
        pool.judge(index, outcome === "ok" ? answer : failure(outcome), nowMs);
        if (outcome !== "ok") outUntilMs[index] = nowMs + (outcome === "unauthorized" ? rejectedMs : limitedMs.unnamed);
      }
    }),
  );
});
