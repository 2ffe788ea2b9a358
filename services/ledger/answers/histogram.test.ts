/** Percentiles of histograms. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { countOf, histogram, percentileMs } from "./histogram.ts";

test("a percentile is the bound of the bucket that the nearest rank falls into", () => {
  const buckets = histogram.parse({ 2047: "1", 15: "98", 31: "1" });
  assert.equal(countOf(buckets), 100);
  assert.deepEqual(
    [0, 0.5, 0.98, 0.99, 0.991, 1].map((portion) => percentileMs(buckets, portion)),
    [15, 15, 15, 31, 2047, 2047],
  );
});

test("of nothing there is none", () => {
  assert.equal(percentileMs(histogram.parse({}), 0.5), null);
});

test("it is the same whatever rows the histogram was added up from", () => {
  const bounds = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(bounds, fc.double({ min: 0, max: 1, noNaN: true }), (values, portion) => {
      const counts: Record<string, number> = {};
      for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
      const sorted = values.toSorted((left, right) => left - right);
      const nearest = sorted[Math.max(1, Math.ceil(values.length * portion)) - 1];
      assert.equal(percentileMs(histogram.parse(counts), portion), nearest);
    }),
  );
});
