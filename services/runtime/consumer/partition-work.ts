/**
 * What this process holds of one partition number: for each source topic a
 * tracker and the records that wait, under one assignment (nonce, epoch, abort
 * signal). Once lost, its running records may finish and publish, but nothing
 * of it is committed any more.
 */
import { randomBytes } from "node:crypto";
import type { ConsumedTopic } from "../../../topics/catalog.ts";
import { maxSpan, type OffsetTracker } from "./progress/offset-tracker.ts";
import { fullMetadataBytes } from "./progress/progress-codec.ts";
import type { ReceivedRecord } from "./received-record.ts";

/**
 * loading: being taken over, nothing starts. ready: processing. verifying: the
 * group was joined anew and it is not yet known whether the hold was unbroken.
 */
export type HoldState = "loading" | "ready" | "verifying" | "lost";

export class OwnedPartition {
  readonly partition: number;
  readonly topics: readonly ConsumedTopic[];
  /** Written into every commit: whoever finds it there knows that nobody else held the partition since. */
  readonly nonce = randomBytes(6).toString("hex");
  readonly works = new Map<ConsumedTopic, PartitionWork>();
  readonly #abort = new AbortController();
  state: HoldState = "loading";
  epoch: number;

  constructor(partition: number, topics: readonly ConsumedTopic[], epoch: number) {
    this.partition = partition;
    this.topics = topics;
    this.epoch = epoch;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Running records are told to start nothing new. */
  abort(reason: string): void {
    this.#abort.abort(new PartitionReleasedError(reason));
  }
}

/** The reason of an aborted StageContext.signal. A stage may throw it to leave its record uncommitted. */
export class PartitionReleasedError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "PartitionReleasedError";
  }
}

export class PartitionWork {
  readonly topic: ConsumedTopic;
  readonly owner: OwnedPartition;
  readonly tracker: OffsetTracker;
  inFlight = 0;
  /** Running records that have failed for too long: while there are any, nothing new starts. */
  failing = 0;
  /** Progress since the last commit. */
  dirty = true;
  /** A commit with our nonce was acknowledged: only then does the first record start. */
  claimed = false;
  /** Intake stands still until what waits is gone. */
  held = false;
  /** Length of the last commit's metadata. */
  metadataBytes = 0;
  /** Position that we went back to when a fetch started beyond it. */
  soughtTo = -1;
  /** By client: those from `next` on wait. */
  readonly #queues = new Map<string, { readonly records: ReceivedRecord[]; next: number }>();
  #waiting = 0;
  #highest = -1;

  constructor(topic: ConsumedTopic, owner: OwnedPartition, tracker: OffsetTracker) {
    this.topic = topic;
    this.owner = owner;
    this.tracker = tracker;
  }

  get partition(): number {
    return this.owner.partition;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Nothing more may be taken in: a record keeps failing, or the commit's map has no place for the last that came. */
  get stuck(): boolean {
    return this.failing > 0 || (this.#waiting > 0 && !this.#admits(this.#highest));
  }

  hasWaiting(client: string): boolean {
    return this.#queues.has(client);
  }

  /** True for the first of this client that waits. */
  push(client: string, record: ReceivedRecord): boolean {
    this.#waiting += 1;
    this.#highest = Number(record.offset);
    const queue = this.#queues.get(client);
    queue?.records.push(record);
    if (queue === undefined) this.#queues.set(client, { records: [record], next: 0 });
    return queue === undefined;
  }

  /** The client's next record, if it may start now. */
  take(client: string): ReceivedRecord | undefined {
    if (this.owner.state !== "ready" || !this.claimed || this.failing > 0) return undefined;
    const queue = this.#queues.get(client);
    const record = queue?.records[queue.next];
    if (queue === undefined || record === undefined || !this.#admits(Number(record.offset))) return undefined;
    queue.next += 1;
    this.#waiting -= 1;
    if (queue.next === queue.records.length) this.#queues.delete(client);
    return record;
  }

  /** Forgets what waits: it stays uncommitted. */
  clear(): readonly ReceivedRecord[] {
    const dropped = [...this.#queues.values()].flatMap(({ records, next }) => records.slice(next));
    this.#queues.clear();
    this.#waiting = 0;
    return dropped;
  }

  #admits(offset: number): boolean {
    return this.tracker.admits(offset, this.metadataBytes >= fullMetadataBytes ? 1 : maxSpan);
  }
}
