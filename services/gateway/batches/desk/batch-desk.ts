/**
 * The counter for batches: takes one in whole, finds it again, cancels it. A
 * batch that was accepted is acknowledged to its last run. One whose upload was
 * cut off is completed by the same upload under the same key: what of it is in
 * the log already is not published again, so nothing is paid twice.
 */
import type { Actor } from "../../../../schemas/audit/change.ts";
import type { HarnessRef } from "../../../../schemas/parts/identity.ts";
import type { Upload } from "../upload/read-upload.ts";
import type { KnownBatch } from "./batch-book.ts";

export interface HandedBatch {
  readonly clientId: string;
  readonly harness: HarnessRef;
  readonly feature?: string | undefined;
  /** From now on, for all of its runs. */
  readonly deadlineMs: number;
  readonly upload: Upload;
  /** The client's; the same key with the same upload is the same batch. */
  readonly idempotencyKey?: string | undefined;
}

export type BatchAcceptance =
  | { readonly kind: "accepted"; readonly batch: KnownBatch; readonly joined: boolean }
  /** The client used the key for another batch. */
  | { readonly kind: "key_conflict" };

export interface BatchDesk {
  /** Resolves when every run is acknowledged. Errors: TransientError broker_unavailable: with a key, ask again. */
  readonly accept: (handed: HandedBatch) => Promise<BatchAcceptance>;
  readonly find: (batchId: string) => KnownBatch | null;
  /** Of one client, or of all; newest first. */
  readonly latest: (clientId: string | undefined, most: number) => readonly KnownBatch[];
  /** Resolves when the order is acknowledged: what is not paid yet ends as cancelled. Any batch, however it came. */
  readonly cancel: (
    batch: { readonly client_id: string; readonly batch_id: string },
    why: string,
    by: Actor,
  ) => Promise<void>;
}
