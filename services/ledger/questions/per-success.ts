/**
 * What a run that succeeded costs: everything that was paid, failed runs and
 * failed calls included, over the runs that ended `ok` or were released by a
 * reviewer. Unknown when a part of it is: no success, or no cost that is known.
 */
import { z } from "zod";
import { dimensionValues, groupedBy, selectedBy, withDimensions, type Dimension } from "../asking/dimension.ts";
import { conditionsOf, type Asking, type RunFilter } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, dividedUsd, money, share, shareOf, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { Decimal } from "../../pricing/usd.ts";

const ended = z.object({ ...dimensionValues, runs: count, successes: count });
const paid = z.object({ ...dimensionValues, calls: count, calls_with_cost: count, cost_usd: money });

export const perSuccessRow = z.object({
  ...dimensionValues,
  runs: count.describe("That have their result"),
  successes: count.describe("Of these, ok or released"),
  success_share: share,
  calls: count,
  calls_with_cost: count.describe("Those that cost_usd covers"),
  cost_usd: money.describe("Of all calls, those of runs that failed included"),
  cost_per_success_usd: money.describe("cost_usd over successes, to 1e-12 dollars"),
});
export type PerSuccessRow = Readonly<z.infer<typeof perSuccessRow>>;

export const perSuccessFigures: readonly Figure[] = [
  { name: "runs", head: "runs", kind: "count", sums: true },
  { name: "successes", head: "successes", kind: "count", sums: true },
  { name: "success_share", head: "success", kind: "share" },
  { name: "cost_usd", head: "cost USD", kind: "usd", sums: true },
  { name: "cost_per_success_usd", head: "per success", kind: "usd" },
  { name: "calls", head: "calls", kind: "count", sums: true, drop: 1 },
  { name: "calls_with_cost", head: "with cost", kind: "count", sums: true, drop: 2 },
];

/** Dearest success first, unknown last. Errors: StoreError. */
export async function perSuccess(
  store: Pick<Store, "query">,
  asking: Asking<RunFilter>,
): Promise<readonly PerSuccessRow[]> {
  const { by } = asking;
  const { where, params } = conditionsOf(asking);
  const rest = `WHERE ${where} ${groupedBy(by)}`;
  const [ofRuns, ofCalls] = await Promise.all([
    store.query(
      `SELECT ${selectedBy(by)} sum(r.runs) AS runs, sumIf(r.runs, r.status IN ('ok', 'released')) AS successes
       FROM ${rolledUp("runs", asking)} AS r ${rest} HAVING runs > 0`,
      params,
    ),
    store.query(
      `SELECT ${selectedBy(by)} sum(s.calls) AS calls, sum(s.calls_with_cost) AS calls_with_cost,
         sum(s.cost_usd) AS cost_usd
       FROM ${rolledUp("spend", asking)} AS s ${rest} HAVING calls > 0`,
      params,
    ),
  ]);
  const runs = byKey(by, ofRuns, ended);
  const calls = byKey(by, ofCalls, paid);
  return Array.from(new Set([...runs.keys(), ...calls.keys()]), (key) =>
    joined(runs.get(key), calls.get(key)),
  ).toSorted(byPrice);
}

function byKey<Row extends z.ZodType>(
  by: readonly Dimension[],
  rows: readonly unknown[],
  shape: Row,
): ReadonlyMap<string, z.output<Row>> {
  return new Map(
    rows.map((row) => {
      const read = withDimensions(by, row);
      return [JSON.stringify(by.map((name) => read[name])), shape.parse(read)] as const;
    }),
  );
}

function joined(ofRuns: z.output<typeof ended> | undefined, ofCalls: z.output<typeof paid> | undefined): PerSuccessRow {
  const { runs = 0, successes = 0 } = ofRuns ?? {};
  const { calls = 0, calls_with_cost = 0, cost_usd = "0" } = ofCalls ?? {};
  return {
    ...ofRuns,
    ...ofCalls,
    runs,
    successes,
    success_share: shareOf(successes, runs),
    calls,
    calls_with_cost,
    cost_usd,
    cost_per_success_usd: dividedUsd(cost_usd, successes),
  };
}

function byPrice(left: PerSuccessRow, right: PerSuccessRow): number {
  const [one, other] = [left.cost_per_success_usd, right.cost_per_success_usd];
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return new Decimal(other).cmp(one);
}
