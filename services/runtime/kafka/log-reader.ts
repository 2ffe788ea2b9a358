/**
 * Reads topics without a consumer group: the offsets of a log, ranges of it,
 * and its end as it grows. For control tables, takeover and the CLI. Sees what
 * committed readers see; compaction gaps and transaction markers count as read.
 * A broker that is away is waited for: one minute when reading, then
 * TransientError; until aborted when following. Records are copies. An error of
 * the caller's own callback ends that reading. Each reading has connections of
 * its own: one that waits for records does not hold up another.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka } from "kafkajs";
import type { ConsumedRecord } from "../stage.ts";
import { createKafka, type KafkaLogger } from "./client.ts";
import { TransientError } from "../errors.ts";
import { logEnds, offsetAt, type LogEnds } from "./read/log-ends.ts";
import { recordAt, type RecordPlace } from "./read/record-at.ts";
import { Reading } from "./read/reading.ts";
import type { KafkaSettings } from "./settings.ts";
import { ClusterLink, mayPass } from "./wire/cluster-link.ts";
import type { DecodedRecord } from "./wire/record-batch-decode.ts";

export interface LogRecord extends Omit<ConsumedRecord, "topic"> {
  readonly topic: string;
}

export interface ReadOptions {
  readonly topic: string;
  /** `to` is exclusive; a range that goes on past the end of the log ends there. */
  readonly ranges: readonly { readonly partition: number; readonly from: bigint; readonly to: bigint }[];
  /** A promise is waited for before the next record. */
  readonly onRecord: (record: LogRecord) => void | Promise<void>;
}

export interface FollowOptions {
  readonly topic: string;
  readonly starts: readonly { readonly partition: number; readonly from: bigint }[];
  readonly onRecord: (record: LogRecord) => void | Promise<void>;
  /** Called after each answer: everything below `next` was shown. */
  readonly onPosition?: (partition: number, next: bigint) => void;
  /** Called once, when all is shown that was there when following began. */
  readonly onCaughtUp?: () => void;
  readonly signal: AbortSignal;
}

const readForMs = 60_000;
const readWaitMs = 50;
const followWaitMs = 500;
const interruptionMs = 200;

/** What a record is before it is shown: its content opened. Errors: TransientError, then it is asked again. */
export type OpenRecord = (record: LogRecord) => LogRecord | Promise<LogRecord>;

export function openLogReader(
  settings: KafkaSettings,
  clientId: string,
  logger: KafkaLogger,
  open: OpenRecord = (record) => record,
): Promise<LogReader> {
  return Promise.resolve(new LogReader(createKafka(settings, clientId, logger), logger, open));
}

export class LogReader {
  readonly #kafka: Kafka;
  readonly #logger: KafkaLogger;
  readonly #open: OpenRecord;
  readonly #asking: ClusterLink;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(kafka: Kafka, logger: KafkaLogger, open: OpenRecord) {
    this.#kafka = kafka;
    this.#logger = logger;
    this.#open = open;
    this.#asking = new ClusterLink(kafka);
  }

  offsets(topic: string): Promise<ReadonlyMap<number, LogEnds>> {
    return this.#asking.patiently(readForMs, () => logEnds(this.#asking, topic));
  }

  /** Offset of the first record written at or after a time (Unix ms), or the end of the log. */
  offsetAt(topic: string, partition: number, timestampMs: number): Promise<bigint> {
    return this.#asking.patiently(readForMs, () => offsetAt(this.#asking, topic, { partition, timestampMs }));
  }

  /** Null when there is no such record, or none any more. Errors: TransientError broker_unavailable. */
  async recordAt(place: RecordPlace): Promise<LogRecord | null> {
    const record = await this.#asking.patiently(readForMs, () => recordAt(this.#asking, place));
    return record === null ? null : await this.#open({ topic: place.topic, partition: place.partition, ...record });
  }

  /** Returns when all ranges are read. Errors: TransientError broker_unavailable; an Error when the reader closes meanwhile. */
  async read({ topic, ranges, onRecord }: ReadOptions): Promise<void> {
    const { signal } = this.#closing;
    await this.#withLink(signal, async (link) => {
      const reading = new Reading({
        link,
        topic,
        ranges,
        onRecord: this.#shown(topic, onRecord, signal),
        signal,
        maxWaitMs: readWaitMs,
      });
      await this.#toTheEnd(reading, { link, giveUpAfterMs: readForMs });
      if (!reading.isComplete) throw new Error(`the log reader was closed while it read ${topic}`);
    });
  }

  /** Returns when the signal aborts or the reader closes. */
  async follow(options: FollowOptions): Promise<void> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    if (signal.aborted) return;
    const { topic, starts, onRecord } = options;
    const onPosition = tellCaughtUp(options, await this.offsets(topic));
    const ranges = starts.map(({ partition, from }) => ({ partition, from, to: null }));
    await this.#withLink(signal, async (link) => {
      const reading = new Reading({
        link,
        topic,
        ranges,
        onRecord: this.#shown(topic, onRecord, signal),
        onPosition,
        signal,
        maxWaitMs: followWaitMs,
      });
      await this.#toTheEnd(reading, { link, giveUpAfterMs: Number.POSITIVE_INFINITY });
    });
  }

  /** Ends what is under way and disconnects. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underWay);
    await this.#asking.close();
  }

  /** What needs no opening is shown at once. */
  #shown(
    topic: string,
    onRecord: (record: LogRecord) => void | Promise<void>,
    signal: AbortSignal,
  ): (partition: number, record: DecodedRecord) => void | Promise<void> {
    return (partition, decoded) => {
      const record = { topic, partition, ...decoded };
      const opened = this.#open(record);
      if (!(opened instanceof Promise)) return onRecord(opened);
      return opened
        .catch((error: unknown) => this.#openAgain(record, error, signal))
        .then((readable) => (readable === null ? undefined : onRecord(readable)));
    };
  }

  /** Keys come from Kafka, too: one that is away is waited for. Null when the reading ends meanwhile. */
  async #openAgain(record: LogRecord, failure: unknown, signal: AbortSignal): Promise<LogRecord | null> {
    for (let error = failure; ;) {
      if (signal.aborted) return null;
      if (!(error instanceof TransientError)) throw error;
      await sleep(interruptionMs);
      try {
        return await this.#open(record);
      } catch (next) {
        error = next;
      }
    }
  }

  /** Goes on after each interruption until the reading is done, or nothing came for giveUpAfterMs. */
  async #toTheEnd(
    reading: Reading,
    { link, giveUpAfterMs }: { readonly link: ClusterLink; readonly giveUpAfterMs: number },
  ): Promise<void> {
    let answers = 0;
    let interruptedAt = Date.now();
    while (!reading.isDone) {
      try {
        await reading.proceed();
      } catch (error) {
        if (reading.isDone) return;
        if (!mayPass(error)) throw error;
        if (reading.answers > answers) interruptedAt = Date.now();
        answers = reading.answers;
        if (Date.now() - interruptedAt > giveUpAfterMs)
          throw new TransientError("broker_unavailable", "Kafka does not answer", error);
        this.#logger.warn({ cause: String(error) }, "reading a topic was interrupted, going on");
        link.reset();
        await sleep(interruptionMs);
      }
    }
  }

  /** A link of its own, which ends with the work, or at once when the signal aborts. */
  async #withLink(signal: AbortSignal, work: (link: ClusterLink) => Promise<void>): Promise<void> {
    const link = new ClusterLink(this.#kafka);
    const end = () => void link.close();
    signal.addEventListener("abort", end, { once: true });
    const working = work(link);
    this.#underWay.add(working);
    try {
      await working;
    } finally {
      this.#underWay.delete(working);
      signal.removeEventListener("abort", end);
      await link.close();
    }
  }
}

/** Watches the positions until all are past the ends that were found. */
function tellCaughtUp(
  { starts, onPosition, onCaughtUp }: FollowOptions,
  ends: ReadonlyMap<number, LogEnds>,
): (partition: number, next: bigint) => void {
  const behind = new Map(starts.map(({ partition }) => [partition, ends.get(partition)?.high ?? 0n]));
  for (const { partition, from } of starts) if (from >= (behind.get(partition) ?? 0n)) behind.delete(partition);
  if (behind.size === 0) onCaughtUp?.();
  return (partition, next) => {
    onPosition?.(partition, next);
    const end = behind.get(partition);
    if (end === undefined || next < end) return;
    behind.delete(partition);
    if (behind.size === 0) onCaughtUp?.();
  };
}
