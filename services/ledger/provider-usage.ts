/**
 * What the ledger says each model used on each day (UTC, by the call's start),
 * in the terms of a provider's own usage report: calls whose usage the provider
 * told us, in disjoint buckets; and beside them the calls that the provider may
 * have counted though we never heard what they used.
 */
import { z } from "zod";
import type { Store } from "./clickhouse.ts";

const count = z.coerce.number().int();

const usageLine = z.object({
  day: z.string().describe("YYYY-MM-DD, UTC"),
  provider: z.string(),
  model: z.string().describe("Served; asked for where the provider did not say"),
  calls: count.describe("With known usage"),
  inputTokens: count,
  cachedInputTokens: count,
  cacheWriteTokens: count,
  outputTokens: count.describe("With reasoning, as providers count"),
  unknownCalls: count.describe("Orphans, calls in flight and ended calls of unknown usage that were not turned away"),
});

export type LedgerUsage = Readonly<z.infer<typeof usageLine>>;

export interface UsagePeriod {
  /** First and last day, YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
  readonly provider: string;
}

/** Errors: StoreError. */
export async function providerUsage(
  store: Store,
  { from, to, provider }: UsagePeriod,
): Promise<readonly LedgerUsage[]> {
  const rows = await store.query(
    `SELECT
       toString(toDate(started_at)) AS day,
       provider,
       ifNull(served_model, model) AS model,
       countIf(input_tokens IS NOT NULL) AS calls,
       sum(ifNull(input_tokens, 0)) AS inputTokens,
       sum(ifNull(cached_input_tokens, 0)) AS cachedInputTokens,
       sum(ifNull(cache_write_tokens, 0)) AS cacheWriteTokens,
       sum(ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0)) AS outputTokens,
       countIf(input_tokens IS NULL AND NOT turned_away) AS unknownCalls
     FROM ledger
     WHERE provider = {provider:String} AND toDate(started_at) BETWEEN toDate({from:String}) AND toDate({to:String})
     GROUP BY day, provider, model
     ORDER BY day, model`,
    { provider, from, to },
  );
  return z.array(usageLine).parse(rows);
}
