/** The page is as old as the oldest thing on it that could not be asked for again. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { oldestOf, staleness, tellStale } from "./staleness.ts";

test("of several the oldest counts, and one that was not reached is enough to say so", () => {
  assert.equal(oldestOf([]), null);
  const refused = { sinceMs: 20, isReached: true };
  assert.deepEqual(oldestOf([refused, { sinceMs: 10, isReached: false }]), { sinceMs: 10, isReached: false });
  assert.deepEqual(oldestOf([refused, { sinceMs: null, isReached: true }]), refused);
  assert.deepEqual(oldestOf([{ sinceMs: null, isReached: false }]), { sinceMs: null, isReached: false });
});

test("what fails is told until that very thing is well again", () => {
  const [one, other] = [{}, {}];
  tellStale(one, { sinceMs: 10, isReached: true });
  tellStale(other, { sinceMs: 5, isReached: true });
  tellStale(other, null);
  assert.deepEqual(staleness.get(), { sinceMs: 10, isReached: true });
  tellStale(one, null);
  assert.equal(staleness.get(), null);
});
