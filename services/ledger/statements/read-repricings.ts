/** What a client's month would have cost under other prices, as `prices reprice --write` left it beside the books. */
import { z } from "zod";
import { count, money } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { spanOf } from "./statement-month.ts";

export const repricing = z.object({
  repricing_id: z.string(),
  repriced_at: z.string(),
  calls: count.describe("Of this month, and repriced by no later one"),
  cost_usd: money.describe("As the books have them"),
  repriced_usd: money.describe("Under the other prices; null when none is known"),
  unknown_calls: count.describe("Calls whose cost is not known both ways: outside both sums"),
});

/** Newest first. Errors: StoreError. */
export async function readRepricings(
  store: Pick<Store, "query">,
  { client, month }: { readonly client: string; readonly month: string },
): Promise<readonly z.infer<typeof repricing>[]> {
  const rows = await store.query(
    `SELECT
       toString(r.repricing_id) AS repricing_id,
       max(r.repriced_at) AS repriced_at,
       count() AS calls,
       countIf(r.cost_usd IS NULL OR r.repriced_usd IS NULL) AS unknown_calls,
       sumIf(r.cost_usd, r.repriced_usd IS NOT NULL) AS cost_usd,
       sumIf(r.repriced_usd, r.cost_usd IS NOT NULL) AS repriced_usd
     FROM repriced_calls AS r
     WHERE r.client_id = {client:String}
       AND r.day >= toDate(fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC'))
       AND r.day < toDate(fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC'))
     GROUP BY repricing_id
     ORDER BY repriced_at DESC, repricing_id`,
    { client, ...spanOf(month) },
  );
  return z.array(repricing).parse(rows);
}
