/**
 * The latest runs in the ledger, newest first: those that have their result,
 * and those whose answer waits for a person (`in_review`); and how many wait.
 */
import { z } from "zod";
import type { Store } from "./clickhouse.ts";

const recentRun = z.object({
  run_id: z.string(),
  status: z.string().describe("Of the result; in_review without one"),
  client_id: z.string().nullable(),
  harness: z.string().nullable(),
  document: z.string().nullable(),
  attempts: z.coerce.number().int(),
  calls: z.coerce.number().int(),
  cost_usd: z.string().nullable(),
  unpriced_calls: z.coerce.number().int(),
  duration_ms: z.coerce.number().int().nullable().describe("null while it waits"),
  finished_at: z.string().nullable(),
});
export type RecentRun = Readonly<z.infer<typeof recentRun>>;

export interface RecentRunsFilter {
  readonly client?: string | undefined;
  readonly status?: string | undefined;
  readonly limit: number;
}

const columns = Object.keys(recentRun.shape).join(", ");

/** What a run that waits has cost is summed up from its calls. */
const latest = `
  SELECT ${columns}, finished_at AS latest FROM run_results
  UNION ALL
  SELECT run_id, 'in_review' AS status, client_id, harness, document, attempts, spent.calls AS calls,
    spent.cost AS cost_usd, spent.unpriced AS unpriced_calls, NULL AS duration_ms, NULL AS finished_at, held_at AS latest
  FROM runs_in_review
  LEFT JOIN (
    SELECT run_id, count() AS calls, sum(cost_usd) AS cost, countIf(cost_usd IS NULL) AS unpriced
    FROM ledger WHERE run_id IN (SELECT run_id FROM runs_in_review) GROUP BY run_id
  ) AS spent USING (run_id)`;

/** Errors: StoreError. */
export async function recentRuns(
  store: Store,
  { client, status, limit }: RecentRunsFilter,
): Promise<readonly RecentRun[]> {
  const conditions = [
    ...(client === undefined ? [] : ["client_id = {client:String}"]),
    ...(status === undefined ? [] : ["status = {status:String}"]),
  ];
  const rows = await store.query(
    `SELECT ${columns} FROM (${latest})
     ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
     ORDER BY latest DESC, run_id LIMIT {limit:UInt32}`,
    { limit, ...(client === undefined ? {} : { client }), ...(status === undefined ? {} : { status }) },
  );
  return z.array(recentRun).parse(rows);
}

const counted = z.array(z.object({ waiting: z.coerce.number().int() }));

/** How many answers wait for a person. Errors: StoreError. */
export async function countInReview(store: Store, client?: string): Promise<number> {
  const rows = await store.query(
    `SELECT count() AS waiting FROM runs_in_review${client === undefined ? "" : " WHERE client_id = {client:String}"}`,
    client === undefined ? {} : { client },
  );
  return counted.parse(rows)[0]?.waiting ?? 0;
}
