/** Writes down what a repricing came to, beside the ledger: the stamped costs stand. */
import type { Store } from "../clickhouse.ts";

export interface RepricedRow {
  readonly callId: string;
  readonly costUsd: string | null;
  readonly priceVersion: string;
  readonly stampedUsd: string | null;
  readonly stampedVersion: string;
}

export interface Repricing {
  /** UUIDv7. */
  readonly id: string;
  readonly atMs: number;
}

/** All rows or none. Errors: StoreError. */
export async function recordRepricing(
  store: Pick<Store, "insert">,
  { id, atMs }: Repricing,
  rows: readonly RepricedRow[],
): Promise<void> {
  const repricedAt = new Date(atMs).toISOString().replace("T", " ").replace("Z", "");
  await store.insert(
    "repricings",
    rows.map(({ callId, costUsd, priceVersion, stampedUsd, stampedVersion }) => ({
      repricing_id: id,
      call_id: callId,
      repriced_at: repricedAt,
      price_version: priceVersion,
      cost_usd: costUsd,
      stamped_price_version: stampedVersion,
      stamped_cost_usd: stampedUsd,
    })),
  );
}
