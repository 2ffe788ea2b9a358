/**
 * harness-batches as every gateway follows it: what is on it, and a way to be
 * the first on it. A batch counts when its record has come back, so the same
 * key at two gateways at once leads to one batch.
 */
import { batchRecord, type BatchRecord, type BatchTaken } from "../../../../schemas/control/batch.ts";
import { TransientError } from "../../../runtime/errors.ts";
import type { LogReader, LogRecord } from "../../../runtime/kafka/log-reader.ts";
import type { Publish } from "../../../runtime/stage.ts";
import { followTopic } from "../../../runtime/kafka/read/follow-topic.ts";
import { BatchBook, mostBatches, type KnownBatch } from "./batch-book.ts";

export interface BatchLogSource {
  readonly reader: Pick<LogReader, "offsets" | "follow">;
  readonly publish: Publish;
}

const topic = "harness-batches";
/** An acknowledged record is read back in milliseconds; this long when the broker goes away in between. */
const readBackForMs = 10_000;
/** Taken, and published. */
const recordsOfBatch = 2;

/** Resolves when all batches are known that count. Errors: TransientError broker_unavailable. */
export async function openBatchLog(source: BatchLogSource): Promise<BatchLog> {
  const log = new BatchLog(source);
  await log.start();
  return log;
}

export class BatchLog {
  readonly book = new BatchBook();
  readonly #source: BatchLogSource;
  /** Called when a record of that batch has passed. */
  readonly #awaited = new Map<string, Set<() => void>>();
  readonly #closing = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(source: BatchLogSource) {
    this.#source = source;
  }

  async start(): Promise<void> {
    const ends = await this.#source.reader.offsets(topic);
    const most = BigInt(mostBatches * recordsOfBatch);
    const starts = [...ends].map(([partition, { low, high }]) => ({
      partition,
      from: high - most > low ? high - most : low,
    }));
    const onRecord = (record: LogRecord): void => this.#pass(record);
    const { signal } = this.#closing;
    ({ ended: this.#ended } = await followTopic(this.#source.reader, { topic, starts, onRecord, signal }));
  }

  /** The batch that counts under this id: an earlier one or, acknowledged and read back, this one. Errors: TransientError broker_unavailable. */
  async settle(taken: BatchTaken): Promise<{ readonly batch: KnownBatch; readonly joined: boolean }> {
    const earlier = this.book.get(taken.batch_id);
    if (earlier !== undefined) return { batch: earlier, joined: true };
    const written = await this.#writeAndRead(taken);
    const batch = this.book.get(taken.batch_id);
    if (batch === undefined) throw new TransientError("broker_unavailable", "a batch's record cannot be read");
    return { batch, joined: batch.offset !== written };
  }

  async write(value: BatchRecord): Promise<bigint> {
    const { batch_id: key, kind } = value;
    const id = `${key}/${kind}`;
    const [ack] = await this.#source.publish([{ topic, key, id, type: `breakwater.batch.${kind}`, value }]);
    return ack?.offset ?? -1n;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #writeAndRead(taken: BatchTaken): Promise<bigint> {
    const passed = Promise.withResolvers<void>();
    const waiting = this.#awaited.get(taken.batch_id) ?? new Set();
    this.#awaited.set(taken.batch_id, waiting.add(passed.resolve));
    let timer: NodeJS.Timeout | undefined;
    try {
      const offset = await this.write(taken);
      const late = new TransientError("broker_unavailable", "a batch's record was not read back in time");
      timer = setTimeout(() => passed.reject(late), readBackForMs);
      await passed.promise;
      return offset;
    } finally {
      clearTimeout(timer);
      waiting.delete(passed.resolve);
      if (waiting.size === 0) this.#awaited.delete(taken.batch_id);
    }
  }

  #pass({ value, offset }: LogRecord): void {
    const record = readRecord(value);
    if (record === null) return;
    this.book.take(record, offset);
    for (const tell of this.#awaited.get(record.batch_id) ?? []) tell();
  }
}

function readRecord(value: Buffer | null): BatchRecord | null {
  try {
    return batchRecord.safeParse(JSON.parse(value?.toString("utf8") ?? "null")).data ?? null;
  } catch {
    return null;
  }
}
