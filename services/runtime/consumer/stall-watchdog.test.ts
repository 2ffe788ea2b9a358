import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnedPartition, PartitionWork } from "./partition-work.ts";
import { nothingDoneAbove } from "./progress/done-map.ts";
import { OffsetTracker } from "./progress/offset-tracker.ts";
import { createWatch } from "./stall-watchdog.ts";

function opened() {
  const work = new PartitionWork(
    "harness-requests",
    new OwnedPartition(1, ["harness-requests"], 1),
    new OffsetTracker(nothingDoneAbove(10)),
  );
  const state = { nowMs: 0, end: 10n, works: [work] };
  const watch = createWatch({
    stallTimeoutMs: 60_000,
    works: () => state.works,
    ends: { offsets: () => Promise.resolve(new Map([[1, { low: 0n, high: state.end }]])) },
    nowMs: () => state.nowMs,
  });
  const look = (atMs: number) => {
    state.nowMs = atMs;
    return watch();
  };
  return { work, state, look };
}

test("a partition with records and no progress for the whole time is a stall, and not a moment before", async () => {
  const { state, look } = opened();
  state.end = 12n;
  assert.equal(await look(0), null);
  assert.equal(await look(59_999), null);
  assert.match((await look(60_000))?.message ?? "", /harness-requests\/1/);
});

test("an idle partition is not a stall, nor is the first record after a long silence", async () => {
  const { state, look } = opened();
  for (const atMs of [0, 60_000, 120_000]) assert.equal(await look(atMs), null);
  state.end = 11n;
  assert.equal(await look(180_000), null);
  assert.equal(await look(200_000), null);
});

const progress: readonly (readonly [string, (work: PartitionWork) => void])[] = [
  ["records run", (work) => void (work.inFlight = 1)],
  ["records come in", (work) => void work.tracker.deliver(10)],
  ["markers are passed", (work) => work.tracker.skipTo(12)],
];

for (const [what, happens] of progress) {
  test(`it is no stall while ${what}`, async () => {
    const { work, state, look } = opened();
    state.end = 20n;
    await look(0);
    happens(work);
    assert.equal(await look(60_000), null);
  });
}

test("records that wait and never start are a stall", async () => {
  const { work, look } = opened();
  work.tracker.deliver(10);
  work.tracker.skipTo(11);
  const waiting = { topic: "harness-requests", partition: 1, offset: 10n } as const;
  work.push("", { ...waiting, timestampMs: 0, key: null, value: null, headers: {}, rawHeaders: null });
  await look(0);
  assert.ok(await look(60_000));
});

test("time in which the process took nothing in on purpose does not count", async () => {
  const { work, state, look } = opened();
  state.end = 20n;
  await look(0);
  state.works = [];
  await look(59_000);
  state.works = [work];
  assert.equal(await look(61_000), null);
  assert.ok(await look(121_000));
});
