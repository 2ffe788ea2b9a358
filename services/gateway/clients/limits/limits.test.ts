/** Places, limits in force and the headers that tell of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { limitsInForce, type Limits } from "./limits-in-force.ts";
import { Places } from "./places.ts";
import { rateLimitHeaders } from "./rate-limit-headers.ts";

const defaults: Limits = {
  requestsPerMinute: 100,
  tokensPerMinute: 1000,
  concurrency: 8,
  bodyBytes: 5000,
  promptTokens: 900,
};

test("a place is had once and freed once, however often its holder says so", () => {
  const places = new Places();
  const free = places.take("acme", 1);
  assert.equal(places.take("acme", 1), null);
  assert.notEqual(places.take("beta", 1), null);
  free?.();
  const next = places.take("acme", 1);
  free?.();
  assert.equal(places.takenBy("acme"), 1);
  next?.();
  assert.equal(places.takenBy("acme"), 0);
});

test("keys of one client with other limits share its places", () => {
  const places = new Places();
  assert.notEqual(places.take("acme", 1), null);
  assert.equal(places.take("acme", 1), null);
  assert.notEqual(places.take("acme", 2), null);
});

test("law: places taken are never negative and never above the limit, in any order of taking and freeing", () => {
  const step = fc.oneof(fc.constant("take" as const), fc.nat(20));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 6 }), (steps, limit) => {
      const places = new Places();
      const held: (() => void)[] = [];
      const isFreed = new Set<number>();
      for (const at of steps) {
        if (at !== "take") {
          held[at]?.();
          if (at < held.length) isFreed.add(at);
          continue;
        }
        const free = places.take("acme", limit);
        assert.equal(free === null, held.length - isFreed.size >= limit);
        if (free !== null) held.push(free);
        assert.equal(places.takenBy("acme"), held.length - isFreed.size);
        assert.ok(places.takenBy("acme") <= limit);
      }
      for (const free of held) free();
      assert.equal(places.takenBy("acme"), 0);
    }),
  );
});

test("a key's limits hold, and the gateway's where it names none", () => {
  assert.deepEqual(limitsInForce({}, defaults), defaults);
  assert.deepEqual(limitsInForce({ requestsPerMinute: 500, concurrency: undefined, bodyBytes: 1 }, defaults), {
    ...defaults,
    requestsPerMinute: 500,
    bodyBytes: 1,
  });
});

test("a prompt may not be longer than a minute's tokens: it would wait for ever", () => {
  assert.equal(limitsInForce({ tokensPerMinute: 50 }, defaults).promptTokens, 50);
  assert.equal(limitsInForce({ tokensPerMinute: 50, promptTokens: 20 }, defaults).promptTokens, 20);
});

test("the headers say what a minute holds and what is left of it, in whole seconds from above", () => {
  const correct = () => Promise.resolve();
  const requests = { fits: true, left: 99, resetMs: 59_001, correct };
  const policy = { "ratelimit-policy": '"requests";q=100;w=60, "tokens";q=1000;w=60' };
  assert.deepEqual(rateLimitHeaders(defaults, {}), policy);
  assert.deepEqual(rateLimitHeaders(defaults, { requests, tokens: { ...requests, left: 0, resetMs: 0 } }), {
    ...policy,
    ratelimit: '"requests";r=99;t=60, "tokens";r=0;t=0',
  });
});
