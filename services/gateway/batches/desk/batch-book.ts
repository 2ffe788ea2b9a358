/**
 * The batches that are known, from the records of harness-batches in their
 * order: the first of a batch counts. Keeps the newest 50,000, 25 MB at most
 * (measured: 490 bytes each); an older one is as if it had never been.
 */
import type { BatchRecord, BatchTaken } from "../../../../schemas/control/batch.ts";

export interface KnownBatch {
  readonly taken: BatchTaken;
  /** Where its first record stands. */
  readonly offset: bigint;
  /** Every run of it was acknowledged. */
  readonly isPublished: boolean;
}

export const mostBatches = 50_000;

export class BatchBook {
  readonly #most: number;
  /** Oldest first. */
  readonly #batches = new Map<string, KnownBatch>();

  constructor(most = mostBatches) {
    this.#most = most;
  }

  get(batchId: string): KnownBatch | undefined {
    return this.#batches.get(batchId);
  }

  /** Of a client, or of all; newest first. */
  latest(clientId: string | undefined, most: number): readonly KnownBatch[] {
    const all = [...this.#batches.values()];
    const own = clientId === undefined ? all : all.filter(({ taken }) => taken.client_id === clientId);
    return own.slice(-most).toReversed();
  }

  take(record: BatchRecord, offset: bigint): void {
    const known = this.#batches.get(record.batch_id);
    if (record.kind === "published") {
      if (known !== undefined) this.#batches.set(record.batch_id, { ...known, isPublished: true });
      return;
    }
    if (known !== undefined) return;
    this.#batches.set(record.batch_id, { taken: record, offset, isPublished: false });
    const oldest = this.#batches.keys().next();
    if (this.#batches.size > this.#most && !oldest.done) this.#batches.delete(oldest.value);
  }
}
