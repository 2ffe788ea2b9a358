/**
 * What was paid, by what. Calls are counted in the hour in which they started;
 * a sum of unknown costs is null, `calls_with_cost` says how many calls it
 * covers, and the bounds hold what orphans and unknown costs may add.
 */
import { z } from "zod";
import { dimensionValues, groupedBy, selectedBy, withDimensions } from "../asking/dimension.ts";
import { conditionsOf, type Asking } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, money, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";

export const spendRow = z.object({
  ...dimensionValues,
  calls: count,
  failed_calls: count.describe("Finished with anything but ok"),
  in_flight: count,
  orphans: count.describe("Calls whose end nobody saw"),
  calls_with_cost: count.describe("Those that cost_usd covers"),
  input_tokens: count.describe("All input buckets together"),
  output_tokens: count.describe("With reasoning"),
  cost_usd: money.describe("Sum of the known costs; null when none is known"),
  bound_low_usd: money.describe("At least; orphans and unknown costs included where they have bounds"),
  bound_high_usd: money.describe("At most, likewise"),
  unbounded_calls: count.describe("Calls without a known price: outside every sum"),
});
export type SpendRow = Readonly<z.infer<typeof spendRow>>;

export const spendFigures: readonly Figure[] = [
  { name: "calls", head: "calls", kind: "count", sums: true },
  { name: "failed_calls", head: "failed", kind: "count", sums: true, drop: 4 },
  { name: "input_tokens", head: "input", kind: "count", sums: true, drop: 5 },
  { name: "output_tokens", head: "output", kind: "count", sums: true, drop: 5 },
  { name: "cost_usd", head: "cost USD", kind: "usd", sums: true },
  { name: "orphans", head: "orphans", kind: "count", sums: true, drop: 3 },
  { name: "in_flight", head: "in flight", kind: "count", sums: true, drop: 6 },
  { name: "bound_low_usd", head: "at least", kind: "usd", sums: true, drop: 2 },
  { name: "bound_high_usd", head: "at most", kind: "usd", sums: true, drop: 2 },
  { name: "calls_with_cost", head: "with cost", kind: "count", sums: true, drop: 1 },
  { name: "unbounded_calls", head: "unpriced", kind: "count", sums: true, drop: 6 },
];

/** The sums over some rows of the roll-up, for a SELECT of it as `s`. */
export const spendSums = `
  sum(s.calls) AS calls,
  sumIf(s.calls, s.state = 'finished' AND s.outcome != 'ok') AS failed_calls,
  sumIf(s.calls, s.state = 'in_flight') AS in_flight,
  sumIf(s.calls, s.state = 'orphan') AS orphans,
  sum(s.calls_with_cost) AS calls_with_cost,
  sum(s.input_tokens + s.cached_input_tokens + s.cache_write_tokens) AS input_tokens,
  sum(s.output_tokens + s.reasoning_tokens) AS output_tokens,
  sum(s.cost_usd) AS cost_usd,
  sum(s.bound_low_usd) AS bound_low_usd,
  sum(s.bound_high_usd) AS bound_high_usd,
  sum(s.unbounded_calls) AS unbounded_calls`;

/** Dearest first; none when there is no call. Errors: StoreError. */
export async function spend(store: Pick<Store, "query">, asking: Asking): Promise<readonly SpendRow[]> {
  const { where, params } = conditionsOf(asking);
  const { by } = asking;
  const rows = await store.query(
    `SELECT ${selectedBy(by)} ${spendSums}
     FROM ${rolledUp("spend", asking)} AS s
     WHERE ${where}
     ${groupedBy(by)}
     HAVING calls > 0
     ORDER BY ${["cost_usd DESC NULLS LAST", ...by.map((name) => `by_${name}`)].join(", ")}`,
    params,
  );
  return rows.map((row) => spendRow.parse(withDimensions(by, row)));
}
