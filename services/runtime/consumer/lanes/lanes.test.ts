/** Who gets the next place, and which lane may fetch: a table of small cases, and laws for any load. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OwnedPartition, PartitionWork } from "../partition-work.ts";
import { nothingDoneAbove } from "../progress/done-map.ts";
import { OffsetTracker } from "../progress/offset-tracker.ts";
import type { ReceivedRecord } from "../received-record.ts";
import { Lanes, type PoolLimits, type Weights } from "./lanes.ts";

const topics = ["harness-requests", "harness-requests-batch"] as const;
type Topic = (typeof topics)[number];
const eightToOne: Weights = { "harness-requests": 8 };

function opened(limits: PoolLimits, weights: Weights = eightToOne) {
  const lanes = new Lanes(limits, topics, weights);
  const running: ReceivedRecord[] = [];
  const works = new Map(
    topics.map((topic) => {
      const owner = new OwnedPartition(0, topics, 1);
      owner.state = "ready";
      const work = new PartitionWork(topic, owner, new OffsetTracker(nothingDoneAbove(0)));
      work.claimed = true;
      return [topic, work];
    }),
  );
  const add = (topic: Topic, count: number, bytes = 10): void => {
    const work = works.get(topic);
    for (let at = 0; at < count && work !== undefined; at++) {
      const offset = work.tracker.position;
      work.tracker.deliver(offset);
      const place = { topic, partition: 0, offset: BigInt(offset), timestampMs: 0, key: null };
      const record = { ...place, value: Buffer.alloc(bytes), headers: {}, rawHeaders: null };
      lanes.add(lanes.of(topic), { work, record });
    }
  };
  const start = (): Topic | undefined => {
    const taken = lanes.take();
    if (taken === undefined) return undefined;
    running.push(taken.record);
    return topics.find((topic) => topic === taken.record.topic);
  };
  const startAll = (): void => {
    while (start() !== undefined);
  };
  /** Ends the running record at this place of the list. */
  const end = (at: number): void => {
    for (const record of running.splice(at % Math.max(1, running.length), 1)) {
      works
        .get(record.topic === "harness-requests" ? record.topic : "harness-requests-batch")
        ?.tracker.complete(Number(record.offset));
      lanes.leave(lanes.of(record.topic), record);
    }
  };
  const held = (): [number, number] => [lanes.of(topics[0]).inFlight, lanes.of(topics[1]).inFlight];
  const full = (): [boolean, boolean] => [lanes.isFull(lanes.of(topics[0])), lanes.isFull(lanes.of(topics[1]))];
  return { lanes, running, add, start, startAll, end, held, full };
}

const places = (records: number): PoolLimits => ({ records, bytes: 1_000_000 });

test("sources of one weight are one lane, and have all places and all room", () => {
  const { lanes, add, startAll, held, full } = opened(places(100), {});
  assert.equal(lanes.all.length, 1);
  add("harness-requests-batch", 199);
  startAll();
  assert.deepEqual([held()[1], full()[1]], [100, false]);
  add("harness-requests", 1);
  assert.deepEqual(full(), [true, true]);
});

test("batches alone leave a quarter of the places and of the room to interactive runs", () => {
  const { add, startAll, held, full } = opened(places(100));
  add("harness-requests-batch", 1000);
  startAll();
  assert.deepEqual(
    [held(), full()],
    [
      [0, 75],
      [false, true],
    ],
  );
  add("harness-requests", 20);
  startAll();
  assert.deepEqual(
    [held(), full()],
    [
      [20, 75],
      [false, true],
    ],
  );
});

test("interactive runs alone take every place; the next one that is free goes to a batch that comes", () => {
  const { add, start, startAll, end, held } = opened(places(100));
  add("harness-requests", 150);
  startAll();
  assert.deepEqual(held(), [100, 0]);
  add("harness-requests-batch", 5);
  end(0);
  assert.equal(start(), "harness-requests-batch");
});

test("after a batch had all it may have, each place that comes free goes to interactive runs until they hold eight to one", () => {
  const { add, startAll, running, end, held } = opened(places(90));
  add("harness-requests-batch", 200);
  startAll();
  add("harness-requests", 200);
  startAll();
  assert.deepEqual(held(), [22, 68]);
  for (let ends = 0; ends < 58; ends++) {
    end(running.findIndex(({ topic }) => topic === "harness-requests-batch"));
    startAll();
  }
  assert.deepEqual(held(), [80, 10]);
});

test("with one place lanes alternate", () => {
  const { add, start, end } = opened(places(1));
  add("harness-requests", 3);
  add("harness-requests-batch", 3);
  const order = Array.from({ length: 6 }, () => {
    const topic = start();
    end(0);
    return topic === "harness-requests" ? "i" : "b";
  });
  assert.equal(order.join(""), "ibibib");
});

test("bytes are shared like records, and one fetch above the room of a lane takes nothing from the other", () => {
  const { add, full, startAll, running, end, lanes } = opened({ records: 1000, bytes: 100_000 });
  add("harness-requests-batch", 3, 100_000);
  assert.deepEqual(full(), [false, true]);
  add("harness-requests", 9, 2000);
  assert.deepEqual(full(), [false, true]);
  add("harness-requests", 1, 5000);
  assert.deepEqual(full(), [true, true]);
  startAll();
  while (running.length > 0) end(0);
  assert.ok(lanes.all.every((lane) => lanes.hasRoom(lane) && lane.bytes === 0));
});

const steps = fc.array(
  fc.oneof(
    fc.record({ topic: fc.constantFrom(...topics), count: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ end: fc.nat(100) }),
  ),
  { maxLength: 120 },
);
const anyLimit = fc.integer({ min: 1, max: 24 });

test("law: never more than the places, a batch never more than its part, and nothing waits beside a place it may take", () => {
  fc.assert(
    fc.property(anyLimit, steps, (records, taken) => {
      const { lanes, add, startAll, end, held } = opened(places(records));
      for (const step of taken) {
        if ("end" in step) end(step.end);
        else add(step.topic, step.count);
        startAll();
        const [interactive, batch] = held();
        assert.ok(interactive + batch <= records && batch <= Math.ceil(records * 0.75));
        for (const lane of lanes.all) assert.ok(lane.turns.waiting === 0 || !lanes.hasPlace(lane));
      }
    }),
  );
});

test("law: of several places a lane whose records wait always has one", () => {
  const severalPlaces = fc.integer({ min: 2, max: 24 });
  fc.assert(
    fc.property(severalPlaces, fc.array(fc.nat(100), { minLength: 60, maxLength: 60 }), (records, ends) => {
      const { add, startAll, end, held } = opened(places(records));
      for (const topic of topics) add(topic, 200);
      startAll();
      for (const which of ends) {
        end(which);
        startAll();
        assert.ok(!held().includes(0));
      }
    }),
  );
});

test("law: in the long run lanes that have records all the time hold places by their weights", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }),
      fc.array(fc.nat(1000), { minLength: 600, maxLength: 600 }),
      (weight, ends) => {
        const { add, startAll, end, held } = opened(places(10 * (weight + 1)), { "harness-requests": weight });
        for (const topic of topics) add(topic, 900);
        startAll();
        for (const which of ends) {
          end(which);
          startAll();
        }
        const [interactive, batch] = held();
        assert.ok(Math.abs(interactive - weight * batch) <= weight, `${interactive} and ${batch}`);
      },
    ),
    { numRuns: 20 },
  );
});
