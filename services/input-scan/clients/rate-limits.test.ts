/** Buckets by the records' own time: how many pass, when the next one may, and that a repeat is answered as before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RateLimits, type Limit } from "./rate-limits.ts";

const limit = (requestsPerMinute: number, key = "acme"): Limit => ({ key, scope: "this client", requestsPerMinute });
let offset = 0;
const ask = (atMs: number, ...limits: readonly Limit[]) => ({ place: `0/${offset++}`, atMs, limits });

test("a minute's worth may come at once, the next one when the bucket has refilled by one", () => {
  const limits = new RateLimits();
  for (let count = 0; count < 60; count++) assert.equal(limits.take(ask(1_000_000, limit(60))), null);
  assert.deepEqual(limits.take(ask(1_000_000, limit(60))), {
    requestsPerMinute: 60,
    scope: "this client",
    retryAfterMs: 1000,
  });
  assert.equal(limits.take(ask(1_000_999, limit(60)))?.retryAfterMs, 1);
  assert.equal(limits.take(ask(1_001_000, limit(60))), null);
});

test("a client does not use up another's bucket", () => {
  const limits = new RateLimits();
  assert.equal(limits.take(ask(0, limit(1, "a"))), null);
  assert.equal(limits.take(ask(0, limit(1, "b"))), null);
  assert.notEqual(limits.take(ask(0, limit(1, "a"))), null);
});

test("what one limit refuses is not counted by the other", () => {
  const limits = new RateLimits();
  const wide = limit(3, "client");
  assert.equal(limits.take(ask(0, wide, limit(1, "client on harness"))), null);
  assert.notEqual(limits.take(ask(0, wide, limit(1, "client on harness"))), null);
  assert.equal(limits.take(ask(0, wide)), null);
  assert.equal(limits.take(ask(0, wide)), null);
  assert.notEqual(limits.take(ask(0, wide)), null);
});

test("a record that is read again is answered as before and not counted twice", () => {
  const limits = new RateLimits();
  const first = ask(0, limit(1));
  const second = ask(0, limit(1));
  assert.equal(limits.take(first), null);
  assert.notEqual(limits.take(second), null);
  assert.equal(limits.take(first), null);
  assert.notEqual(limits.take({ ...second, atMs: 120_000 }), null);
});

test("an older record than the last is judged at the last one's time: time does not run back", () => {
  const limits = new RateLimits();
  assert.equal(limits.take(ask(60_000, limit(2))), null);
  assert.equal(limits.take(ask(0, limit(2))), null);
  assert.notEqual(limits.take(ask(0, limit(2))), null);
});

test("no limit, no bucket", () => assert.equal(new RateLimits().take(ask(0)), null));

test("law: in any span of time at most a minute's worth and what was refilled pass, and who waits as told passes", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 600 }), (waits, perMinute) => {
      const limits = new RateLimits();
      let atMs = 1_000_000;
      let passed = 0;
      for (const wait of waits) {
        atMs += wait;
        const refused = limits.take(ask(atMs, limit(perMinute)));
        if (refused === null) passed++;
        else {
          atMs += refused.retryAfterMs;
          assert.equal(limits.take(ask(atMs, limit(perMinute))), null);
          passed++;
        }
      }
      assert.ok(passed <= perMinute + ((atMs - 1_000_000) * perMinute) / 60_000 + 1e-6);
    }),
  );
});
