/**
 * The latest results in the ledger, newest first.
 */
import { z } from "zod";
import type { Store } from "./clickhouse.ts";

const recentRun = z.object({
  run_id: z.string(),
  status: z.string(),
  client_id: z.string().nullable(),
  harness: z.string().nullable(),
  document: z.string().nullable(),
  attempts: z.coerce.number().int(),
  calls: z.coerce.number().int(),
  cost_usd: z.string().nullable(),
  unpriced_calls: z.coerce.number().int(),
  duration_ms: z.coerce.number().int(),
  finished_at: z.string(),
});
export type RecentRun = Readonly<z.infer<typeof recentRun>>;

export interface RecentRunsFilter {
  readonly client?: string | undefined;
  readonly status?: string | undefined;
  readonly limit: number;
}

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
    `SELECT ${Object.keys(recentRun.shape).join(", ")} FROM run_results
     ${conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`}
     ORDER BY finished_at DESC, run_id LIMIT {limit:UInt32}`,
    { limit, ...(client === undefined ? {} : { client }), ...(status === undefined ? {} : { status }) },
  );
  return z.array(recentRun).parse(rows);
}
