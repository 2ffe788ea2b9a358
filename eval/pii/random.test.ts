/** Seeded choices: repeatable, in range, and spread over what there is to choose from. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { grouped, seededRandom } from "./random.ts";

test("law: the same seed gives the same numbers, all below the limit", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 1000 }), (seed, limit) => {
      const [left, right] = [seededRandom(seed), seededRandom(seed)];
      for (let round = 0; round < 20; round++) {
        const drawn = left.below(limit);
        assert.equal(drawn, right.below(limit));
        assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn < limit);
      }
    }),
  );
});

test("all digits come up", () => {
  assert.equal(new Set(seededRandom(1).digits(300)).size, 10);
});

test("picking from nothing is a fault of the caller", () => {
  assert.throws(() => seededRandom(1).pick([]));
});

test("groups take their digits in order", () => {
  assert.equal(grouped("123456789", [3, 2, 4], "-"), "123-45-6789");
});
