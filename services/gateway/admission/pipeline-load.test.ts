/** The load is looked at once a second, one look at a time, and a broker that is away is only a gap. */
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { setImmediate as settle } from "node:timers/promises";
import type { GroupProgress } from "../../runtime/consumer/progress/group-progress.ts";
import { lane, watchLoad } from "./pipeline-load.ts";

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval", "Date"], now: 0 });
});

function openProgress() {
  const state = { reads: 0, closed: 0, isAway: false, done: 0 };
  let hold = Promise.resolve();
  const read = async (): Promise<readonly GroupProgress[]> => {
    state.reads += 1;
    await hold;
    if (state.isAway) throw new Error("away");
    return [
      { waiting: 40, done: (state.done += 2) },
      { waiting: 0, done: 7 },
    ];
  };
  return {
    state,
    holdWith: (until: Promise<void>) => void (hold = until),
    progress: { read, close: () => Promise.resolve(void (state.closed += 1)) },
  };
}

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    mock.timers.tick(1000);
    await settle();
  }
}

test("the lane that is looked at is the one of single runs", () => {
  assert.deepEqual(lane, [
    { groupId: "breakwater-input-scan", topic: "harness-requests" },
    { groupId: "breakwater-model-invoke", topic: "harness-scanned" },
  ]);
});

test("the wait is known after half a minute, and unknown again while the broker is away", async () => {
  const { state, progress } = openProgress();
  const load = watchLoad(progress);
  await pass(20);
  assert.equal(load.waitMs(), null);
  await pass(20);
  assert.equal(load.waitMs(), 20_000);
  state.isAway = true;
  await pass(10);
  assert.equal(load.waitMs(), null);
  await load.close();
  assert.equal(state.closed, 1);
  const { reads } = state;
  await pass(5);
  assert.equal(state.reads, reads);
});

test("a look that takes long holds the next ones back, not the gateway", async () => {
  const { state, progress, holdWith } = openProgress();
  const { promise, resolve } = Promise.withResolvers<void>();
  holdWith(promise);
  const load = watchLoad(progress);
  await pass(5);
  assert.equal(state.reads, 1);
  resolve();
  await settle();
  await pass(1);
  assert.equal(state.reads, 2);
  await load.close();
});
