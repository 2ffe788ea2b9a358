/**
 * What clients and harnesses cost hour by hour, of those alone that cost enough
 * in their latest hours to be worth a look. Known costs: a call whose cost is
 * unknown is in no hour.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";

export interface HourlySpendQuery {
  readonly by: "client_id" | "harness";
  /** Hours that start from then on, Unix milliseconds. */
  readonly sinceMs: number;
  /** One of the hours from this one on cost at least `leastUsd`. */
  readonly latestMs: number;
  readonly leastUsd: string;
}

const row = z.object({ name: z.string(), hourMs: z.coerce.number().int(), costUsd: z.string() });

export type HourlySpend = Readonly<z.infer<typeof row>>;

/** Hours without a known cost have no row. Errors: StoreError. */
export async function hourlySpend(
  store: Pick<Store, "query">,
  { by, ...params }: HourlySpendQuery,
): Promise<readonly HourlySpend[]> {
  const rows = await store.query(
    `SELECT toString(s.${by}) AS name, toUnixTimestamp(s.hour) * 1000 AS hourMs, toString(sum(s.cost_usd)) AS costUsd
     FROM spend_hourly AS s
     WHERE s.hour >= toDateTime(intDiv({sinceMs:Int64}, 1000), 'UTC') AND s.${by} IN (
       SELECT l.${by} FROM (
         SELECT h.${by}, h.hour, sum(h.cost_usd) AS cost
         FROM spend_hourly AS h
         WHERE h.hour >= toDateTime(intDiv({latestMs:Int64}, 1000), 'UTC')
         GROUP BY h.${by}, h.hour
       ) AS l
       WHERE l.cost >= toDecimal128({leastUsd:String}, 12)
     )
     GROUP BY name, hourMs
     HAVING sum(s.cost_usd) IS NOT NULL`,
    params,
  );
  return z.array(row).parse(rows);
}
