/**
 * What the providers' prompt caches did: how much of the input came from them,
 * and what it saved beside paying for all of it as plain input. Below zero
 * where writing a cache cost more than reading it brought in.
 */
import { z } from "zod";
import { dimensionValues, groupedBy, selectedBy, withDimensions } from "../asking/dimension.ts";
import { conditionsOf, type Asking } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, money, share, shareOf, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";

const counted = z.object({
  ...dimensionValues,
  calls: count,
  calls_with_usage: count.describe("Those whose tokens are known: the sums are of them"),
  input_tokens: count.describe("Neither read from nor written to the cache"),
  cached_input_tokens: count.describe("Read from the cache"),
  cache_write_tokens: count.describe("Written to the cache"),
  cost_usd: money,
  saved_usd: money.describe("What the calls would have cost more without the cache; null when that is unknown"),
});

export const cacheRow = counted.extend({ hit_share: share.describe("Of all input tokens, those read from the cache") });
export type CacheRow = Readonly<z.infer<typeof cacheRow>>;

export const cacheFigures: readonly Figure[] = [
  { name: "calls", head: "calls", kind: "count", sums: true },
  { name: "hit_share", head: "hits", kind: "share" },
  { name: "cached_input_tokens", head: "cached", kind: "count", sums: true },
  { name: "cache_write_tokens", head: "written", kind: "count", sums: true, drop: 2 },
  { name: "input_tokens", head: "uncached", kind: "count", sums: true, drop: 1 },
  { name: "saved_usd", head: "saved USD", kind: "usd", sums: true },
  { name: "cost_usd", head: "cost USD", kind: "usd", sums: true, drop: 1 },
  { name: "calls_with_usage", head: "with usage", kind: "count", sums: true, drop: 3 },
];

/** Most saved first. Errors: StoreError. */
export async function cache(store: Pick<Store, "query">, asking: Asking): Promise<readonly CacheRow[]> {
  const { by } = asking;
  const { where, params } = conditionsOf(asking);
  const rows = await store.query(
    `SELECT ${selectedBy(by)}
       sum(s.calls) AS calls,
       sum(s.calls_with_usage) AS calls_with_usage,
       sum(s.input_tokens) AS input_tokens,
       sum(s.cached_input_tokens) AS cached_input_tokens,
       sum(s.cache_write_tokens) AS cache_write_tokens,
       sum(s.cost_usd) AS cost_usd,
       sum(s.cache_saved_usd) AS saved_usd
     FROM ${rolledUp("spend", asking)} AS s
     WHERE ${where}
     ${groupedBy(by)}
     HAVING calls > 0
     ORDER BY ${["saved_usd DESC NULLS LAST", "calls DESC", ...by.map((name) => `by_${name}`)].join(", ")}`,
    params,
  );
  return rows.map((row) => {
    const line = counted.parse(withDimensions(by, row));
    const input = line.input_tokens + line.cached_input_tokens + line.cache_write_tokens;
    return { ...line, hit_share: shareOf(line.cached_input_tokens, input) };
  });
}
