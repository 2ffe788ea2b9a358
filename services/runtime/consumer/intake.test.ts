import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consumer } from "kafkajs";
import { Intake } from "./intake.ts";
import { OwnedPartition, PartitionWork } from "./partition-work.ts";
import { nothingDoneAbove } from "./progress/done-map.ts";
import { OffsetTracker } from "./progress/offset-tracker.ts";

function opened(count = 2) {
  const told: string[] = [];
  const consumer: Pick<Consumer, "pause" | "resume" | "seek"> = {
    pause: ([target]) => void told.push(`pause ${target?.partitions?.[0]}`),
    resume: ([target]) => void told.push(`resume ${target?.partitions?.[0]}`),
    seek: ({ partition, offset }) => void told.push(`seek ${partition} ${offset}`),
  };
  const works = Array.from({ length: count }, (_, partition) => {
    const owner = new OwnedPartition(partition, ["harness-requests"], 1);
    owner.state = "ready";
    return new PartitionWork("harness-requests", owner, new OffsetTracker(nothingDoneAbove(7)));
  });
  return { intake: new Intake(consumer, () => works), works, told };
}

test("a partition that opens is fetched from where its tracker stands", () => {
  const { intake, works, told } = opened(1);
  for (const work of works) intake.open(work);
  assert.deepEqual(told, ["seek 0 7", "resume 0"]);
});

test("full: first it waits a moment, then it pauses everything, and goes on when there is room", async () => {
  const { intake, told } = opened();
  await intake.waitForRoom(() => true);
  assert.deepEqual([told, intake.isOpen], [["pause 0", "pause 1"], false]);
  intake.hasRoom();
  assert.deepEqual([told.slice(2), intake.isOpen], [["resume 0", "resume 1"], true]);
});

test("room that comes soon pauses nothing", async () => {
  const { intake, told } = opened();
  let full = true;
  const waiting = intake.waitForRoom(() => full);
  full = false;
  intake.hasRoom();
  await waiting;
  assert.deepEqual(told, []);
});

test("a held partition stays closed when there is room", async () => {
  const { intake, works, told } = opened();
  const [held] = works;
  if (held !== undefined) held.held = true;
  await intake.waitForRoom(() => true);
  intake.hasRoom();
  assert.deepEqual(told.slice(2), ["pause 0", "resume 1"]);
});

test("a stopping process opens nothing again", async () => {
  const { intake, works, told } = opened(1);
  intake.stop();
  intake.hasRoom();
  for (const work of works) intake.apply(work);
  await intake.waitForRoom(() => true);
  assert.ok(told.every((line) => line === "pause 0"));
});

test("a partition that is not taken over, or lost, is left as kafkajs has it", () => {
  const { intake, works, told } = opened(1);
  for (const work of works) {
    for (const state of ["loading", "verifying", "lost"] as const) {
      work.owner.state = state;
      intake.apply(work);
    }
  }
  assert.deepEqual(told, []);
});
