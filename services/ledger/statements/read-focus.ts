/**
 * A month's charges for FinOps tools: what each day's calls of one kind cost.
 * Only calls whose cost is known are charges, so their sum is the ledger's; what
 * orphans and unknown costs may add stands on the statement alone.
 */
import { z } from "zod";
import { count } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { spanOf } from "./statement-month.ts";

const charge = z.object({
  day: z.string(),
  client: z.string(),
  feature: z.string().nullable(),
  harness: z.string(),
  harness_version: z.string(),
  provider: z.string(),
  model: z.string(),
  price_version: z.string(),
  calls: count,
  input_tokens: count.describe("All input buckets together"),
  output_tokens: count.describe("With reasoning"),
  cost_usd: z.string(),
});
export type FocusCharge = Readonly<z.infer<typeof charge>>;

export interface FocusOrder {
  /** Of all clients when absent. */
  readonly client?: string | undefined;
  readonly month: string;
}

/** Day by day. Errors: StoreError. */
export async function readFocus(
  store: Pick<Store, "query">,
  { client, month }: FocusOrder,
): Promise<readonly FocusCharge[]> {
  const rows = await store.query(
    `SELECT
       toString(l.day) AS day, client_id AS client, feature, harness, harness_version, provider, model, price_version,
       count() AS calls,
       sum(ifNull(l.input_tokens, 0) + ifNull(cached_input_tokens, 0) + ifNull(cache_write_tokens, 0)) AS input_tokens,
       sum(ifNull(l.output_tokens, 0) + ifNull(reasoning_tokens, 0)) AS output_tokens,
       sum(l.cost_usd) AS cost_usd
     FROM ledger AS l
     WHERE ${client === undefined ? "" : "client_id = {client:String} AND "}l.cost_usd IS NOT NULL
       AND started_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
       AND started_at < fromUnixTimestamp64Milli({untilMs:Int64}, 'UTC')
     GROUP BY day, client, feature, harness, harness_version, provider, model, price_version
     ORDER BY day, client, feature, harness, harness_version, provider, model, price_version`,
    { ...(client === undefined ? {} : { client }), ...spanOf(month) },
  );
  return z.array(charge).parse(rows);
}
