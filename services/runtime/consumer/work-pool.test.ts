import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { test } from "node:test";
import { Lanes, type PoolLimits } from "./lanes/lanes.ts";
import { OwnedPartition, PartitionWork } from "./partition-work.ts";
import { nothingDoneAbove } from "./progress/done-map.ts";
import { maxSpan, OffsetTracker } from "./progress/offset-tracker.ts";
import { fullMetadataBytes } from "./progress/progress-codec.ts";
import type { ReceivedRecord } from "./received-record.ts";
import { WorkPool, type RunResult } from "./work-pool.ts";

const roomy: PoolLimits = { records: 4, bytes: 1_000_000 };

function opened(limits: PoolLimits = roomy) {
  const running = new Map<string, (result: RunResult | Error) => void>();
  const started: string[] = [];
  const seen: { rooms: number; held: string[]; crashes: unknown[] } = { rooms: 0, held: [], crashes: [] };
  const pool = new WorkPool(new Lanes(limits, ["harness-requests"]), {
    run: (record) =>
      new Promise((resolve, reject) => {
        const name = `${record.partition}/${record.offset}`;
        started.push(name);
        running.set(name, (result) => (result instanceof Error ? reject(result) : resolve(result)));
      }),
    onDone: () => undefined,
    onHeld: (work) => void seen.held.push(`${work.partition} ${work.held ? "held" : "open"}`),
    onRoom: () => void (seen.rooms += 1),
    crash: (error) => void seen.crashes.push(error),
  });
  const partition = (number: number): PartitionWork => {
    const owner = new OwnedPartition(number, ["harness-requests"], 1);
    owner.state = "ready";
    const work = new PartitionWork("harness-requests", owner, new OffsetTracker(nothingDoneAbove(0)));
    work.claimed = true;
    pool.attach(work);
    return work;
  };
  const finish = async (name: string, result: RunResult | Error = "done") => {
    running.get(name)?.(result);
    await turn();
  };
  return { pool, partition, started, finish, seen };
}

function add(pool: WorkPool, work: PartitionWork, offsets: readonly number[], bytes = 10): void {
  const fresh = offsets.filter((offset) => work.tracker.deliver(offset));
  pool.add(
    work,
    fresh.map((offset) => record(work.partition, offset, bytes)),
  );
}

function record(partition: number, offset: number, bytes: number): ReceivedRecord {
  const value = Buffer.alloc(bytes);
  const place = { topic: "harness-requests", partition, offset: BigInt(offset) } as const;
  return { ...place, timestampMs: 0, key: null, value, headers: {}, rawHeaders: null };
}

test("no more than the limit runs, and each end starts the next", async () => {
  const { pool, partition, started, finish } = opened();
  add(pool, partition(0), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(started, ["0/0", "0/1", "0/2", "0/3"]);
  assert.deepEqual([pool.inFlight, pool.waiting], [4, 2]);
  await finish("0/2");
  assert.deepEqual(started.slice(4), ["0/4"]);
});

test("partitions take turns", () => {
  const { pool, partition, started } = opened();
  const [busy, quiet] = [partition(0), partition(1)];
  busy.owner.state = "loading";
  add(pool, busy, [0, 1, 2, 3, 4, 5, 6, 7]);
  busy.owner.state = "ready";
  add(pool, quiet, [0, 1]);
  assert.equal(started.filter((name) => name.startsWith("1/")).length, 2);
});

test("nothing starts before the partition is claimed by a commit", () => {
  const { pool, partition, started } = opened();
  const work = partition(0);
  work.claimed = false;
  add(pool, work, [0]);
  assert.deepEqual(started, []);
  work.claimed = true;
  pool.pump();
  assert.deepEqual(started, ["0/0"]);
});

test("it is full by records, in flight and waiting together, and has room again well below", async () => {
  const { pool, partition, finish, seen } = opened();
  const work = partition(0);
  add(pool, work, [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(pool.isFull(work), false);
  add(pool, partition(1), [0]);
  assert.equal(pool.isFull(work), true);
  await finish("0/0");
  assert.deepEqual([pool.isFull(work), seen.rooms], [false, 0]);
  await finish("0/1");
  assert.equal(seen.rooms, 1);
});

test("it is full by bytes, and a record above the bound runs all the same", async () => {
  const { pool, partition, started, finish, seen } = opened({ records: 100, bytes: 10_000 });
  const work = partition(0);
  add(pool, work, [0], 50_000);
  assert.deepEqual([started, pool.isFull(work)], [["0/0"], true]);
  await finish("0/0");
  assert.equal(seen.rooms, 1, "every byte is given back");
});

test("what fails for long closes its partition, and its waiting records run before intake opens", async () => {
  const { pool, partition, started, finish, seen } = opened();
  const [work, other] = [partition(0), partition(1)];
  add(pool, work, [0]);
  work.failing += 1;
  pool.reconsider(work);
  add(pool, work, [1]);
  add(pool, other, [0]);
  assert.deepEqual(started, ["0/0", "1/0"]);
  work.failing -= 1;
  pool.reconsider(work);
  await finish("0/0");
  assert.deepEqual(started, ["0/0", "1/0", "0/1"]);
  assert.deepEqual(seen.held, ["0 held", "0 open"]);
});

test("a window that is as wide as a commit can say closes the partition until the lowest is done", async () => {
  const { pool, partition, started, finish, seen } = opened();
  const work = partition(0);
  add(pool, work, [0, maxSpan - 1, maxSpan]);
  assert.deepEqual(started, ["0/0", `0/${maxSpan - 1}`]);
  assert.deepEqual(seen.held, ["0 held"]);
  await finish("0/0");
  assert.equal(started.at(-1), `0/${maxSpan}`);
  assert.deepEqual(seen.held, ["0 held", "0 open"]);
});

test("a map that fills its commit lets only the lowest record start", () => {
  const { pool, partition, started } = opened();
  const work = partition(0);
  work.metadataBytes = fullMetadataBytes;
  add(pool, work, [5, 6]);
  assert.deepEqual(started, ["0/5"]);
});

test("a lost partition drops what waits; what runs goes on counting and completes nothing", async () => {
  const { pool, partition, finish } = opened({ records: 1, bytes: 1000 });
  const work = partition(0);
  add(pool, work, [0, 1, 2]);
  pool.detach(work);
  assert.deepEqual([pool.inFlight, pool.waiting], [1, 0]);
  await finish("0/0", "left");
  assert.deepEqual([pool.inFlight, pool.isFull(work), work.tracker.low], [0, false, 0]);
});

test("a full process that loses the partition whose records all waited has room again", () => {
  const { pool, partition, seen } = opened();
  const work = partition(0);
  work.claimed = false;
  add(pool, work, [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual([pool.isFull(work), pool.inFlight], [true, 0]);
  pool.detach(work);
  assert.equal(seen.rooms, 1, "nothing runs that could say so when it ends");
});

test("stopped: nothing starts any more, what waited stays incomplete", async () => {
  const { pool, partition, started, finish } = opened({ records: 1, bytes: 1000 });
  const work = partition(0);
  add(pool, work, [0, 1]);
  pool.stop();
  await finish("0/0");
  add(pool, work, [2]);
  assert.deepEqual(started, ["0/0"]);
  assert.equal(work.tracker.low, 1);
});

test("a bug in the work is told, and its record never counts as done", async () => {
  const { pool, partition, finish, seen } = opened();
  const work = partition(0);
  add(pool, work, [0]);
  const bug = new TypeError("bug");
  await finish("0/0", bug);
  assert.deepEqual(seen.crashes, [bug]);
  assert.equal(work.tracker.low, 0);
});
