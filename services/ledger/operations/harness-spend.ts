/**
 * What the runs of each harness cost lately: how many ended, what they cost
 * together, and of how many that is known. A mean of these is what a run is
 * expected to cost.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";

const harnessSpend = z.object({
  harness: z.string(),
  runs: z.coerce.number().int(),
  priced_runs: z.coerce.number().int().describe("Of which every call has a known cost"),
  cost_usd: z.string().nullable().describe("Of those runs; null when there is none"),
});
export type HarnessSpend = Readonly<z.infer<typeof harnessSpend>>;

/** Of runs that were received since then (Unix milliseconds). Errors: StoreError. */
export async function harnessSpends(store: Pick<Store, "query">, sinceMs: number): Promise<readonly HarnessSpend[]> {
  const rows = await store.query(
    `SELECT assumeNotNull(harness) AS harness, count() AS runs, countIf(unpriced_calls = 0) AS priced_runs,
       if(priced_runs = 0, NULL, sumIf(ifNull(run.cost_usd, 0), unpriced_calls = 0)) AS cost_usd
     FROM run_results AS run
     WHERE harness IS NOT NULL AND received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
     GROUP BY harness ORDER BY harness`,
    { sinceMs },
  );
  return z.array(harnessSpend).parse(rows);
}
