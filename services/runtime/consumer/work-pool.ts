/**
 * Runs records: at most so many at once, whatever partition they are from, and
 * says when so much runs and waits that nothing more may be fetched. Partitions
 * take turns, so that a busy one does not starve the others. It never drops a
 * record: one that cannot finish keeps its place, and its partition stands.
 */
import type { PartitionWork } from "./partition-work.ts";
import { recordBytes, type ReceivedRecord } from "./received-record.ts";

/** `left`: the partition was lost or the process stops; the record stays uncommitted. */
export type RunResult = "done" | "left";

export interface PoolLimits {
  /** Records running at once. As many again may wait. */
  readonly records: number;
  /** Bytes running and waiting. One fetch more may come in, so that a record above the bound is still taken. */
  readonly bytes: number;
}

export interface PoolHooks {
  readonly run: (record: ReceivedRecord, work: PartitionWork) => Promise<RunResult>;
  readonly onDone: (work: PartitionWork) => void;
  /** Intake of one partition must stop, or may go on. */
  readonly onHeld: (work: PartitionWork) => void;
  /** There is room again for a fetch. */
  readonly onRoom: () => void;
  readonly crash: (error: unknown) => void;
}

export class WorkPool {
  readonly #limits: PoolLimits;
  readonly #hooks: PoolHooks;
  #works: PartitionWork[] = [];
  #turn = 0;
  #inFlight = 0;
  #waiting = 0;
  #bytes = 0;
  #stopped = false;

  constructor(limits: PoolLimits, hooks: PoolHooks) {
    this.#limits = limits;
    this.#hooks = hooks;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get isFull(): boolean {
    return this.#inFlight + this.#waiting >= 2 * this.#limits.records || this.#bytes >= this.#limits.bytes;
  }

  /** Well below full: intake goes on and off in large steps, as a fetch in progress is thrown away by a pause. */
  get hasRoom(): boolean {
    const half = this.#limits.records / 2;
    return this.#inFlight + this.#waiting <= this.#limits.records + half && this.#bytes <= 0.75 * this.#limits.bytes;
  }

  attach(work: PartitionWork): void {
    if (!this.#works.includes(work)) this.#works.push(work);
  }

  /** What waits is dropped, uncommitted; what runs goes on and counts until it ends. */
  detach(work: PartitionWork): void {
    this.#works = this.#works.filter((other) => other !== work);
    this.#forget(work.clear());
    if (this.hasRoom) this.#hooks.onRoom();
  }

  add(work: PartitionWork, record: ReceivedRecord): void {
    this.#bytes += recordBytes(record);
    this.#waiting += 1;
    work.push(record);
  }

  /** Starts what may start. */
  pump(): void {
    let idle = 0;
    while (!this.#stopped && this.#waiting > 0 && this.#inFlight < this.#limits.records && idle < this.#works.length) {
      this.#turn = (this.#turn + 1) % this.#works.length;
      const work = this.#works[this.#turn];
      const record = work?.take();
      if (work !== undefined && record !== undefined) this.#start(work, record);
      if (work !== undefined) this.#judge(work);
      idle = record === undefined ? idle + 1 : 0;
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
    for (const work of this.#works) this.#forget(work.clear());
  }

  #start(work: PartitionWork, record: ReceivedRecord): void {
    this.#waiting -= 1;
    this.#inFlight += 1;
    work.inFlight += 1;
    this.#hooks.run(record, work).then((result) => this.#finished(work, record, result), this.#hooks.crash);
  }

  #finished(work: PartitionWork, record: ReceivedRecord, result: RunResult): void {
    this.#inFlight -= 1;
    work.inFlight -= 1;
    this.#bytes -= recordBytes(record);
    if (result === "done") {
      work.tracker.complete(Number(record.offset));
      work.dirty = true;
      this.#hooks.onDone(work);
    }
    this.pump();
    this.#judge(work);
    if (this.hasRoom) this.#hooks.onRoom();
  }

  /** Held as soon as it is stuck; let go only when all that waited is gone. */
  #judge(work: PartitionWork): void {
    const held = work.held ? work.failing > 0 || work.waiting > 0 : work.stuck;
    if (held === work.held) return;
    work.held = held;
    this.#hooks.onHeld(work);
  }

  #forget(records: readonly ReceivedRecord[]): void {
    this.#waiting -= records.length;
    for (const record of records) this.#bytes -= recordBytes(record);
  }
}
