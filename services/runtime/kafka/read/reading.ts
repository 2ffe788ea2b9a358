/**
 * Fetches partitions of one topic from their leaders, each leader on its own,
 * until all ranges are read or the signal aborts. Leaders that move, brokers
 * that go away and offsets that no longer exist are its business; the caller
 * sees records in the order of each partition.
 */
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import type { Link } from "../wire/cluster-link.ts";
import { fetchRequest, type FetchedPartition } from "../wire/fetch-request.ts";
import type { DecodedRecord } from "../wire/record-batch-decode.ts";
import { logEnds } from "./log-ends.ts";
import { advance, relocate, type Advance, type Position } from "./position.ts";

export interface ReadingOptions {
  readonly link: Link;
  readonly topic: string;
  readonly ranges: readonly { readonly partition: number; readonly from: bigint; readonly to: bigint | null }[];
  readonly onRecord: (partition: number, record: DecodedRecord) => void | Promise<void>;
  /** Everything below `next` was read. */
  readonly onPosition?: (partition: number, next: bigint) => void;
  readonly signal: AbortSignal;
  /** How long the broker may keep an answer back for records to come, milliseconds. */
  readonly maxWaitMs: number;
}

const offsetOutOfRange = 1;
const leaderNotAvailable = 5;
const noNode = -1;

export class Reading {
  readonly #options: ReadingOptions;
  readonly #open: Map<number, Position>;
  /** A leader moved: all loops end and are built anew. */
  #stale = false;
  #answers = 0;

  constructor(options: ReadingOptions) {
    this.#options = options;
    const unread = options.ranges.filter(({ from, to }) => to === null || from < to);
    this.#open = new Map(
      unread.map(({ partition, from, to }) => [partition, { partition, next: from, to, emptyAnswers: 0 }]),
    );
  }

  /** Nothing more to do: all is read, or the signal aborted. */
  get isDone(): boolean {
    return this.isComplete || this.#options.signal.aborted;
  }

  get isComplete(): boolean {
    return this.#open.size === 0;
  }

  /** Answers taken so far: grows while the cluster is there. */
  get answers(): number {
    return this.#answers;
  }

  /** Ends when done, or when leaders have to be looked up anew. Repeat until `isDone`; errors leave it fit to go on. */
  async proceed(): Promise<void> {
    const { link, topic } = this.#options;
    this.#stale = false;
    const leaders = await link.leaders(topic);
    const groups = Map.groupBy(this.#open.keys(), (partition) => leaders.get(partition) ?? null);
    if (groups.has(null)) throw createErrorFromCode(leaderNotAvailable);
    const loops = [...groups].map(([nodeId, partitions]) => this.#readFrom(nodeId ?? noNode, partitions));
    const ends = await Promise.allSettled(loops);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  async #readFrom(nodeId: number, partitions: readonly number[]): Promise<void> {
    const { link, topic, maxWaitMs } = this.#options;
    try {
      const broker = await link.broker(nodeId);
      while (!this.#stale && !this.isDone) {
        const positions = partitions.flatMap((partition) => this.#open.get(partition) ?? []);
        if (positions.length === 0) return;
        const request = fetchRequest(
          topic,
          positions.map(({ partition, next }) => ({ partition, offset: next })),
          { maxWaitMs },
        );
        await this.#take(await broker.connectionPool.send(request));
      }
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }

  async #take(answer: readonly FetchedPartition[]): Promise<void> {
    this.#answers += 1;
    const isEmpty = answer.every(({ nextOffset }) => nextOffset === null);
    for (const fetched of answer) {
      const position = this.#open.get(fetched.partition);
      if (position === undefined) continue;
      if (fetched.errorCode === 0) await this.#show(advance(position, fetched, isEmpty));
      else if (fetched.errorCode === offsetOutOfRange) await this.#show(await this.#relocated(position));
      else throw createErrorFromCode(fetched.errorCode);
    }
  }

  async #relocated(position: Position): Promise<Advance> {
    const { link, topic } = this.#options;
    const ends = await logEnds(link, topic, [position.partition]);
    return relocate(position, ends.get(position.partition) ?? { low: position.next, high: position.next });
  }

  async #show({ records, position, done }: Advance): Promise<void> {
    const { onRecord, onPosition, signal } = this.#options;
    const { partition } = position;
    for (const record of records) {
      if (signal.aborted) return;
      const shown = onRecord(partition, record);
      if (shown !== undefined) await shown;
      this.#open.set(partition, { ...position, next: record.offset + 1n });
    }
    if (done) this.#open.delete(partition);
    else this.#open.set(partition, position);
    onPosition?.(partition, position.next);
  }
}
