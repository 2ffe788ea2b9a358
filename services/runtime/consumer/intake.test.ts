import assert from "node:assert/strict";
import { test } from "node:test";
import type { Consumer } from "kafkajs";
import { Intake } from "./intake.ts";
import { OwnedPartition, PartitionWork } from "./partition-work.ts";
import { nothingDoneAbove } from "./progress/done-map.ts";
import { OffsetTracker } from "./progress/offset-tracker.ts";

const requests = new Set(["harness-requests"] as const);
const batches = new Set(["harness-requests-batch"] as const);

function opened(count = 2) {
  const full = new Set<PartitionWork>();
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
  const intake = new Intake(
    consumer,
    () => works,
    (work) => full.has(work),
  );
  return { intake, works, told, full };
}

/** Batches of these partitions came, one after the other. */
async function fetched(intake: Intake, works: readonly (PartitionWork | undefined)[]): Promise<void> {
  for (const work of works) if (work !== undefined) await intake.waitForRoom(work);
}

test("a partition that opens is fetched from where its tracker stands", () => {
  const { intake, works, told } = opened(1);
  for (const work of works) intake.open(work);
  assert.deepEqual(told, ["seek 0 7", "resume 0"]);
});

test("full: first it waits a moment, then it pauses everything, and goes on when there is room", async () => {
  const { intake, works, told, full } = opened();
  for (const work of works) full.add(work);
  await fetched(intake, works);
  assert.deepEqual(
    [told, works.map((work) => intake.isOpen(work))],
    [
      ["pause 0", "pause 1"],
      [false, false],
    ],
  );
  intake.hasRoom(requests);
  assert.deepEqual(
    [told.slice(2), works.map((work) => intake.isOpen(work))],
    [
      ["resume 0", "resume 1"],
      [true, true],
    ],
  );
});

test("room that comes soon pauses nothing", async () => {
  const { intake, works, told, full } = opened();
  for (const work of works) full.add(work);
  const waiting = fetched(intake, works);
  full.clear();
  intake.hasRoom(requests);
  await waiting;
  assert.deepEqual(told, []);
});

test("a full lane closes the partition that filled it, at once; the others as they give records", async () => {
  const { intake, works, told, full } = opened(3);
  const [first, second] = works;
  for (const work of works.slice(0, 2)) full.add(work);
  await fetched(intake, [first]);
  assert.deepEqual(told, ["pause 0"], "nothing was waited for: another lane takes records in");
  await fetched(intake, [second]);
  assert.deepEqual(told, ["pause 0", "pause 1"]);
});

test("room in one lane opens no partition of another", async () => {
  const { intake, works, told, full } = opened(1);
  for (const work of works) full.add(work);
  await fetched(intake, works);
  intake.hasRoom(batches);
  assert.deepEqual(told, ["pause 0"]);
});

test("a partition that comes to us while its lane is full waits for room too", () => {
  const { intake, works, told, full } = opened(1);
  for (const work of works) full.add(work);
  for (const work of works) intake.open(work);
  assert.deepEqual(told, ["seek 0 7", "pause 0"]);
  intake.hasRoom(requests);
  assert.deepEqual(told.slice(2), ["resume 0"]);
});

test("a held partition stays closed when there is room", async () => {
  const { intake, works, told, full } = opened();
  const [held] = works;
  if (held !== undefined) held.held = true;
  for (const work of works) full.add(work);
  await fetched(intake, works);
  intake.hasRoom(requests);
  assert.deepEqual(told.slice(2), ["pause 0", "resume 1"]);
});

test("a stopping process opens nothing again", async () => {
  const { intake, works, told, full } = opened(1);
  intake.stop();
  intake.hasRoom(requests);
  for (const work of works) {
    full.add(work);
    intake.apply(work);
  }
  await fetched(intake, works);
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
