/**
 * What the ledger knows of a batch: how its runs ended, how many wait for a
 * person, what its calls cost, and where its results stand, in the order they
 * came. Each question names the batch's client: another's runs are never told.
 */
import { z } from "zod";
import { resultStatus } from "../../../../schemas/parts/codes.ts";
import type { BatchTaken } from "../../../../schemas/control/batch.ts";
import type { spend } from "../../../../schemas/parts/usage.ts";
import type { Store } from "../../../ledger/clickhouse.ts";

type Status = z.infer<typeof resultStatus>;
type Ledger = Pick<Store, "query">;

export interface BatchProgress {
  readonly byStatus: Partial<Record<Status, number>>;
  readonly inReview: number;
  readonly spent: z.infer<typeof spend>;
}

const count = z.coerce.number().int();
const statusRows = z.array(z.object({ status: resultStatus, runs: count }));
const waitingRows = z.array(z.object({ waiting: count }));
const spentRows = z.array(
  z.object({ calls: count, input: count, output: count, cost: z.string().nullable(), unpriced: count }),
);

const ofBatch = "batch_id = {batch:String} AND client_id = {client:String}";

/** Errors: StoreError. */
export async function batchProgress(ledger: Ledger, batch: BatchTaken): Promise<BatchProgress> {
  const params = paramsOf(batch);
  const [ended, waiting, calls] = await Promise.all([
    ledger.query(`SELECT status, count() AS runs FROM run_results WHERE ${ofBatch} GROUP BY status`, params),
    ledger.query(`SELECT count() AS waiting FROM runs_in_review WHERE ${ofBatch}`, params),
    ledger.query(
      `SELECT count() AS calls, countIf(cost_usd IS NULL) AS unpriced, sum(cost_usd) AS cost,
         sum(ifNull(input_tokens, 0) + ifNull(cached_input_tokens, 0) + ifNull(cache_write_tokens, 0)) AS input,
         sum(ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0)) AS output
       FROM ledger WHERE ${ofBatch}`,
      params,
    ),
  ]);
  const [spent] = spentRows.parse(calls);
  const { calls: made = 0, input = 0, output = 0, unpriced = 0 } = spent ?? {};
  return {
    byStatus: Object.fromEntries(statusRows.parse(ended).map(({ status, runs }) => [status, runs])),
    inReview: waitingRows.parse(waiting)[0]?.waiting ?? 0,
    spent: {
      calls: made,
      input_tokens: input,
      output_tokens: output,
      cost_usd: spent?.cost ?? null,
      unpriced_calls: unpriced,
    },
  };
}

const placeRow = z.object({
  run_id: z.string(),
  status: resultStatus,
  document: z.string().nullable(),
  partition: count,
  offset: z.coerce.bigint(),
  finished_ms: count,
});
export type ResultRow = z.infer<typeof placeRow>;

const pageRows = 5000;

/** Page by page, in the order of finishing. Errors: StoreError. */
export async function* batchResults(
  ledger: Ledger,
  batch: BatchTaken,
  status: Status | undefined,
): AsyncGenerator<readonly ResultRow[]> {
  let after = { ms: -1, run: "" };
  for (;;) {
    const rows = await ledger.query(
      `SELECT toString(run_id) AS run_id, status, document, result_partition AS partition, result_offset AS offset,
         toUnixTimestamp64Milli(finished_at) AS finished_ms
       FROM run_results
       WHERE ${ofBatch} ${status === undefined ? "" : "AND status = {status:String}"}
         AND (finished_ms, run_id) > ({ms:Int64}, {run:String})
       ORDER BY finished_ms, run_id LIMIT ${pageRows}`,
      { ...paramsOf(batch), ...after, ...(status === undefined ? {} : { status }) },
    );
    const page = z.array(placeRow).parse(rows);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageRows) return;
    after = { ms: last.finished_ms, run: last.run_id };
  }
}

function paramsOf({ batch_id: batch, client_id: client }: BatchTaken): Readonly<Record<string, string>> {
  return { batch, client };
}
