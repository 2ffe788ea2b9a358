import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { outgoingRecord } from "../wire/record-batch-encode.ts";
import { SendQueue, type LaneBatch, type QueuedRecord } from "./send-queue.ts";

const queued = (partition: number, bytes: number, topic = "t"): QueuedRecord => ({
  topic,
  partition,
  record: outgoingRecord(null, Buffer.alloc(bytes), []),
  settle: () => undefined,
});

function drain(queue: SendQueue): LaneBatch[][] {
  const batches: LaneBatch[][] = [];
  while (queue.size > 0) batches.push([...queue.takeBatch()]);
  return batches;
}

test("an empty queue has an empty batch", () => {
  assert.deepEqual(new SendQueue().takeBatch(), []);
});

test("any records: each is taken once, in the order of its partition, never more than 500 and about 1 MB of one", () => {
  const arrivals = fc.array(
    fc.record({ partition: fc.nat(3), bytes: fc.oneof(fc.nat(2000), fc.integer({ min: 100_000, max: 1_500_000 })) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(arrivals, arrivals, (first, second) => {
      const queue = new SendQueue();
      const all = [...first, ...second].map(({ partition, bytes }) => queued(partition, bytes));
      all.slice(0, first.length).forEach((one) => queue.add(one));
      const head = [...queue.takeBatch()];
      all.slice(first.length).forEach((one) => queue.add(one));
      const batches = [head, ...drain(queue)];
      for (const partition of [0, 1, 2, 3]) {
        const taken = batches.flatMap((batch) =>
          batch.filter((lane) => lane.partition === partition).flatMap(({ records }) => records),
        );
        assert.deepEqual(
          taken,
          all.filter((one) => one.partition === partition),
        );
      }
      for (const { records } of batches.flat()) {
        const bytes = records.reduce((sum, { record }) => sum + record.bodyBytes, 0);
        assert.ok(records.length === 1 || bytes <= 1_000_000);
      }
      for (const batch of batches) assert.equal(new Set(batch.map(({ partition }) => partition)).size, batch.length);
    }),
    { numRuns: 50 },
  );
});

test("600 records of one partition go 500 and then 100", () => {
  const queue = new SendQueue();
  for (let at = 0; at < 600; at += 1) queue.add(queued(0, 10));
  assert.deepEqual(
    drain(queue).map((batch) => batch.map(({ records }) => records.length)),
    [[500], [100]],
  );
});

test("a record larger than 1 MB goes alone, and the one behind it does not overtake", () => {
  const queue = new SendQueue();
  for (const bytes of [10, 3_000_000, 20]) queue.add(queued(0, bytes));
  const sizes = drain(queue).map((batch) =>
    batch.flatMap(({ records }) => records.map(({ record }) => record.value?.length)),
  );
  assert.deepEqual(sizes, [[10], [3_000_000], [20]]);
});

test("a partition with much waiting does not keep others from their turn", () => {
  const queue = new SendQueue();
  for (let partition = 0; partition < 40; partition += 1)
    for (let at = 0; at < 3; at += 1) queue.add(queued(partition, 900_000));
  const [first = [], second = [], third = []] = drain(queue).map((batch) => batch.map(({ partition }) => partition));
  assert.deepEqual(new Set([...first, ...second, ...third].slice(0, 40)).size, 40);
});

test("the same partition number of two topics is two lanes", () => {
  const queue = new SendQueue();
  queue.add(queued(1, 10, "a"));
  queue.add(queued(1, 10, "b"));
  assert.deepEqual(
    queue.takeBatch().map(({ topic }) => topic),
    ["a", "b"],
  );
});
