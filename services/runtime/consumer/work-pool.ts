/**
 * Runs records: at most so many at once, whatever partition they are from, and
 * says when so much of a lane runs and waits that nothing more of it may be
 * fetched. Lanes, clients and partitions take turns (lanes/), so that a busy
 * one does not starve the others. It never drops a record: one that cannot
 * finish keeps its place, and its partition stands.
 */
import type { ConsumedTopic } from "../../../topics/catalog.ts";
import type { Waiting } from "./lanes/client-turns.ts";
import type { Lane, Lanes } from "./lanes/lanes.ts";
import type { PartitionWork } from "./partition-work.ts";
import { recordBytes, type ReceivedRecord } from "./received-record.ts";

/** `left`: the partition was lost or the process stops; the record stays uncommitted. */
export type RunResult = "done" | "left";

export interface PoolHooks {
  readonly run: (record: ReceivedRecord, work: PartitionWork) => Promise<RunResult>;
  readonly onDone: (work: PartitionWork) => void;
  /** Intake of one partition must stop, or may go on. */
  readonly onHeld: (work: PartitionWork) => void;
  /** There is room again for a fetch of these topics. */
  readonly onRoom: (topics: ReadonlySet<ConsumedTopic>) => void;
  readonly crash: (error: unknown) => void;
}

export class WorkPool {
  readonly #lanes: Lanes;
  readonly #hooks: PoolHooks;
  readonly #works = new Set<PartitionWork>();
  #stopped = false;

  constructor(lanes: Lanes, hooks: PoolHooks) {
    this.#lanes = lanes;
    this.#hooks = hooks;
  }

  get inFlight(): number {
    return this.#lanes.inFlight;
  }

  get waiting(): number {
    return this.#lanes.waiting;
  }

  isFull({ topic }: PartitionWork): boolean {
    return this.#lanes.isFull(this.#lanes.of(topic));
  }

  hasPlace({ topic }: PartitionWork): boolean {
    return this.#lanes.hasPlace(this.#lanes.of(topic));
  }

  attach(work: PartitionWork): void {
    this.#works.add(work);
  }

  /** What waits is dropped, uncommitted; what runs goes on and counts until it ends. */
  detach(work: PartitionWork): void {
    this.#works.delete(work);
    this.#forget(work);
    this.#tellRoom();
  }

  /** Takes records in, and starts what may start. */
  add(work: PartitionWork, records: readonly ReceivedRecord[]): void {
    const lane = this.#lanes.of(work.topic);
    for (const record of records) this.#lanes.add(lane, { work, record });
    this.reconsider(work);
  }

  /** Starts what may start. */
  pump(): void {
    while (!this.#stopped) {
      const next = this.#lanes.take();
      if (next === undefined) return;
      this.#start(next);
      this.#judge(next.work);
    }
  }

  /** A record began to fail for good, or recovered. */
  reconsider(work: PartitionWork): void {
    this.#judge(work);
    this.pump();
  }

  /** Nothing starts any more; what waits is dropped, uncommitted. */
  stop(): void {
    this.#stopped = true;
    for (const work of this.#works) this.#forget(work);
  }

  #start({ work, record }: Waiting): void {
    work.inFlight += 1;
    this.#hooks.run(record, work).then((result) => this.#finished(work, record, result), this.#hooks.crash);
  }

  #finished(work: PartitionWork, record: ReceivedRecord, result: RunResult): void {
    this.#lanes.leave(this.#lanes.of(work.topic), record);
    work.inFlight -= 1;
    if (result === "done") {
      work.tracker.complete(Number(record.offset));
      work.dirty = true;
      this.#hooks.onDone(work);
    }
    this.pump();
    this.#judge(work);
    this.#tellRoom();
  }

  #tellRoom(): void {
    for (const lane of this.#lanes.all) if (this.#lanes.hasRoom(lane)) this.#hooks.onRoom(lane.topics);
  }

  /** Held as soon as it is stuck; let go only when all that waited is gone. */
  #judge(work: PartitionWork): void {
    const held = work.held ? work.failing > 0 || work.waiting > 0 : work.stuck;
    if (held === work.held) return;
    work.held = held;
    this.#hooks.onHeld(work);
  }

  #forget(work: PartitionWork): void {
    const lane: Lane = this.#lanes.of(work.topic);
    for (const record of lane.turns.drop(work)) lane.bytes -= recordBytes(record);
  }
}
