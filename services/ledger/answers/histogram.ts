/**
 * Percentiles of a histogram as the roll-ups hold it: from a bucket's upper
 * bound in milliseconds to how many lie in it. A percentile is the bound of the
 * bucket that the nearest rank falls into, so it is the same whatever rows the
 * histogram was added up from.
 */
import { z } from "zod";

const counts = z.record(z.string().regex(/^\d+$/), z.coerce.number().int().nonnegative());

/** Pairs by rising bound. */
export const histogram = counts.transform((map) =>
  Object.entries(map)
    .map(([bound, lying]) => ({ boundMs: Number(bound), lying }))
    .toSorted((left, right) => left.boundMs - right.boundMs),
);
export type Histogram = z.output<typeof histogram>;

export function countOf(buckets: Histogram): number {
  return buckets.reduce((sum, { lying }) => sum + lying, 0);
}

/** `portion`: of 1. Null when the histogram is empty. */
export function percentileMs(buckets: Histogram, portion: number): number | null {
  const rank = Math.max(1, Math.ceil(countOf(buckets) * portion));
  let below = 0;
  for (const { boundMs, lying } of buckets) {
    below += lying;
    if (below >= rank) return boundMs;
  }
  return null;
}
