/**
 * What moved most: the spend of a period beside that of the period before it,
 * of the same length. Without a call nothing was spent ("0"); with calls of
 * which no cost is known, the change is unknown, and stands last.
 */
import { z } from "zod";
import { dimensionValues, groupedBy, selectedBy, withDimensions } from "../asking/dimension.ts";
import { conditionsOf, type Asking } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, lessUsd, money, share, shareOf, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { Decimal } from "../../pricing/usd.ts";

const compared = z.object({
  ...dimensionValues,
  cost_usd: money,
  before_usd: money.describe("In the period before, of the same length"),
  calls: count,
  calls_before: count,
  calls_with_cost: count.describe("Those that cost_usd covers"),
  calls_with_cost_before: count,
});

export const moversRow = compared.extend({
  change_usd: money.describe("cost_usd less before_usd"),
  change_share: share.describe("Of before_usd; null when nothing was spent before"),
});
export type MoversRow = Readonly<z.infer<typeof moversRow>>;

export const moversFigures: readonly Figure[] = [
  { name: "cost_usd", head: "cost USD", kind: "usd", sums: true },
  { name: "before_usd", head: "before", kind: "usd", sums: true },
  { name: "change_usd", head: "change", kind: "usd", sums: true },
  { name: "change_share", head: "change %", kind: "share" },
  { name: "calls", head: "calls", kind: "count", sums: true, drop: 1 },
  { name: "calls_before", head: "calls before", kind: "count", sums: true, drop: 2 },
  { name: "calls_with_cost", head: "with cost", kind: "count", sums: true, drop: 3 },
  { name: "calls_with_cost_before", head: "with cost before", kind: "count", sums: true, drop: 4 },
];

/** Largest change first, up or down. Errors: StoreError. */
export async function movers(store: Pick<Store, "query">, asking: Asking): Promise<readonly MoversRow[]> {
  const { by, period } = asking;
  const { sinceMs, untilMs } = period;
  const both = { ...asking, period: { sinceMs: Math.max(0, 2 * sinceMs - untilMs), untilMs } };
  const { where, params } = conditionsOf(both);
  const now = "s.hour >= toDateTime({middle:UInt32}, 'UTC')";
  const rows = await store.query(
    `SELECT ${selectedBy(by)}
       sumIf(s.cost_usd, ${now}) AS cost_usd,
       sumIf(s.cost_usd, NOT (${now})) AS before_usd,
       sumIf(s.calls, ${now}) AS calls,
       sumIf(s.calls, NOT (${now})) AS calls_before,
       sumIf(s.calls_with_cost, ${now}) AS calls_with_cost,
       sumIf(s.calls_with_cost, NOT (${now})) AS calls_with_cost_before
     FROM ${rolledUp("spend", asking, "middle")} AS s
     WHERE ${where}
     ${groupedBy(by)}
     HAVING calls + calls_before > 0
     ${by.length > 0 ? `ORDER BY ${by.map((name) => `by_${name}`).join(", ")}` : ""}`,
    { ...params, middle: sinceMs / 1000 },
  );
  return rows.map((row) => moved(compared.parse(withDimensions(by, row)))).toSorted(byChange);
}

function moved(row: z.infer<typeof compared>): MoversRow {
  const cost_usd = row.calls === 0 ? "0" : row.cost_usd;
  const before_usd = row.calls_before === 0 ? "0" : row.before_usd;
  const change_usd = lessUsd(cost_usd, before_usd);
  return { ...row, cost_usd, before_usd, change_usd, change_share: shareOf(change_usd, before_usd) };
}

function byChange(left: MoversRow, right: MoversRow): number {
  if (left.change_usd === null || right.change_usd === null)
    return Number(left.change_usd === null) - Number(right.change_usd === null);
  return new Decimal(right.change_usd).abs().cmp(new Decimal(left.change_usd).abs());
}
