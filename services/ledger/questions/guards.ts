/**
 * What the guards did: how often each ran, and how often it had something to
 * say. A guard that was off or could not run did not pass anything: neither
 * counts as having run. Split by rule, the rows are of the rules that found
 * something.
 */
import { z } from "zod";
import { dimensionValues, groupedBy, selectedBy, withDimensions } from "../asking/dimension.ts";
import { conditionsOf, type Asking, type RunFilter } from "../asking/filter.ts";
import { rolledUp } from "../asking/rolled.ts";
import { count, share, shareOf, type Figure } from "../answers/figures.ts";
import type { Store } from "../clickhouse.ts";

const counted = z.object({
  ...dimensionValues,
  ran: count.describe("Times that the guard ran"),
  hits: count.describe("Of these, times that it did not just pass the text"),
  blocked: count,
  not_run: count.describe("Times that it could not run"),
  findings: count.describe("Of its rules"),
});

export const guardsRow = counted.extend({ hit_share: share.describe("hits over ran") });
export type GuardsRow = Readonly<z.infer<typeof guardsRow>>;

export const guardsFigures: readonly Figure[] = [
  { name: "ran", head: "ran", kind: "count", sums: true },
  { name: "hits", head: "hits", kind: "count", sums: true },
  { name: "hit_share", head: "hit rate", kind: "share" },
  { name: "blocked", head: "blocked", kind: "count", sums: true, drop: 2 },
  { name: "findings", head: "findings", kind: "count", sums: true, drop: 1 },
  { name: "not_run", head: "not run", kind: "count", sums: true, drop: 3 },
];

const silent = "('passed', 'off', 'not_run')";

/** Most hits first. Errors: StoreError. */
export async function guards(store: Pick<Store, "query">, asking: Asking<RunFilter>): Promise<readonly GuardsRow[]> {
  const { by } = asking;
  const { where, params } = conditionsOf(asking);
  const rows = await store.query(
    `SELECT ${selectedBy(by)}
       sumIf(g.reports, g.verdict NOT IN ('off', 'not_run')) AS ran,
       sumIf(g.reports, g.verdict NOT IN ${silent}) AS hits,
       sumIf(g.reports, g.verdict = 'blocked') AS blocked,
       sumIf(g.reports, g.verdict = 'not_run') AS not_run,
       sum(g.findings) AS findings
     FROM ${rolledUp("guards", asking)} AS g
     WHERE ${where} ${by.includes("rule") ? "AND g.rule IS NOT NULL" : ""}
     ${groupedBy(by)}
     HAVING ran + not_run + findings > 0
     ORDER BY ${["hits DESC", "findings DESC", "ran DESC", ...by.map((name) => `by_${name}`)].join(", ")}`,
    params,
  );
  return rows.map((row) => {
    const line = counted.parse(withDimensions(by, row));
    return { ...line, hit_share: shareOf(line.hits, line.ran) };
  });
}
