/**
 * What harness-results and harness-reviews say from the moment this process
 * follows them: who waits for a run hears its result at once, and of every
 * other run only its place is kept. Records are looked at by their key; only
 * what somebody waits for is parsed. The first terminal record of a run by
 * offset is its result (services/runtime/first-results.ts): a later one changes
 * nothing. Keeps the places of the newest 200,000 results, 19 MB at most
 * (measured: 94 bytes each), and as many runs in review.
 */
import { parseResult } from "../../runtime/first-results.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import { partitionOf } from "../../runtime/kafka/murmur2.ts";
import { followTopic } from "../../runtime/kafka/read/follow-topic.ts";
import { clockMarginMs, madeAtMs } from "./made-at.ts";
import { RecentMap } from "./recent-map.ts";
import type { Standing } from "./run-desk.ts";

export interface LiveSource {
  readonly reader: Pick<LogReader, "offsets" | "follow">;
  readonly logger: { warn(fields: object, message: string): void };
  readonly nowMs: () => number;
}

/** Where a run's result stands. */
export interface ResultPlace {
  readonly topic: "harness-results";
  readonly partition: number;
  readonly offset: bigint;
}

export type Listener = (standing: Exclude<Standing, { readonly kind: "running" }>) => void;

const mostPlaces = 200_000;

/** Resolves when following has begun: from here on no result is missed. Errors: TransientError broker_unavailable. */
export async function openLiveResults(source: LiveSource, most = mostPlaces): Promise<LiveResults> {
  const ends = await source.reader.offsets("harness-results");
  const live = new LiveResults(source, new Map([...ends].map(([partition, { high }]) => [partition, high])), most);
  await live.start();
  return live;
}

export class LiveResults {
  readonly #source: LiveSource;
  readonly #starts: ReadonlyMap<number, bigint>;
  readonly #next: number[];
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>[] = [];
  readonly #places: RecentMap<number>;
  readonly #held: RecentMap<true>;
  readonly #listeners = new Map<string, Set<Listener>>();
  /** From these offsets on, every result is in the generations of places: the older one's, the younger one's. */
  #oldFrom: readonly number[];
  #youngFrom: readonly number[];
  /** When these began, Unix ms. */
  #oldSinceMs: number;
  #youngSinceMs: number;

  constructor(source: LiveSource, starts: ReadonlyMap<number, bigint>, most: number) {
    this.#source = source;
    this.#places = new RecentMap(most, () => this.#turn());
    this.#held = new RecentMap(most);
    this.#starts = starts;
    this.#next = Array.from({ length: starts.size }, (_, partition) => Number(starts.get(partition) ?? 0n));
    this.#oldFrom = [...this.#next];
    this.#youngFrom = this.#oldFrom;
    this.#oldSinceMs = source.nowMs();
    this.#youngSinceMs = this.#oldSinceMs;
  }

  async start(): Promise<void> {
    const { reader } = this.#source;
    const reviews = await reader.offsets("harness-reviews");
    const onResult = (record: LogRecord): void => this.#onResult(record);
    const onReview = (record: LogRecord): void => this.#onReview(record);
    await Promise.all([
      this.#follow("harness-results", this.#starts, onResult),
      this.#follow(
        "harness-reviews",
        new Map([...reviews].map(([partition, { high }]) => [partition, high])),
        onReview,
      ),
    ]);
  }

  partitionOf(runId: string): number {
    return partitionOf(runId, this.#starts.size);
  }

  /** Every result of the run's partition from this offset on was seen here, and its place is kept. */
  seenFrom(runId: string): number {
    return this.#oldFrom[this.partitionOf(runId)] ?? 0;
  }

  /** The run is so young that whatever results it has were seen here. */
  isYoung(runId: string): boolean {
    return (madeAtMs(runId) ?? 0) > this.#oldSinceMs + clockMarginMs;
  }

  /** The next result of the run's partition stands here or after it. */
  seenTo(runId: string): number {
    return this.#next[this.partitionOf(runId)] ?? 0;
  }

  /** Of the first result since then; the run's own first, if it is young or was taken in here. */
  place(runId: string): ResultPlace | null {
    const offset = this.#places.get(runId);
    if (offset === undefined) return null;
    return { topic: "harness-results", partition: this.partitionOf(runId), offset: BigInt(offset) };
  }

  /** An answer of it was held since following began, and has no result yet. */
  isHeld(runId: string): boolean {
    return this.#held.has(runId);
  }

  /** Called once, with the run's first result or when it is held, whichever comes first; the answer stops listening. */
  listen(runId: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(runId) ?? new Set();
    this.#listeners.set(runId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(runId) === listeners) this.#listeners.delete(runId);
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#ended);
  }

  #onResult({ key, value, partition, offset }: LogRecord): void {
    this.#next[partition] = Number(offset) + 1;
    const runId = key?.toString("latin1");
    if (runId === undefined || this.#places.has(runId)) return;
    if (this.#listeners.has(runId)) {
      const result = parseResult(value);
      if (result?.run_id !== runId) return this.#unreadable(partition, offset);
      this.#tell(runId, { kind: "ended", result });
    }
    this.#places.note(runId, Number(offset));
    if (this.#held.size > 0) this.#held.forget(runId);
  }

  /** A decision is not looked at: whether it stands, the result says a moment later. */
  #onReview({ key, headers }: LogRecord): void {
    const runId = key?.toString("latin1");
    if (runId === undefined || headers["ce_type"] !== "breakwater.review.held" || this.#places.has(runId)) return;
    this.#held.note(runId, true);
    this.#tell(runId, { kind: "in_review" });
  }

  #tell(runId: string, standing: Parameters<Listener>[0]): void {
    const listeners = this.#listeners.get(runId);
    this.#listeners.delete(runId);
    for (const listener of listeners ?? []) listener(standing);
  }

  #unreadable(partition: number, offset: bigint): void {
    const at = { topic: "harness-results", partition, offset: String(offset) };
    this.#source.logger.warn(at, "a record that a client waits for is no result");
  }

  #turn(): void {
    this.#oldFrom = this.#youngFrom;
    this.#oldSinceMs = this.#youngSinceMs;
    this.#youngSinceMs = this.#source.nowMs();
    // The record that is being noted is the first of the new generation.
    this.#youngFrom = [...this.#next];
  }

  async #follow(
    topic: "harness-results" | "harness-reviews",
    ends: ReadonlyMap<number, bigint>,
    onRecord: (record: LogRecord) => void,
  ): Promise<void> {
    const starts = [...ends].map(([partition, from]) => ({ partition, from }));
    const { signal } = this.#closing;
    const { ended } = await followTopic(this.#source.reader, { topic, starts, onRecord, signal });
    this.#ended.push(ended);
  }
}
