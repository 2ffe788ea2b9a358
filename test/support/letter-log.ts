/** Dead-letter topics and the topics beside them in memory, as a log reader shows them. */
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";
import type { LogRecord, ReadOptions } from "../../services/runtime/kafka/log-reader.ts";
import type { RecordPlace } from "../../services/runtime/kafka/read/record-at.ts";
import { deadLetterTopicOf, type ConsumedTopic } from "../../topics/catalog.ts";

export interface Given {
  readonly topic?: ConsumedTopic;
  readonly code?: DeadLetterCode;
  readonly message?: string;
  readonly stage?: string;
  /** Text, bytes, or a value that is written as JSON. */
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of the rejected record; a new one when absent. */
  readonly offset?: number;
  /** By turns when absent. */
  readonly partition?: number;
}

const partitions = 2;

export class LetterLog {
  readonly #logs = new Map<string, LogRecord[][]>();
  readonly #beganMs: number;
  #written = 0;
  /** How many records were shown to a reading. */
  read = 0;

  /** When the first record was written, Unix milliseconds; the others a second after each other. */
  constructor(beganMs = 1_800_000_000_000) {
    this.#beganMs = beganMs;
  }

  /** Returns the letter's ref. */
  add({ topic = "harness-requests", code = "harness_unknown", stage = "input-scan", ...given }: Given): string {
    const { partition = this.#written % partitions } = given;
    const errors = {
      topic,
      partition: String(partition),
      offset: String(given.offset ?? 1000 + this.#written),
      code,
      stage,
      message: given.message ?? "no harness of this name",
      disposition: "rejected",
      timestamp: new Date(this.#nowMs()).toISOString(),
    };
    const headers = Object.fromEntries(Object.entries(errors).map(([name, text]) => [`__dlq.errors.${name}`, text]));
    const at = this.append(deadLetterTopicOf(topic), partition, bytesOf(given.value), { ...given.headers, ...headers });
    return `${deadLetterTopicOf(topic)}/${partition}/${at}`;
  }

  append(topic: string, partition: number, value: Buffer, headers: Readonly<Record<string, string>> = {}): bigint {
    const log = this.#log(topic)[partition] ?? [];
    const offset = BigInt(log.length);
    log.push({ topic, partition, offset, timestampMs: this.#nowMs(), key: Buffer.from("k"), value, headers });
    this.#written += 1;
    return offset;
  }

  readonly reader = {
    offsets: (topic: string) =>
      Promise.resolve(
        new Map(this.#log(topic).map((log, partition) => [partition, { low: 0n, high: BigInt(log.length) }])),
      ),
    read: async ({ topic, ranges, onRecord }: ReadOptions) => {
      for (const { partition, from, to } of ranges)
        for (const record of this.#log(topic)[partition]?.slice(Number(from), Number(to)) ?? []) {
          this.read += 1;
          await onRecord(record);
        }
    },
    recordAt: ({ topic, partition, offset }: RecordPlace) =>
      Promise.resolve(this.#log(topic)[partition]?.[Number(offset)] ?? null),
  };

  #nowMs(): number {
    return this.#beganMs + this.#written * 1000;
  }

  #log(topic: string): LogRecord[][] {
    const log = this.#logs.get(topic) ?? Array.from({ length: partitions }, () => []);
    this.#logs.set(topic, log);
    return log;
  }
}

function bytesOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
}
