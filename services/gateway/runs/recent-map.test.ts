import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RecentMap } from "./recent-map.ts";

test("the first value of a key stays, until it is forgotten", () => {
  const map = new RecentMap<number>(4);
  assert.equal(map.note("a", 1), true);
  assert.equal(map.note("a", 2), false);
  assert.equal(map.get("a"), 1);
  map.forget("a");
  assert.equal(map.has("a"), false);
  assert.equal(map.note("a", 3), true);
});

test("it never holds more than it may, and always the newest half of that", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.array(fc.integer({ min: 0, max: 30 })), (half, keys) => {
      const turns: number[] = [];
      const map = new RecentMap<number>(2 * half, () => turns.push(map.size));
      const noted: number[] = [];
      for (const key of keys) {
        if (map.note(String(key), key)) noted.push(key);
        assert.ok(map.size <= 2 * half);
        for (const recent of noted.slice(-half)) assert.equal(map.get(String(recent)), recent);
      }
      assert.ok(
        turns.every((size) => size === half),
        "what a turn leaves is the younger half",
      );
    }),
  );
});
