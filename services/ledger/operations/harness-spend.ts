/**
 * What the runs of each harness and version cost lately: how many ended, what
 * they cost together, and of how many that is known. A mean of these is what a
 * run is expected to cost.
 */
import { z } from "zod";
import { addKnownUsd } from "../../pricing/usd.ts";
import type { Store } from "../clickhouse.ts";

const harnessSpend = z.object({
  harness: z.string(),
  version: z.string(),
  runs: z.coerce.number().int(),
  priced_runs: z.coerce.number().int().describe("Of which every call has a known cost"),
  cost_usd: z.string().nullable().describe("Of those runs; null when there is none"),
});
export type HarnessSpend = Readonly<z.infer<typeof harnessSpend>>;

/** What counts as lately: seven days. */
export const lateMs = 7 * 86_400_000;

/** Of runs that were received since then (Unix milliseconds). Errors: StoreError. */
export async function harnessSpends(store: Pick<Store, "query">, sinceMs: number): Promise<readonly HarnessSpend[]> {
  const rows = await store.query(
    `SELECT assumeNotNull(harness) AS harness, ifNull(harness_version, '') AS version, count() AS runs,
       countIf(unpriced_calls = 0) AS priced_runs,
       if(priced_runs = 0, NULL, sumIf(ifNull(run.cost_usd, 0), unpriced_calls = 0)) AS cost_usd
     FROM run_results AS run
     WHERE harness IS NOT NULL AND received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
     GROUP BY harness, version ORDER BY harness, version`,
    { sinceMs },
  );
  return z.array(harnessSpend).parse(rows);
}

export type Spent = Pick<HarnessSpend, "runs" | "priced_runs" | "cost_usd">;

/** All versions of one harness together. */
export function spentBy(spends: readonly HarnessSpend[], harness: string): Spent {
  const own = spends.filter((spend) => spend.harness === harness);
  return {
    runs: own.reduce((sum, { runs }) => sum + runs, 0),
    priced_runs: own.reduce((sum, { priced_runs: priced }) => sum + priced, 0),
    cost_usd: own.reduce<string | null>((sum, { cost_usd: usd }) => addKnownUsd(sum, usd), null),
  };
}
