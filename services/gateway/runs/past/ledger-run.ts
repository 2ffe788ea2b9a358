/**
 * What the ledger knows of a run: where its result stands, whether it was held
 * for review, and whose it is.
 */
import { z } from "zod";
import type { Store } from "../../../ledger/clickhouse.ts";

export interface LedgerKnowledge {
  readonly clientId: string | null;
  /** Of the result on harness-results. */
  readonly place: { readonly partition: number; readonly offset: bigint } | null;
  readonly isHeld: boolean;
}

const resultRow = z.object({
  client_id: z.string().nullable(),
  result_partition: z.coerce.number().int(),
  result_offset: z.coerce.bigint(),
});
const clientRow = z.object({ client_id: z.string().nullable() });

/** Null when it does not know the run. Errors: StoreError. */
export async function ledgerRun(store: Pick<Store, "query">, runId: string): Promise<LedgerKnowledge | null> {
  const read = (columns: string, view: string, more = "") =>
    store.query(`SELECT ${columns} FROM ${view} WHERE run_id = {run:UUID} ${more} LIMIT 1`, { run: runId });
  const [results, decisions, holds] = await Promise.all([
    read("client_id, result_partition, result_offset", "run_results"),
    read("client_id", "decisions"),
    read("client_id", "review_events", "AND event = 'held'"),
  ]);
  const result = z.array(resultRow).parse(results)[0];
  const [decision] = z.array(clientRow).parse(decisions);
  const [held] = z.array(clientRow).parse(holds);
  const known = result ?? held ?? decision;
  if (known === undefined) return null;
  const place = result === undefined ? null : { partition: result.result_partition, offset: result.result_offset };
  return { clientId: known.client_id, place, isHeld: held !== undefined };
}
