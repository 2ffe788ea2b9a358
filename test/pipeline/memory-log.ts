/**
 * Topics in memory, with the semantics the stages rely on: partitions by
 * murmur2 of the key, offsets without gaps, reading by offset and by time.
 * Speaks the log reader's language, so takeover reads it as it would Kafka.
 */
import { partitionOf } from "../../services/runtime/kafka/murmur2.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import type { RecordPlace } from "../../services/runtime/kafka/read/record-at.ts";

export interface NewRecord {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs?: number;
  /** Set for a dead letter, which stays in the partition of its source. */
  readonly partition?: number;
}

interface Range {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

interface Follow {
  readonly topic: string;
  readonly starts: readonly { readonly partition: number; readonly from: bigint }[];
  readonly onRecord: (record: LogRecord) => void | Promise<void>;
  readonly onPosition?: (partition: number, next: bigint) => void;
  readonly onCaughtUp?: () => void;
  readonly signal: AbortSignal;
}

export class MemoryLog {
  readonly partitions: number;
  readonly #logs = new Map<string, LogRecord[]>();
  readonly #followers = new Set<() => void>();

  constructor(partitions: number) {
    this.partitions = partitions;
  }

  append({ topic, key, value, headers, timestampMs = Date.now(), partition }: NewRecord): LogRecord {
    const to = partition ?? partitionOf(key, this.partitions);
    const log = this.#log(topic, to);
    const place = { topic, partition: to, offset: BigInt(log.length) };
    const record = { ...place, timestampMs, key: Buffer.from(key), value, headers };
    log.push(record);
    for (const show of this.#followers) show();
    return record;
  }

  /** Every record of a topic, partition by partition. */
  records(topic: string): LogRecord[] {
    return Array.from({ length: this.partitions }, (_, partition) => this.#log(topic, partition)).flat();
  }

  values(topic: string): unknown[] {
    return this.records(topic).map(({ value }) => (value === null ? null : JSON.parse(value.toString("utf8"))));
  }

  offsets = async (topic: string): Promise<ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>> =>
    new Map(
      Array.from({ length: this.partitions }, (_, partition) => [
        partition,
        { low: 0n, high: BigInt(this.#log(topic, partition).length) },
      ]),
    );

  offsetAt = async (topic: string, partition: number, timestampMs: number): Promise<bigint> => {
    const log = this.#log(topic, partition);
    return log.find((record) => record.timestampMs >= timestampMs)?.offset ?? BigInt(log.length);
  };

  read = async (request: {
    readonly topic: string;
    readonly ranges: readonly Range[];
    readonly onRecord: (record: LogRecord) => void | Promise<void>;
  }): Promise<void> => {
    for (const { partition, from, to } of request.ranges) {
      for (const record of this.#log(request.topic, partition).slice(Number(from), Number(to))) {
        await request.onRecord(record);
      }
    }
  };

  recordAt = async ({ topic, partition, offset }: RecordPlace): Promise<LogRecord | null> =>
    this.#log(topic, partition)[Number(offset)] ?? null;

  /** Shows what is there and what comes, until the signal aborts. */
  follow = async (request: Follow): Promise<void> => {
    const { topic, starts, onRecord, onPosition, onCaughtUp, signal } = request;
    const next = new Map(starts.map(({ partition, from }) => [partition, Number(from)]));
    const show = (): void => {
      for (const [partition, from] of next) {
        const fresh = this.#log(topic, partition).slice(from);
        next.set(partition, from + fresh.length);
        for (const record of fresh) void onRecord(record);
        onPosition?.(partition, BigInt(from + fresh.length));
      }
    };
    show();
    onCaughtUp?.();
    this.#followers.add(show);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (!signal.aborted) await promise;
    this.#followers.delete(show);
  };

  #log(topic: string, partition: number): LogRecord[] {
    const name = `${topic}/${partition}`;
    const log = this.#logs.get(name) ?? [];
    this.#logs.set(name, log);
    return log;
  }
}
