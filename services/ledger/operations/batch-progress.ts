/**
 * What the ledger knows of batches, however they came: which there were lately,
 * and of some of them how their runs ended, how many wait for a person, and
 * what their calls cost. A batch is named by its client and its id: another's
 * runs are never told. The tables are read beside the views, for the rows of
 * these batches alone; of a run's or a call's rows the last version counts.
 */
import { z } from "zod";
import { resultStatus } from "../../../schemas/parts/codes.ts";
import type { spend } from "../../../schemas/parts/usage.ts";
import type { Store } from "../clickhouse.ts";

type Ledger = Pick<Store, "query">;

export interface BatchName {
  readonly clientId: string;
  readonly batchId: string;
}

export interface BatchProgress {
  readonly byStatus: Partial<Record<z.infer<typeof resultStatus>, number>>;
  readonly inReview: number;
  readonly spent: z.infer<typeof spend>;
}

const count = z.coerce.number().int();

const seenBatch = z.object({
  client_id: z.string(),
  batch_id: z.string(),
  harness: z.string(),
  harness_version: z.string(),
  feature: z.string().nullable(),
  first_ms: count.describe("When its first run was received, Unix milliseconds"),
  last_ms: count.describe("When its last run so far ended"),
});
export type SeenBatch = Readonly<z.infer<typeof seenBatch>>;

export interface SeenFilter {
  readonly client?: string | undefined;
  readonly batch?: string | undefined;
  readonly limit: number;
}

/** Batches of which at least one run has ended, the newest first. Errors: StoreError. */
export async function seenBatches(ledger: Ledger, { client, batch, limit }: SeenFilter): Promise<readonly SeenBatch[]> {
  const conditions = [
    "runs.batch_id IS NOT NULL AND runs.client_id IS NOT NULL AND runs.harness IS NOT NULL",
    ...(client === undefined ? [] : ["runs.client_id = {client:String}"]),
    ...(batch === undefined ? [] : ["runs.batch_id = {batch:String}"]),
  ];
  const rows = await ledger.query(
    `SELECT assumeNotNull(client_id) AS client_id, assumeNotNull(batch_id) AS batch_id,
       any(assumeNotNull(harness)) AS harness, any(ifNull(harness_version, '')) AS harness_version, any(feature) AS feature,
       toUnixTimestamp64Milli(min(received_at)) AS first_ms, toUnixTimestamp64Milli(max(finished_at)) AS last_ms
     FROM runs WHERE ${conditions.join(" AND ")}
     GROUP BY client_id, batch_id ORDER BY first_ms DESC, batch_id LIMIT {limit:UInt32}`,
    { limit, ...(client === undefined ? {} : { client }), ...(batch === undefined ? {} : { batch }) },
  );
  return z.array(seenBatch).parse(rows);
}

const named = { client: z.string(), batch: z.string() };
const statusRows = z.array(z.object({ ...named, status: resultStatus, runs: count }));
const waitingRows = z.array(z.object({ ...named, waiting: count }));
const spentRows = z.array(
  z.object({ ...named, calls: count, input: count, output: count, cost: z.string().nullable(), unpriced: count }),
);

/** In the order of the names; one that the ledger does not know has none of anything. Errors: StoreError. */
export async function batchProgress(ledger: Ledger, names: readonly BatchName[]): Promise<readonly BatchProgress[]> {
  if (names.length === 0) return [];
  const params = {
    batches: [...new Set(names.map(({ batchId }) => batchId))],
    clients: [...new Set(names.map(({ clientId }) => clientId))],
  };
  const [ended, waiting, calls] = await Promise.all([
    ledger.query(endedSql, params),
    ledger.query(waitingSql, params),
    ledger.query(spentSql, params),
  ]);
  const [statuses, held, spent] = [statusRows.parse(ended), waitingRows.parse(waiting), spentRows.parse(calls)];
  return names.map((name) => {
    const isIts = (row: { readonly client: string; readonly batch: string }): boolean =>
      row.client === name.clientId && row.batch === name.batchId;
    return {
      byStatus: Object.fromEntries(statuses.filter(isIts).map(({ status, runs }) => [status, runs])),
      inReview: held.find(isIts)?.waiting ?? 0,
      spent: spendOf(spent.find(isIts)),
    };
  });
}

const ofThese = "batch_id IN {batches:Array(String)} AND client_id IN {clients:Array(String)}";
const both = "assumeNotNull(client_id) AS client, assumeNotNull(batch_id) AS batch";

const endedSql = `
  SELECT client, batch, status, count() AS runs FROM (
    SELECT any(assumeNotNull(client_id)) AS client, any(assumeNotNull(batch_id)) AS batch, argMax(status, version) AS status
    FROM runs WHERE ${ofThese} GROUP BY run_id
  ) GROUP BY client, batch, status`;

const waitingSql = `SELECT ${both}, count() AS waiting FROM runs_in_review WHERE ${ofThese} GROUP BY client, batch`;

const spentSql = `
  SELECT client, batch, count() AS calls, countIf(cost_usd IS NULL) AS unpriced, sum(cost_usd) AS cost,
    sum(input) AS input, sum(output) AS output
  FROM (
    SELECT any(client_id) AS client, any(assumeNotNull(batch_id)) AS batch, argMax(calls.cost_usd, version) AS cost_usd,
      max(ifNull(input_tokens, 0) + ifNull(cached_input_tokens, 0) + ifNull(cache_write_tokens, 0)) AS input,
      max(ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0)) AS output
    FROM calls WHERE ${ofThese} GROUP BY call_id
  ) GROUP BY client, batch`;

function spendOf(row: z.infer<typeof spentRows>[number] | undefined): BatchProgress["spent"] {
  const { calls = 0, input = 0, output = 0, unpriced = 0, cost = null } = row ?? {};
  return { calls, input_tokens: input, output_tokens: output, cost_usd: cost, unpriced_calls: unpriced };
}
