/**
 * Writes records and tells where each landed. One batch is under way at a
 * time; what arrives meanwhile goes into the next. Every record names its
 * partition, murmur2(key) mod N. A promise resolves when all in-sync replicas
 * have all of its records; when one of them cannot be written it rejects, and
 * the others may be there: whoever repeats the whole does no harm, because ids
 * are deterministic. No idempotent or transactional mode, on purpose.
 */
import type { Kafka } from "kafkajs";
import { PoisonRecordError } from "../errors.ts";
import type { Ack, Emission } from "../stage.ts";
import { sendBatch, type LaneTransport } from "./send/batch-sender.ts";
import type { KafkaLogger } from "./client.ts";
import { partitionOf } from "./murmur2.ts";
import { partitionCounts, type PartitionsOf } from "./partition-counts.ts";
import { maxBatchBytesOf } from "./record-limits.ts";
import { SendQueue } from "./send/send-queue.ts";
import { openLaneTransport } from "./send/lane-transport.ts";
import {
  batchHeaderBytes,
  mostBytes,
  outgoingRecord,
  type HeaderPart,
  type OutgoingRecord,
} from "./wire/record-batch-encode.ts";

export interface RawRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer | string | null;
  /** null is a tombstone on a compacted topic. */
  readonly value: Buffer | null;
  /** A list stands for a name that is there more than once. */
  readonly headers: Readonly<Record<string, HeaderPart | readonly HeaderPart[]>>;
}

export interface PublishOptions {
  /** Added to each record: `origin`, `traceparent`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ProducerOptions {
  readonly kafka: Kafka;
  /** Travels as `ce_source`, for example `breakwater/input-scan`. */
  readonly source: string;
  readonly partitionsOf?: PartitionsOf;
  readonly logger?: KafkaLogger;
  /** What an emission is before it is written: its content sealed. */
  readonly seal?: (emission: Emission) => Emission | Promise<Emission>;
  /** How long an unconfirmed batch is sent again, milliseconds. */
  readonly retryForMs?: number;
  /** For tests: the edge to the cluster. */
  readonly transport?: LaneTransport;
}

interface Addressed {
  readonly topic: string;
  readonly partition: number;
  readonly record: OutgoingRecord;
}

const silent: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const defaultRetryForMs = 60_000;

export function openProducer(options: ProducerOptions): Promise<RecordProducer> {
  return Promise.resolve(new RecordProducer(options));
}

export class RecordProducer {
  readonly #queue = new SendQueue();
  readonly #transport: LaneTransport;
  readonly #logger: KafkaLogger;
  readonly #partitionsOf: PartitionsOf;
  readonly #source: string;
  readonly #retryForMs: number;
  readonly #seal: NonNullable<ProducerOptions["seal"]>;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor({ kafka, source, partitionsOf, logger, seal, retryForMs, transport }: ProducerOptions) {
    this.#seal = seal ?? ((emission) => emission);
    this.#transport = transport ?? openLaneTransport(kafka);
    this.#partitionsOf = partitionsOf ?? partitionCounts(kafka);
    this.#logger = logger ?? silent;
    this.#source = source;
    this.#retryForMs = retryForMs ?? defaultRetryForMs;
  }

  /**
   * Writes values as JSON with CloudEvents headers; acks are in the order of the emissions.
   * Errors: PoisonRecordError too_large, before anything is sent; TransientError broker_unavailable.
   */
  async publish(emissions: readonly Emission[], options: PublishOptions = {}): Promise<readonly Ack[]> {
    const headers = Object.entries(options.headers ?? {}).flat();
    const addressed: Addressed[] = [];
    for (const given of emissions) {
      const sealed = this.#seal(given);
      const emission = sealed instanceof Promise ? await sealed : sealed;
      const count = this.#partitionsOf(emission.topic);
      addressed.push(this.#address(emission, headers, typeof count === "number" ? count : await count));
    }
    return this.#enqueue(addressed);
  }

  /** Writes records as they are: dead letters, replays. Errors as `publish`. */
  async send(raw: readonly RawRecord[]): Promise<readonly Ack[]> {
    return this.#enqueue(
      raw.map(({ topic, partition, key, value, headers }) => {
        const record = outgoingRecord(
          typeof key === "string" ? Buffer.from(key) : key,
          value,
          Object.entries(headers).flatMap(([name, given]) => [given].flat().flatMap((part) => [name, part])),
        );
        return { topic, partition, record };
      }),
    );
  }

  /** Waits until everything handed over is settled, then disconnects. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#transport.close();
  }

  #address(
    { topic, partition, key, id, type, value, headers: own = {} }: Emission,
    more: readonly string[],
    partitions: number,
  ): Addressed {
    const keyBytes = Buffer.from(key);
    const bytes = value === null ? null : Buffer.from(JSON.stringify(value));
    const headers = [
      "ce_specversion",
      "1.0",
      "ce_id",
      id,
      "ce_type",
      type,
      "ce_source",
      this.#source,
      "content-type",
      "application/json",
      ...Object.entries(own).flat(),
      ...more,
    ];
    return {
      topic,
      partition: partition ?? partitionOf(keyBytes, partitions),
      record: outgoingRecord(keyBytes, bytes, headers),
    };
  }

  #enqueue(records: readonly Addressed[]): Promise<readonly Ack[]> {
    if (this.#closed) throw new Error("the producer is closed");
    for (const { topic, record } of records) refuseTooLarge(topic, record);
    if (records.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const acks: Ack[] = [];
      let missing = records.length;
      records.forEach(({ topic, partition, record }, index) => {
        const settle = (outcome: bigint | Error) => {
          if (outcome instanceof Error) return reject(outcome);
          acks[index] = { topic, partition, offset: outcome };
          missing -= 1;
          if (missing === 0) resolve(acks);
        };
        this.#queue.add({ topic, partition, record, settle });
      });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    // What is published in the same turn of the event loop goes into one batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.size > 0) {
      await sendBatch(this.#queue.takeBatch(), {
        transport: this.#transport,
        logger: this.#logger,
        retryForMs: this.#retryForMs,
      });
    }
    this.#running = null;
  }
}

function refuseTooLarge(topic: string, record: OutgoingRecord): void {
  const bytes = batchHeaderBytes + mostBytes(record);
  const most = maxBatchBytesOf(topic);
  if (bytes > most)
    throw new PoisonRecordError("too_large", `a record of ${bytes} bytes for ${topic}, which takes ${most}`);
}
