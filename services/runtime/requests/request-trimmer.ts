/**
 * Deletes requests, which stand in the clear on their topics, some time after
 * they were read. Nothing is deleted that input-scan has not committed. Deleted
 * records leave the disk when their segment ends: where no request comes that
 * would end it, a record without a value is written that does. Every input-scan
 * does this for all partitions; doing it twice changes nothing. What fails is
 * told, and tried again at the next turn.
 */
import type { Kafka } from "kafkajs";
import { catalog } from "../../../topics/catalog.ts";
import { requestSegmentMs } from "../../../topics/retention.ts";
import type { TopicSpec } from "../../../topics/topic-spec.ts";
import type { KafkaLogger } from "../kafka/client.ts";
import type { LogReader } from "../kafka/log-reader.ts";
import type { RecordProducer } from "../kafka/producer.ts";
import type { ConsumedRecord } from "../stage.ts";
import { trimTo } from "./trim-to.ts";

const fillerHeader = "breakwater-filler";

/** A record that says nothing: it ends a segment. */
export function isFiller({ value, headers }: Pick<ConsumedRecord, "value" | "headers">): boolean {
  return value === null && headers[fillerHeader] !== undefined;
}

export interface TrimmerOptions {
  readonly kafka: Pick<Kafka, "admin">;
  readonly groupId: string;
  readonly reader: Pick<LogReader, "offsets" | "offsetAt">;
  readonly producer: Pick<RecordProducer, "send">;
  readonly logger: KafkaLogger;
  readonly nowMs: () => number;
  readonly keptMs: number;
}

const longestTurnMs = 600_000;
const shortestTurnMs = 1000;

/** A partition that holds nothing but deleted requests, in a segment that is still open. */
interface Idle {
  readonly end: bigint;
  readonly sinceMs: number;
}

export class RequestTrimmer {
  readonly #options: TrimmerOptions;
  readonly #idle = new Map<string, Idle>();
  /** Where the last filler of a partition stands: deleting it alone calls for no other. */
  readonly #fillers = new Map<string, bigint>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: TrimmerOptions) {
    this.#options = options;
  }

  /** Returns what ends it. */
  start(): () => Promise<void> {
    const everyMs = Math.min(longestTurnMs, Math.max(shortestTurnMs, this.#options.keptMs / 4));
    let isUnderWay = false;
    const timer = setInterval(() => {
      if (isUnderWay) return;
      isUnderWay = true;
      this.#turn = this.turn().finally(() => (isUnderWay = false));
    }, everyMs);
    return async () => {
      clearInterval(timer);
      await this.#turn;
    };
  }

  async turn(): Promise<void> {
    const { kafka, logger } = this.#options;
    const admin = kafka.admin();
    try {
      await admin.connect();
      for (const { name } of catalog.filter((spec: TopicSpec) => spec.trimmedMs !== undefined))
        await this.#trim(admin, name);
    } catch (error) {
      logger.warn({ err: error }, "requests could not be trimmed: they stay in the clear until the next turn");
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async #trim(admin: ReturnType<Kafka["admin"]>, topic: string): Promise<void> {
    const { groupId, reader, nowMs, keptMs } = this.#options;
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const ends = await reader.offsets(topic);
    const trims: { partition: number; offset: string }[] = [];
    for (const { partition, offset } of committed?.partitions ?? []) {
      const { low, high } = ends.get(partition) ?? { low: 0n, high: 0n };
      const old = low < high ? await reader.offsetAt(topic, partition, nowMs() - keptMs) : high;
      const to = trimTo({ low, high, committed: BigInt(offset), old });
      const at = `${topic}/${partition}`;
      if (to !== null) trims.push({ partition, offset: to.toString() });
      if (to === high && this.#fillers.get(at) !== low) this.#idle.set(at, { end: high, sinceMs: nowMs() });
      await this.#endSegment(topic, partition, high);
    }
    if (trims.length > 0) await admin.deleteTopicRecords({ topic, partitions: trims });
  }

  async #endSegment(topic: string, partition: number, high: bigint): Promise<void> {
    const { producer, nowMs, keptMs } = this.#options;
    const at = `${topic}/${partition}`;
    const idle = this.#idle.get(at);
    if (idle === undefined) return;
    if (high !== idle.end) return void this.#idle.delete(at);
    if (nowMs() - idle.sinceMs <= Math.min(requestSegmentMs, keptMs)) return;
    const filler = { topic, partition, key: null, value: null, headers: { [fillerHeader]: "1" } };
    const [ack] = await producer.send([filler]);
    if (ack !== undefined) this.#fillers.set(at, ack.offset);
    this.#idle.delete(at);
  }
}
