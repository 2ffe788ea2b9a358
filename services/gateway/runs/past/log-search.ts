/**
 * Finds a run's record where only its time is known: reads the partition that
 * its key belongs to from then on and looks at keys alone. Bounded in time on
 * the log and on the clock, and a few at once: a search reads what stands
 * between, in parts of at most a fetch, and never holds the event loop longer.
 */
import { bulkhead, isBulkheadRejectedError } from "cockatiel";
import type { TopicName } from "../../../../topics/catalog.ts";
import { TransientError } from "../../../runtime/errors.ts";
import type { LogReader, LogRecord } from "../../../runtime/kafka/log-reader.ts";
import { partitionOf } from "../../../runtime/kafka/murmur2.ts";

export interface Sought {
  readonly topic: TopicName;
  /** The run's id. */
  readonly key: string;
  /** Broker times between which the record was written, Unix ms. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Where to stop, exclusive: what stands from there on is known otherwise. */
  readonly before?: number;
  readonly isIt: (record: LogRecord) => boolean;
}

const atOnce = 4;
const mostWaiting = 256;
const searchForMs = 20_000;

export class LogSearch {
  readonly #reader: Pick<LogReader, "offsets" | "offsetAt" | "follow">;
  readonly #searches = bulkhead(atOnce, mostWaiting);

  constructor(reader: Pick<LogReader, "offsets" | "offsetAt" | "follow">) {
    this.#reader = reader;
  }

  /** The first such record, or null. Errors: TransientError broker_unavailable, also when it takes too long or too many search. */
  async first(sought: Sought): Promise<LogRecord | null> {
    try {
      return await this.#searches.execute(() => this.#search(sought));
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
      throw new TransientError("broker_unavailable", "too many runs are looked for at once", error);
    }
  }

  async #search({ topic, key, fromMs, untilMs, before = Infinity, isIt }: Sought): Promise<LogRecord | null> {
    const partition = partitionOf(key, (await this.#reader.offsets(topic)).size);
    const from = await this.#reader.offsetAt(topic, partition, fromMs);
    if (Number(from) >= before) return null;
    const wanted = Buffer.from(key);
    const done = new AbortController();
    const late = AbortSignal.timeout(searchForMs);
    let found: LogRecord | null = null;
    await this.#reader.follow({
      topic,
      starts: [{ partition, from }],
      onRecord: (record) => {
        if (done.signal.aborted) return;
        const isLate = record.timestampMs > untilMs || Number(record.offset) >= before;
        if (!isLate && record.key?.equals(wanted) === true && isIt(record)) found = record;
        if (isLate || found !== null) done.abort();
      },
      onCaughtUp: () => done.abort(),
      signal: AbortSignal.any([done.signal, late]),
    });
    if (!done.signal.aborted) throw new TransientError("broker_unavailable", `${topic} was not searched in time`);
    return found;
  }
}
