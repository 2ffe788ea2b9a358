import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nothingDoneAbove, offsetsIn } from "./done-map.ts";
import { maxSpan, OffsetTracker } from "./offset-tracker.ts";
import { decodeProgress, encodeProgress } from "./progress-codec.ts";

const deliverAll = (tracker: OffsetTracker, offsets: readonly number[]): readonly number[] =>
  offsets.filter((offset) => tracker.deliver(offset));

test("a commit never passes a delivered record that is not done", () => {
  const tracker = new OffsetTracker(nothingDoneAbove(0));
  deliverAll(tracker, [0, 1, 2, 3]);
  tracker.complete(1);
  tracker.complete(3);
  assert.equal(tracker.low, 0);
  assert.deepEqual(offsetsIn(tracker.snapshot()), [1, 3]);
  tracker.complete(0);
  assert.equal(tracker.low, 2);
});

test("nothing delivered yet: the commit stays where it was, whatever the log holds", () => {
  assert.equal(new OffsetTracker(nothingDoneAbove(7)).low, 7);
});

test("offsets that do not exist count as done once a later record is delivered, and not before", () => {
  const tracker = new OffsetTracker(nothingDoneAbove(10));
  assert.equal(tracker.low, 10);
  deliverAll(tracker, [15]);
  assert.equal(tracker.low, 15);
  tracker.complete(15);
  assert.equal(tracker.low, 16);
  tracker.skipTo(20);
  assert.equal(tracker.low, 20, "a transaction marker at the end of a batch");
});

test("a record delivered twice is taken once, while it runs and after it is done", () => {
  const tracker = new OffsetTracker(nothingDoneAbove(0));
  assert.deepEqual(deliverAll(tracker, [0, 1, 0, 1]), [0, 1]);
  tracker.complete(0);
  assert.deepEqual(deliverAll(tracker, [0, 1, 2]), [2]);
});

test("a record that the commit marked done is not taken, and keeps its place in the next map", () => {
  const first = new OffsetTracker(nothingDoneAbove(0));
  deliverAll(first, [0, 1, 2, 3, 4]);
  first.complete(2);
  first.complete(4);
  const next = new OffsetTracker(first.snapshot());
  assert.deepEqual(offsetsIn(next.snapshot()), [2, 4], "before anything was delivered again");
  assert.deepEqual(deliverAll(next, [0, 1, 2, 3, 4, 5]), [0, 1, 3, 5]);
  assert.deepEqual(offsetsIn(next.snapshot()), [2, 4]);
});

test("a completion that nobody waits for changes nothing", () => {
  const tracker = new OffsetTracker(nothingDoneAbove(5));
  tracker.complete(9);
  assert.equal(tracker.low, 5);
  assert.deepEqual(offsetsIn(tracker.snapshot()), []);
});

test("what is known to be out before delivery is not taken", () => {
  const tracker = new OffsetTracker(nothingDoneAbove(0));
  tracker.completeBeforeDelivery(1);
  assert.deepEqual(offsetsIn(tracker.snapshot()), [1]);
  assert.deepEqual(deliverAll(tracker, [0, 1, 2]), [0, 2]);
});

test("far above a stuck record nothing new starts, but what the map already covers does", () => {
  const tracker = new OffsetTracker(nothingDoneAbove(0));
  deliverAll(tracker, [0, 1, maxSpan - 1, maxSpan]);
  assert.equal(tracker.admits(0), true, "the lowest may always run");
  assert.equal(tracker.admits(maxSpan - 1), true);
  assert.equal(tracker.admits(maxSpan), false);
  tracker.complete(0);
  assert.equal(tracker.admits(maxSpan), true, "the window moves with the lowest incomplete record");
});

test("the lowest stays right over a hundred thousand records done out of order", () => {
  const tracker = new OffsetTracker(nothingDoneAbove(0));
  for (let offset = 0; offset < 100_000; offset += 1) {
    tracker.deliver(offset);
    if (offset >= 100) tracker.complete(offset % 2 === 0 ? offset - 99 : offset - 101);
  }
  const incomplete = offsetsIn(tracker.snapshot()).length;
  assert.ok(tracker.low > 99_000 && incomplete < 1000);
  assert.equal(tracker.incomplete, 100);
});

interface Life {
  readonly fetched: number;
  readonly picks: readonly number[];
  readonly commitEvery: number;
}

/**
 * A model of one partition over several lives of its worker. Each life starts
 * from the last commit, is given the log from there (with holes), finishes
 * records in any order, commits now and then, and is killed without warning.
 */
class ModelledPartition {
  readonly done = new Set<number>();
  readonly #log: readonly number[];
  readonly #markedDone = new Set<number>();
  #offset = 0;
  #metadata = encodeProgress({ nonce: "0".repeat(8), committedAtMs: 0 }, nothingDoneAbove(0));

  constructor(log: readonly number[]) {
    this.#log = log;
  }

  get committed(): number {
    return this.#offset;
  }

  live({ fetched, picks, commitEvery }: Life): OffsetTracker {
    const decoded = decodeProgress(this.#metadata, this.#offset, Math.max(...this.#log) + 1);
    assert.ok(decoded);
    const tracker = new OffsetTracker(decoded.done);
    const available = this.#log.filter((offset) => offset >= this.#offset).slice(0, fetched);
    const running = available.filter((offset) => tracker.deliver(offset));
    for (const offset of running) assert.ok(!this.#markedDone.has(offset), `${offset} was marked done and runs again`);
    picks.forEach((pick, step) => {
      const [offset] = running.splice(pick % Math.max(1, running.length), 1);
      if (offset === undefined) return;
      this.done.add(offset);
      tracker.complete(offset);
      if (step % commitEvery === 0) this.commit(tracker);
    });
    return tracker;
  }

  commit(tracker: OffsetTracker): void {
    const progress = tracker.snapshot();
    this.#offset = progress.low;
    this.#metadata = encodeProgress({ nonce: "a".repeat(8), committedAtMs: 1 }, progress);
    const claimed = new Set(offsetsIn(progress));
    for (const record of this.#log.filter((offset) => offset < progress.low || claimed.has(offset))) {
      assert.ok(this.done.has(record), `record ${record} was marked done and is not`);
      this.#markedDone.add(record);
    }
  }
}

const life: fc.Arbitrary<Life> = fc.record({
  fetched: fc.integer({ min: 1, max: 60 }),
  picks: fc.array(fc.nat(), { maxLength: 60 }),
  commitEvery: fc.integer({ min: 1, max: 9 }),
});
const logs = fc.uniqueArray(fc.integer({ min: 0, max: 150 }), { minLength: 1, maxLength: 80 });

test("kill -9 at any point: no commit past an incomplete record, none lost, none re-run that a commit marked done", () => {
  fc.assert(
    fc.property(logs, fc.array(life, { minLength: 1, maxLength: 8 }), (unsorted, lives) => {
      const log = unsorted.toSorted((a, b) => a - b);
      const partition = new ModelledPartition(log);
      for (const each of lives) partition.live(each);
      const healed = partition.live({ fetched: log.length, picks: log.map(() => 0), commitEvery: 1 });
      partition.commit(healed);
      const done = [...partition.done].toSorted((a, b) => a - b);
      assert.deepEqual(done, log, "a record was lost");
      assert.equal(partition.committed, Math.max(...log) + 1);
    }),
    { numRuns: 400 },
  );
});
