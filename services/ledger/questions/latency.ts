/**
 * How long calls take, by model: the percentiles of the time to the first token
 * and of the whole call. Finished calls alone, failed ones included; ask by
 * outcome to tell them apart. A percentile is a bucket's upper bound, at most a
 * sixteenth too high.
 */
import { z } from "zod";
import { dimensionValues, groupedBy, selectedBy, withDimensions } from "../asking/dimension.ts";
import { conditionsOf, type Asking } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, milliseconds, type Figure } from "../answers/figures.ts";
import { countOf, histogram, percentileMs } from "../answers/histogram.ts";
import type { Store } from "../clickhouse.ts";

const measured = z.object({ ...dimensionValues, duration: histogram, first_token: histogram });

export const latencyRow = z.object({
  ...dimensionValues,
  calls: count.describe("Finished"),
  p50_ms: milliseconds.describe("The whole call"),
  p90_ms: milliseconds,
  p95_ms: milliseconds,
  p99_ms: milliseconds,
  first_token_calls: count.describe("Those that had a first token"),
  first_token_p50_ms: milliseconds,
  first_token_p90_ms: milliseconds,
  first_token_p95_ms: milliseconds,
  first_token_p99_ms: milliseconds,
});
export type LatencyRow = Readonly<z.infer<typeof latencyRow>>;

export const latencyFigures: readonly Figure[] = [
  { name: "calls", head: "calls", kind: "count", sums: true },
  { name: "first_token_p50_ms", head: "first p50", kind: "ms" },
  { name: "first_token_p90_ms", head: "first p90", kind: "ms", drop: 2 },
  { name: "first_token_p95_ms", head: "first p95", kind: "ms" },
  { name: "first_token_p99_ms", head: "first p99", kind: "ms", drop: 1 },
  { name: "p50_ms", head: "p50", kind: "ms" },
  { name: "p90_ms", head: "p90", kind: "ms", drop: 2 },
  { name: "p95_ms", head: "p95", kind: "ms" },
  { name: "p99_ms", head: "p99", kind: "ms", drop: 1 },
  { name: "first_token_calls", head: "with first token", kind: "count", sums: true, drop: 3 },
];

/** Most calls first. Errors: StoreError. */
export async function latency(store: Pick<Store, "query">, asking: Asking): Promise<readonly LatencyRow[]> {
  const { by } = asking;
  const { where, params } = conditionsOf(asking);
  const rows = await store.query(
    `SELECT ${selectedBy(by)} sumMap(s.duration_ms) AS duration, sumMap(s.first_token_ms) AS first_token
     FROM ${rolledUp("spend", asking)} AS s
     WHERE ${where} AND s.state = 'finished'
     ${groupedBy(by)}
     HAVING length(mapKeys(duration)) > 0
     ORDER BY ${["arraySum(mapValues(duration)) DESC", ...by.map((name) => `by_${name}`)].join(", ")}`,
    params,
  );
  return rows.map((row) => measuredRow(measured.parse(withDimensions(by, row))));
}

function measuredRow({ duration, first_token: first, ...split }: z.output<typeof measured>): LatencyRow {
  return {
    ...split,
    calls: countOf(duration),
    p50_ms: percentileMs(duration, 0.5),
    p90_ms: percentileMs(duration, 0.9),
    p95_ms: percentileMs(duration, 0.95),
    p99_ms: percentileMs(duration, 0.99),
    first_token_calls: countOf(first),
    first_token_p50_ms: percentileMs(first, 0.5),
    first_token_p90_ms: percentileMs(first, 0.9),
    first_token_p95_ms: percentileMs(first, 0.95),
    first_token_p99_ms: percentileMs(first, 0.99),
  };
}
