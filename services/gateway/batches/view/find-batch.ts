/**
 * Finds batches wherever they are known: those that came over HTTP by their own
 * records, others by their runs in the ledger. A client finds its own, an admin
 * everybody's.
 */
import { StoreError, type Store } from "../../../ledger/clickhouse.ts";
import { seenBatches, type SeenFilter } from "../../../ledger/operations/batch-progress.ts";
import type { Client } from "../../clients/client.ts";
import type { BatchDesk } from "../desk/batch-desk.ts";
import { viewOfBatch, viewOfSeen, type BatchView } from "./batch-view.ts";

export interface BatchSources {
  readonly batches: Pick<BatchDesk, "find" | "latest">;
  readonly ledger: Pick<Store, "query">;
}

/** Null when there is none of this client. Errors: StoreError for one that did not come over HTTP. */
export async function findBatch(
  { batches, ledger }: BatchSources,
  batchId: string,
  { clientId, scopes }: Client,
): Promise<BatchView | null> {
  const known = batches.find(batchId);
  if (known !== null) return known.taken.client_id === clientId || scopes.admin ? viewOfBatch(known) : null;
  const client = scopes.admin ? undefined : clientId;
  const [seen] = await seenBatches(ledger, { client, batch: batchId, limit: 1 });
  return seen === undefined ? null : viewOfSeen(seen);
}

/** The newest first, of one client or of all; those of HTTP alone while the ledger is away. */
export async function listBatches(
  { batches, ledger }: BatchSources,
  { client, limit }: Omit<SeenFilter, "batch">,
): Promise<readonly BatchView[]> {
  const known = batches.latest(client, limit).map(viewOfBatch);
  const seen = await seenOrNone(ledger, { client, limit });
  const others = seen.filter(({ client_id, batch_id }) => batches.find(batch_id)?.taken.client_id !== client_id);
  return [...known, ...others.map(viewOfSeen)]
    .toSorted((left, right) => right.created_at_ms - left.created_at_ms)
    .slice(0, limit);
}

async function seenOrNone(ledger: BatchSources["ledger"], filter: SeenFilter): ReturnType<typeof seenBatches> {
  try {
    return await seenBatches(ledger, filter);
  } catch (error) {
    if (error instanceof StoreError) return [];
    throw error;
  }
}
