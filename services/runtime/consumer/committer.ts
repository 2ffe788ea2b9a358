/**
 * Commits progress: at an interval, after a hundred completions, and when the
 * group rebalances. One commit at a time. Guarantees: each commit goes out once
 * and never again under another generation, as it is sent by the call that
 * kafkajs gives to eachBatch, which binds the generation at once and does not
 * retry (consumer.commitOffsets retries, and then speaks for an assignment that
 * may be gone). A commit that fails is made anew from the state of then.
 */
import type { EachBatchPayload } from "kafkajs";
import type { Logger } from "../logger.ts";
import type { PartitionWork } from "./partition-work.ts";
import { encodeProgress } from "./progress/progress-codec.ts";

export type CommitOffsets = EachBatchPayload["commitOffsetsIfNecessary"];

const completionsPerCommit = 100;
/** Answers that say only that the group moves on; the next assignment decides. */
const rebalanceErrors = new Set(["REBALANCE_IN_PROGRESS", "ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID"]);

export interface CommitterOptions {
  readonly intervalMs: number;
  /** What may be committed now: partitions held under the current epoch. */
  readonly works: () => readonly PartitionWork[];
  /** Acknowledged: partitions may be claimed now, or their maps smaller. */
  readonly onCommitted: () => void;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

export class Committer {
  readonly #options: CommitterOptions;
  readonly #timer: NodeJS.Timeout;
  #send: CommitOffsets | null = null;
  #running: Promise<boolean> | null = null;
  #completions = 0;
  #soon = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.flush(), options.intervalMs);
  }

  /** The call of the newest batch: it belongs to the consumer that runs now. */
  use(send: CommitOffsets): void {
    this.#send = send;
  }

  /** Nothing can be uncommitted before the first batch came. */
  get hasUncommitted(): boolean {
    return this.#send !== null && this.#options.works().some((work) => work.dirty);
  }

  /** kafkajs made its consumer anew. */
  forget(): void {
    this.#send = null;
  }

  completed(): void {
    this.#completions += 1;
    if (this.#completions >= completionsPerCommit) this.soon();
  }

  /** In a task of its own: kafkajs switches assignments within one, so epoch and generation agree there. */
  soon(): void {
    if (this.#soon) return;
    this.#soon = true;
    setImmediate(() => {
      this.#soon = false;
      void this.flush();
    });
  }

  /** False: something is not committed. To be called as `soon` does. */
  flush(): Promise<boolean> {
    this.#running ??= this.#commit().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Before the group is joined anew: the last moment at which the old generation counts. */
  flushNow(): void {
    void this.#commit();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #commit(): Promise<boolean> {
    const works = this.#options.works().filter((work) => work.dirty);
    if (works.length === 0) return true;
    if (this.#send === null) return false;
    this.#completions = 0;
    const committedAtMs = this.#options.nowMs();
    const topics = [...Map.groupBy(works, (work) => work.topic)].map(([topic, held]) => ({
      topic,
      partitions: held.map((work) => commitOf(work, committedAtMs)),
    }));
    for (const work of works) work.dirty = false;
    try {
      await this.#send({ topics });
    } catch (error) {
      for (const work of works) work.dirty = true;
      this.#failed(error);
      return false;
    }
    for (const work of works) work.claimed = true;
    this.#options.onCommitted();
    return true;
  }

  #failed(error: unknown): void {
    const type = error instanceof Error && "type" in error ? String(error.type) : "";
    const level = rebalanceErrors.has(type) ? "debug" : "warn";
    this.#options.logger[level]({ err: error, type }, "a commit was not taken; the next one carries it");
  }
}

function commitOf(work: PartitionWork, committedAtMs: number) {
  const progress = work.tracker.snapshot();
  const metadata = encodeProgress({ nonce: work.owner.nonce, committedAtMs }, progress);
  work.metadataBytes = metadata.length;
  return { partition: work.partition, offset: String(progress.low), metadata };
}
