/** What the ledger says was spent in the last days, for any budget's scope. Costs that are not known count at most. */
import { z } from "zod";
import type { BudgetScope } from "../../../schemas/control/budget.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { Decimal } from "../../pricing/usd.ts";
import { nothing, plus, type Amount } from "../amount.ts";
import { recentDays } from "./burn-down.ts";

const line = z.object({
  client_id: z.string(),
  feature: z.string().nullable(),
  harness: z.string(),
  usd: z.string().nullable(),
  tokens: z.coerce.number().int(),
});

export type RecentSpend = (scope: BudgetScope) => Amount;

const hourMs = 3_600_000;

/** Up to the last full hour. Errors: StoreError. */
export async function recentSpend(store: Pick<Store, "query">, nowMs: number): Promise<RecentSpend> {
  const until = Math.floor(nowMs / hourMs) * 3600;
  const rows = await store.query(
    `SELECT s.client_id AS client_id, s.feature AS feature, s.harness AS harness, sum(s.bound_high_usd) AS usd,
       sum(s.input_tokens + s.cached_input_tokens + s.cache_write_tokens + s.output_tokens + s.reasoning_tokens) AS tokens
     FROM spend_between(since = {since:UInt32}, apart = {since:UInt32}, until = {until:UInt32}) AS s
     WHERE hour >= toDateTime({since:UInt32}, 'UTC') AND hour < toDateTime({until:UInt32}, 'UTC')
     GROUP BY client_id, feature, harness`,
    { since: until - recentDays * 24 * 3600, until },
  );
  const lines = z.array(line).parse(rows);
  return ({ client_id, feature, harness }) =>
    lines
      .filter(
        (spent) =>
          (client_id === undefined || spent.client_id === client_id) &&
          (feature === undefined || spent.feature === feature) &&
          (harness === undefined || spent.harness === harness),
      )
      .reduce((sum, { usd, tokens }) => plus(sum, { usd: new Decimal(usd ?? 0), tokens }), nothing);
}
