/**
 * The newest dead letters of every topic as their headers tell them, kept in
 * memory without their bytes and brought up to date whenever somebody asks:
 * nothing is read while nobody looks. Bounded: `mostOfTopic` records of each
 * topic, some 600 bytes each; how many stand before them is said. A record
 * that was dead-lettered twice is one letter.
 */
import { deadLetterTopics } from "./read-letters.ts";
import { readDeadLetter, type DeadLetterEntry, type DeadLetterRecord } from "./dead-letter.ts";
import { newestRanges } from "./newest-ranges.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import type { LogEnds } from "../runtime/kafka/read/log-ends.ts";

export const mostOfTopic = 2000;

export interface Listed {
  readonly entry: DeadLetterEntry;
  /** When it came to the dead-letter topic, by the broker's clock. */
  readonly timestampMs: number;
}

export interface NewestLetters {
  /** Newest first. */
  readonly letters: readonly Listed[];
  /** Records that stand before those that were read. */
  readonly older: number;
}

type Reader = Pick<LogReader, "offsets" | "read">;

export class LetterIndex {
  readonly #topics: readonly TopicLetters[];
  /** Who asks while it is read waits for that reading and then looks for what came since. */
  #reading: Promise<void> = Promise.resolve();

  constructor(reader: Reader, most = mostOfTopic) {
    this.#topics = deadLetterTopics.map((topic) => new TopicLetters(reader, topic, most));
  }

  /** Errors: TransientError broker_unavailable. */
  async newest(): Promise<NewestLetters> {
    const turn = this.#reading.then(() => this.#catchUp());
    this.#reading = turn.catch(() => undefined);
    await turn;
    const letters = this.#topics.flatMap((topic) => topic.letters());
    return {
      letters: letters.toSorted((left, right) => right.timestampMs - left.timestampMs),
      older: this.#topics.reduce((sum, { older }) => sum + older, 0),
    };
  }

  async #catchUp(): Promise<void> {
    await Promise.all(this.#topics.map((topic) => topic.catchUp()));
  }
}

class TopicLetters {
  readonly #reader: Reader;
  readonly #topic: string;
  readonly #most: number;
  /** By the place of the record that was rejected. */
  readonly #letters = new Map<string, Listed & { readonly partition: number; readonly offset: bigint }>();
  readonly #next = new Map<number, bigint>();
  older = 0;

  constructor(reader: Reader, topic: string, most: number) {
    this.#reader = reader;
    this.#topic = topic;
    this.#most = most;
  }

  letters(): readonly Listed[] {
    return [...this.#letters.values()];
  }

  async catchUp(): Promise<void> {
    const logs = await this.#reader.offsets(this.#topic);
    const window = newestRanges(logs, this.#most);
    this.older = olderThan(window, logs);
    const ranges = window
      .map(({ partition, from, to }) => ({ partition, from: larger(from, this.#next.get(partition)), to }))
      .filter(({ from, to }) => from < to);
    if (ranges.length > 0) {
      await this.#reader.read({ topic: this.#topic, ranges, onRecord: (record) => this.#take(record) });
      for (const { partition, to } of ranges) this.#next.set(partition, to);
    }
    this.#forget(new Map(window.map(({ partition, from }) => [partition, from])));
  }

  #take(record: DeadLetterRecord): void {
    const entry = readDeadLetter(record);
    if (entry === null) return;
    const { topic, partition, offset } = entry.source;
    const place = `${topic}/${partition}/${offset}`;
    if (this.#letters.has(place)) return;
    this.#letters.set(place, {
      entry,
      timestampMs: record.timestampMs,
      partition: record.partition,
      offset: record.offset,
    });
  }

  /** What has left the window, or the topic. */
  #forget(from: ReadonlyMap<number, bigint>): void {
    for (const [place, { partition, offset }] of this.#letters)
      if (offset < (from.get(partition) ?? offset + 1n)) this.#letters.delete(place);
  }
}

function olderThan(window: ReturnType<typeof newestRanges>, logs: ReadonlyMap<number, LogEnds>): number {
  const all = [...logs.values()].reduce((sum, { low, high }) => sum + Number(high - low), 0);
  return window.reduce((left, { from, to }) => left - Number(to - from), all);
}

function larger(one: bigint, other = 0n): bigint {
  return one > other ? one : other;
}
