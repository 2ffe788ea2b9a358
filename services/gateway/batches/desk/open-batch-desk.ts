/** The counter for batches over Kafka: the batch's own record first, then its runs, then that they are all there. */
import type { Actor } from "../../../../schemas/audit/change.ts";
import { tellChanges } from "../../../runtime/audit/change-record.ts";
import { orderChange } from "../../../runtime/audit/order-change.ts";
import { v7 } from "uuid";
import { commandKey } from "../../../../schemas/control/command.ts";
import type { BatchTaken } from "../../../../schemas/control/batch.ts";
import { cancellation, orderEmission } from "../../../runtime/commands/order-record.ts";
import type { LogReader } from "../../../runtime/kafka/log-reader.ts";
import type { RecordProducer } from "../../../runtime/kafka/producer.ts";
import { publishedRuns } from "../../../runtime/requests/published-runs.ts";
import { signingRequests } from "../../../runtime/requests/request-record.ts";
import { batchRunId, keyedBatchId } from "../../../runtime/requests/run-ids.ts";
import type { Publish } from "../../../runtime/stage.ts";
import { openClaimKeys, type ClaimKeys, type KeyedRun } from "../../runs/claims/claim-keys.ts";
import { clockMarginMs } from "../../runs/made-at.ts";
import type { Upload } from "../upload/read-upload.ts";
import type { KnownBatch } from "./batch-book.ts";
import type { BatchAcceptance, BatchDesk, HandedBatch } from "./batch-desk.ts";
import { openBatchLog, type BatchLog } from "./batch-log.ts";
import { lane, publishLines } from "./publish-lines.ts";

export interface BatchDeskOptions {
  readonly reader: Pick<LogReader, "offsets" | "offsetAt" | "read" | "follow">;
  readonly producer: Pick<RecordProducer, "publish">;
  /** BREAKWATER_SECRET_KEY, the same for all gateways. */
  readonly secretKey: string | undefined;
  /** BREAKWATER_GATEWAY_KEY: requests are signed with it. */
  readonly gatewayKey: string | undefined;
  readonly nowMs: () => number;
}

/** Errors: TransientError broker_unavailable. */
export async function openBatchDesk(options: BatchDeskOptions): Promise<BatchDesk & { close(): Promise<void> }> {
  const publish = signingRequests((emissions) => options.producer.publish(emissions), options.gatewayKey);
  return new OpenBatchDesk(options, publish, await openBatchLog({ reader: options.reader, publish }));
}

class OpenBatchDesk implements BatchDesk {
  readonly #options: BatchDeskOptions;
  readonly #publish: Publish;
  readonly #log: BatchLog;
  readonly #keys: ClaimKeys;
  /** Batches that are being published, by id: who joins one waits for it. */
  readonly #publishing = new Map<string, Promise<void>>();

  constructor(options: BatchDeskOptions, publish: Publish, log: BatchLog) {
    this.#options = options;
    this.#publish = publish;
    this.#log = log;
    this.#keys = openClaimKeys(options.secretKey);
  }

  async accept(handed: HandedBatch): Promise<BatchAcceptance> {
    const { clientId, harness, feature, deadlineMs, upload, idempotencyKey } = handed;
    const batchId = idempotencyKey === undefined ? v7() : keyedBatchId(clientId, idempotencyKey);
    const keyed = keyedBatch(handed, idempotencyKey ?? batchId);
    const nowMs = this.#options.nowMs();
    const { batch, joined } = await this.#log.settle({
      kind: "taken",
      batch_id: batchId,
      client_id: clientId,
      harness,
      ...(feature === undefined ? {} : { feature }),
      documents: upload.documents,
      duplicates: upload.duplicates,
      body_hmac: this.#keys.bodyHmac(keyed),
      deadline_at_ms: nowMs + deadlineMs,
      created_at_ms: nowMs,
    });
    const claim = { key_sha256: this.#keys.keySha256(keyed), body_hmac: batch.taken.body_hmac };
    if (!this.#keys.isFor(claim, keyed)) return { kind: "key_conflict" };
    if (!batch.isPublished) await this.#once(batchId, () => this.#publishMissing(batch.taken, upload, joined));
    return { kind: "accepted", batch: { ...batch, isPublished: true }, joined };
  }

  find(batchId: string): KnownBatch | null {
    return this.#log.book.get(batchId) ?? null;
  }

  latest(clientId: string | undefined, most: number): readonly KnownBatch[] {
    return this.#log.book.latest(clientId, most);
  }

  async cancel({ client_id, batch_id }: Parameters<BatchDesk["cancel"]>[0], why: string, by: Actor): Promise<void> {
    const nowMs = this.#options.nowMs();
    const target = { scope: "batch", client_id, batch_id } as const;
    const order = orderEmission(commandKey(target), cancellation(target, why, nowMs), nowMs);
    await tellChanges(this.#publish, by, [orderChange(target, { why })]);
    await this.#publish([order]);
  }

  close(): Promise<void> {
    return this.#log.close();
  }

  #once(batchId: string, publish: () => Promise<void>): Promise<void> {
    const underWay = this.#publishing.get(batchId);
    if (underWay !== undefined) return underWay;
    const started = publish().finally(() => this.#publishing.delete(batchId));
    this.#publishing.set(batchId, started);
    return started;
  }

  async #publishMissing(batch: BatchTaken, upload: Upload, joined: boolean): Promise<void> {
    const there = joined ? await this.#thereAlready(batch, upload) : new Set<string>();
    await publishLines(this.#publish, batch, { lines: upload.lines(), there });
    const { batch_id } = batch;
    await this.#log.write({ kind: "published", batch_id, published_at_ms: this.#options.nowMs() });
  }

  /** Who took the batch in may have died in the middle of it. */
  async #thereAlready(batch: BatchTaken, upload: Upload): Promise<ReadonlySet<string>> {
    const { reader } = this.#options;
    const since = batch.created_at_ms - clockMarginMs;
    const partitions = [...(await reader.offsets(lane)).keys()];
    const starts = await Promise.all(
      partitions.map(async (partition) => ({ partition, from: await reader.offsetAt(lane, partition, since) })),
    );
    const candidates = new Set<string>();
    for (const { sha256 } of upload.lines()) candidates.add(batchRunId(batch.batch_id, sha256, batch.harness.version));
    return await publishedRuns(reader, { topic: lane, starts, candidates });
  }
}

/** A batch is claimed as the run of its harness whose input is the digest of its lines. */
function keyedBatch({ clientId, harness, feature, upload }: HandedBatch, idempotencyKey: string): KeyedRun {
  const input = { lines_sha256: upload.sha256 };
  return {
    idempotencyKey,
    run: { client_id: clientId, harness: harness.name, ...(feature === undefined ? {} : { feature }), input },
  };
}
