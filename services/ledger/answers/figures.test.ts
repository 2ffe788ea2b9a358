/** Money that may be unknown, shares, and sums over rows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { dividedUsd, lessUsd, shareOf, sumUsd, totalsOf, type Figure } from "./figures.ts";

test("a sum is exact, leaves out what is unknown, and of nothing known is unknown", () => {
  assert.equal(sumUsd(["0.1", "0.2", null, "0.000000000001"]), "0.300000000001");
  assert.equal(sumUsd(["123456789012.000000000001", "1"]), "123456789013.000000000001");
  assert.equal(sumUsd([null, null]), null);
  assert.equal(sumUsd([]), null);
});

test("a difference with something unknown is unknown", () => {
  assert.equal(lessUsd("0.1", "0.3"), "-0.2");
  assert.equal(lessUsd(null, "0.3"), null);
  assert.equal(lessUsd("0.3", null), null);
});

test("a quotient is rounded once, to 1e-12, and by nothing is unknown", () => {
  assert.equal(dividedUsd("1", 3), "0.333333333333");
  assert.equal(dividedUsd("1", 0), null);
  assert.equal(dividedUsd(null, 3), null);
});

test("a share of nothing is unknown, not zero", () => {
  assert.equal(shareOf(1, 3), 0.333333);
  assert.equal(shareOf("-0.5", "2"), -0.25);
  assert.equal(shareOf(0, 0), null);
  assert.equal(shareOf(null, 2), null);
});

test("the total holds what adds up, and nothing else", () => {
  const figures: readonly Figure[] = [
    { name: "calls", head: "calls", kind: "count", sums: true },
    { name: "cost_usd", head: "cost", kind: "usd", sums: true },
    { name: "share", head: "share", kind: "share" },
  ];
  const rows = [
    { calls: 2, cost_usd: "0.1", share: 0.5 },
    { calls: 3, cost_usd: null, share: 0.5 },
  ];
  assert.deepEqual(totalsOf(figures, rows), { calls: 5, cost_usd: "0.1" });
});
