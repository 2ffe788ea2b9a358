/**
 * What waits to be sent, in lanes of one partition each, and the next batch
 * from it: at most 500 records and about 1 MB of a partition (a larger record
 * goes alone) and about 16 MB in all. Keeps the order within a partition; every
 * lane gets its turn. Work per record is constant however much waits.
 */
import { mostBytes, type OutgoingRecord } from "../wire/record-batch-encode.ts";

export interface QueuedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly record: OutgoingRecord;
  /** Called once: with the offset it got, or with why it was not written. */
  readonly settle: (outcome: bigint | Error) => void;
}

export interface LaneBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly QueuedRecord[];
}

interface Lane {
  readonly topic: string;
  readonly partition: number;
  readonly waiting: QueuedRecord[];
  /** Index of the first that was not taken yet. */
  taken: number;
}

const maxLaneRecords = 500;
const maxLaneBytes = 1_000_000;
const maxBatchBytes = 16_000_000;

export class SendQueue {
  readonly #lanes = new Map<string, Lane>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(queued: QueuedRecord): void {
    const name = `${queued.topic}/${queued.partition}`;
    const lane = this.#lanes.get(name);
    if (lane === undefined)
      this.#lanes.set(name, { topic: queued.topic, partition: queued.partition, waiting: [queued], taken: 0 });
    else lane.waiting.push(queued);
    this.#size += 1;
  }

  /** Empty when nothing waits. */
  takeBatch(): readonly LaneBatch[] {
    const batch: LaneBatch[] = [];
    let bytes = 0;
    const turns = [...this.#lanes];
    for (const [name, lane] of turns) {
      if (bytes >= maxBatchBytes) break;
      const from = lane.taken;
      bytes += advance(lane);
      batch.push({ topic: lane.topic, partition: lane.partition, records: lane.waiting.slice(from, lane.taken) });
      this.#size -= lane.taken - from;
      this.#lanes.delete(name);
      // A lane with more goes behind those that had no turn yet.
      if (lane.taken < lane.waiting.length) this.#lanes.set(name, forgetTaken(lane));
    }
    return batch;
  }
}

/** Takes what fits from a lane; returns its bytes. */
function advance(lane: Lane): number {
  let bytes = 0;
  const most = lane.taken + maxLaneRecords;
  for (let next = lane.waiting[lane.taken]; next !== undefined && lane.taken < most; next = lane.waiting[lane.taken]) {
    const size = mostBytes(next.record);
    if (bytes > 0 && bytes + size > maxLaneBytes) break;
    bytes += size;
    lane.taken += 1;
  }
  return bytes;
}

/** Drops the taken ones when they are the larger half: constant work per record. */
function forgetTaken(lane: Lane): Lane {
  if (lane.taken * 2 < lane.waiting.length) return lane;
  return { ...lane, waiting: lane.waiting.slice(lane.taken), taken: 0 };
}
