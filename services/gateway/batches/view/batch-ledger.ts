/**
 * Where the results of a batch stand, in the order they came. Each question
 * names the batch's client: another's runs are never told.
 */
import { z } from "zod";
import { resultStatus } from "../../../../schemas/parts/codes.ts";
import type { Store } from "../../../ledger/clickhouse.ts";
import type { BatchName } from "../../../ledger/operations/batch-progress.ts";

type Status = z.infer<typeof resultStatus>;
type Ledger = Pick<Store, "query">;

const count = z.coerce.number().int();

const ofBatch = "batch_id = {batch:String} AND client_id = {client:String}";

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
  { batchId, clientId }: BatchName,
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
      { batch: batchId, client: clientId, ...after, ...(status === undefined ? {} : { status }) },
    );
    const page = z.array(placeRow).parse(rows);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    if (page.length < pageRows) return;
    after = { ms: last.finished_ms, run: last.run_id };
  }
}
