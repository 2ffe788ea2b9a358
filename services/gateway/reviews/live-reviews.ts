/**
 * The reviews as harness-reviews tells them, followed for as long as the
 * gateway runs, by the same book that output-validate keeps. What is in memory
 * holds no content: answers and decisions are read from the topic, one at a
 * time, when somebody asks for them. Reads 30 days of the topic when it opens.
 */
import { reviewRetentionMs } from "../../../topics/retention.ts";
import type { ReviewRecord } from "../../../schemas/records/review.ts";
import { readReview } from "../../reviews/read-review.ts";
import { reviewsTopic, type HeldItem } from "../../reviews/read-reviews.ts";
import { ReviewBook, type Review } from "../../reviews/review-book.ts";
import { PoisonRecordError, TransientError } from "../../runtime/errors.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import { partitionOf } from "../../runtime/kafka/murmur2.ts";
import { followTopic } from "../../runtime/kafka/read/follow-topic.ts";

export interface LiveReviewSource {
  readonly reader: Pick<LogReader, "offsets" | "follow" | "recordAt">;
  readonly nowMs: () => number;
}

interface Waiter {
  readonly partition: number;
  readonly until: bigint;
  readonly resolve: () => void;
}

/** How long the topic's present end is waited for. */
const catchUpMs = 10_000;
const forgetEveryMs = 3_600_000;

/** Resolves when everything is read that was there. Errors: TransientError broker_unavailable. */
export async function openLiveReviews(source: LiveReviewSource): Promise<LiveReviews> {
  const reviews = new LiveReviews(source, await source.reader.offsets(reviewsTopic));
  await reviews.start();
  return reviews;
}

export class LiveReviews {
  readonly #source: LiveReviewSource;
  readonly #books = new Map<number, ReviewBook>();
  /** Everything below was shown. */
  readonly #next = new Map<number, bigint>();
  readonly #waiters = new Set<Waiter>();
  readonly #closing = new AbortController();
  #following: Promise<void> = Promise.resolve();
  #forgottenAtMs = 0;

  constructor(source: LiveReviewSource, ends: ReadonlyMap<number, { readonly low: bigint }>) {
    this.#source = source;
    for (const [partition, { low }] of ends) {
      this.#books.set(partition, new ReviewBook());
      this.#next.set(partition, low);
    }
  }

  async start(): Promise<void> {
    const { ended } = await followTopic(this.#source.reader, {
      topic: reviewsTopic,
      starts: [...this.#next].map(([partition, from]) => ({ partition, from })),
      onRecord: (record) => this.#onRecord(record),
      onPosition: (partition, next) => this.#onPosition(partition, next),
      signal: this.#closing.signal,
    });
    this.#following = ended;
  }

  /** What waits for a decision, the one that is due first in front. */
  waiting(): readonly Review[] {
    return [...this.#books.values()]
      .flatMap((book) => [...book.open()])
      .toSorted((left, right) => left.due_at_ms - right.due_at_ms);
  }

  /**
   * As the topic says at its present end: what was written before the call is seen. Null when no answer of the run is on it, or
   * none any more. Errors: TransientError broker_unavailable.
   */
  async find(runId: string): Promise<HeldItem | null> {
    const partition = partitionOf(runId, this.#books.size);
    await this.#caughtUp(partition);
    const review = this.#books.get(partition)?.get(runId);
    if (review === undefined) return null;
    const held = await this.#recordAt(partition, review.offset);
    if (held?.kind !== "review.held") return null;
    if (review.decided === null) return { held, review, decision: null };
    const decision = await this.#recordAt(partition, review.decided.offset);
    return decision?.kind === "review.decided" ? { held, review, decision } : null;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
  }

  #onRecord({ partition, offset, value }: LogRecord): void {
    const record = recordIn(value);
    if (record === null) return;
    if (record.kind === "review.held") this.#forgetOld();
    this.#books.get(partition)?.apply(record, offset);
  }

  #onPosition(partition: number, next: bigint): void {
    this.#next.set(partition, next);
    for (const waiter of this.#waiters)
      if (waiter.partition === partition && next >= waiter.until) {
        this.#waiters.delete(waiter);
        waiter.resolve();
      }
  }

  #forgetOld(): void {
    const nowMs = this.#source.nowMs();
    if (nowMs < this.#forgottenAtMs + forgetEveryMs) return;
    this.#forgottenAtMs = nowMs;
    for (const book of this.#books.values()) book.forget(nowMs - reviewRetentionMs);
  }

  async #caughtUp(partition: number): Promise<void> {
    const until = (await this.#source.reader.offsets(reviewsTopic)).get(partition)?.high ?? 0n;
    if ((this.#next.get(partition) ?? 0n) >= until) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { partition, until, resolve };
    this.#waiters.add(waiter);
    const late = (): void => reject(new TransientError("broker_unavailable", `${reviewsTopic} is not read to its end`));
    const timer = setTimeout(late, catchUpMs);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    }
  }

  async #recordAt(partition: number, offset: bigint): Promise<ReviewRecord | null> {
    const record = await this.#source.reader.recordAt({ topic: reviewsTopic, partition, offset });
    return record === null ? null : recordIn(record.value);
  }
}

/** What cannot be read is output-validate's to dead-letter. */
function recordIn(value: Buffer | null): ReviewRecord | null {
  try {
    return readReview(value);
  } catch (error) {
    if (error instanceof PoisonRecordError) return null;
    throw error;
  }
}
