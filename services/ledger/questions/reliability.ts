/**
 * What reliability costs: calls by why they were made, each under one kind, so
 * that the kinds add up to the whole spend. `first` is what a run without
 * trouble pays; retries, repairs, fallbacks and hedges come on top; an orphan
 * is a call whose end nobody saw, whatever it was made for: what it cost lies
 * between its bounds.
 */
import { z } from "zod";
import { dimensionValues, selectedBy, withDimensions } from "../asking/dimension.ts";
import { conditionsOf, type Asking } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, money, share, shareOf, sumUsd, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";
import { spendSums } from "./spend.ts";

const kinds = ["first", "retry", "repair", "fallback", "hedge", "moderation", "orphan"] as const;

const counted = z.object({
  ...dimensionValues,
  kind: z.string().describe("first, retry, repair, fallback, hedge, moderation or orphan: why the call was made"),
  calls: count,
  failed_calls: count.describe("Finished with anything but ok"),
  calls_with_cost: count.describe("Those that cost_usd covers"),
  cost_usd: money,
  bound_low_usd: money.describe("At least, unknown costs included"),
  bound_high_usd: money.describe("At most, likewise"),
});

export const reliabilityRow = counted.extend({ share: share.describe("Of all known costs of the answer") });
export type ReliabilityRow = Readonly<z.infer<typeof reliabilityRow>>;

export const reliabilityFigures: readonly Figure[] = [
  { name: "kind", head: "kind", kind: "text" },
  { name: "calls", head: "calls", kind: "count", sums: true },
  { name: "failed_calls", head: "failed", kind: "count", sums: true, drop: 2 },
  { name: "cost_usd", head: "cost USD", kind: "usd", sums: true },
  { name: "share", head: "share", kind: "share" },
  { name: "bound_low_usd", head: "at least", kind: "usd", sums: true, drop: 1 },
  { name: "bound_high_usd", head: "at most", kind: "usd", sums: true, drop: 1 },
  { name: "calls_with_cost", head: "with cost", kind: "count", sums: true, drop: 3 },
];

/** In the order of `kinds`, within what it is split by. Errors: StoreError. */
export async function reliability(store: Pick<Store, "query">, asking: Asking): Promise<readonly ReliabilityRow[]> {
  const { by } = asking;
  const { where, params } = conditionsOf(asking);
  const split = by.map((name) => `by_${name}`);
  const order = kinds.map((kind) => `'${kind}'`).join(", ");
  const rows = await store.query(
    `SELECT ${selectedBy(by)} if(s.state = 'orphan', 'orphan', toString(s.purpose)) AS kind, ${spendSums}
     FROM ${rolledUp("spend", asking)} AS s
     WHERE ${where}
     GROUP BY ${[...split, "kind"].join(", ")}
     HAVING calls > 0
     ORDER BY ${[...split, `indexOf([${order}], kind)`].join(", ")}`,
    params,
  );
  const lines = rows.map((row) => counted.parse(withDimensions(by, row)));
  const whole = sumUsd(lines.map(({ cost_usd }) => cost_usd));
  return lines.map((line) => ({ ...line, share: shareOf(line.cost_usd, whole) }));
}
