/**
 * How runs ended, and what runs that ended so had cost by then. Runs count in
 * the hour in which their requests were received; those without a result yet do
 * not.
 */
import { z } from "zod";
import { dimensionValues, selectedBy, withDimensions } from "../asking/dimension.ts";
import { conditionsOf, type Asking, type RunFilter } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, money, share, shareOf, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";

const counted = z.object({
  ...dimensionValues,
  status: z.string(),
  runs: count,
  calls: count,
  runs_with_cost: count.describe("Those that cost_usd covers"),
  cost_usd: money.describe("As the runs knew it when they ended"),
});

export const outcomesRow = counted.extend({ share: share.describe("Of all runs of the answer") });
export type OutcomesRow = Readonly<z.infer<typeof outcomesRow>>;

export const outcomesFigures: readonly Figure[] = [
  { name: "status", head: "status", kind: "text" },
  { name: "runs", head: "runs", kind: "count", sums: true },
  { name: "share", head: "share", kind: "share" },
  { name: "calls", head: "calls", kind: "count", sums: true, drop: 1 },
  { name: "cost_usd", head: "cost USD", kind: "usd", sums: true },
  { name: "runs_with_cost", head: "with cost", kind: "count", sums: true, drop: 2 },
];

/** Most frequent first, within what it is split by. Errors: StoreError. */
export async function outcomes(
  store: Pick<Store, "query">,
  asking: Asking<RunFilter>,
): Promise<readonly OutcomesRow[]> {
  const { by } = asking;
  const { where, params } = conditionsOf(asking);
  const split = by.map((name) => `by_${name}`);
  const rows = await store.query(
    `SELECT ${selectedBy(by)} r.status AS status, sum(r.runs) AS runs, sum(r.calls) AS calls,
       sum(r.runs_with_cost) AS runs_with_cost, sum(r.cost_usd) AS cost_usd
     FROM ${rolledUp("runs", asking)} AS r
     WHERE ${where}
     GROUP BY ${[...split, "status"].join(", ")}
     ORDER BY ${[...split, "runs DESC", "status"].join(", ")}`,
    params,
  );
  const lines = rows.map((row) => counted.parse(withDimensions(by, row)));
  const all = lines.reduce((sum, { runs }) => sum + runs, 0);
  return lines.map((line) => ({ ...line, share: shareOf(line.runs, all) }));
}
