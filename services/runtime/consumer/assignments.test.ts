import assert from "node:assert/strict";
import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import { test } from "node:test";
import type { ConsumedTopic } from "../../../topics/catalog.ts";
import { createLogger } from "../logger.ts";
import { Assignments, type DoneAlready, type LoadedPartition } from "./assignments.ts";
import { partitionKey, type CommittedProgress } from "./progress/committed-offsets.ts";
import { nothingDoneAbove } from "./progress/done-map.ts";

const scanned = "harness-scanned";
const retries = "harness-retries";
const both = (...partitions: number[]) => ({ [scanned]: partitions, [retries]: partitions });

/** The group's committed offsets, and what the owner is told. */
function opened(topics: readonly ConsumedTopic[] = [scanned, retries]) {
  const nonces = new Map<string, string>();
  const seen: { ready: number[]; lost: number[]; paused: string[]; takenOver: number[]; crashes: unknown[] } = {
    ready: [],
    lost: [],
    paused: [],
    takenOver: [],
    crashes: [],
  };
  let takeOver: (loaded: LoadedPartition) => Promise<DoneAlready> = () => Promise.resolve([]);
  let reading: Promise<void> = Promise.resolve();
  let unknownOnce: readonly string[] = [];
  const assignments = new Assignments({
    topics,
    committed: {
      read: async (asked) => {
        await reading;
        const known = asked.filter((topic) => !unknownOnce.includes(topic));
        unknownOnce = [];
        const entries = known.flatMap((topic) => [0, 1, 2, 3].map((partition) => progress(topic, partition)));
        return new Map(entries.map((entry) => [partitionKey(entry.topic, entry.partition), entry]));
      },
    },
    logger: createLogger("test", "error", { write: () => undefined }),
    nowMs: () => 7,
    takeOver: (loaded) =>
      loaded.map((each) => {
        seen.takenOver.push(each.owner.partition);
        return takeOver(each);
      }),
    onReady: (owner) => void seen.ready.push(owner.partition),
    onLost: (owner) => void seen.lost.push(owner.partition),
    pause: (topic, partition) => void seen.paused.push(partitionKey(topic, partition)),
    crash: (error) => void seen.crashes.push(error),
  });
  const progress = (topic: string, partition: number): CommittedProgress => ({
    topic,
    partition,
    done: nothingDoneAbove(5),
    endOffset: 9,
    nonce: nonces.get(partitionKey(topic, partition)) ?? null,
    committedAtMs: 0,
  });
  const commitAll = () => {
    for (const work of assignments.committable())
      nonces.set(partitionKey(work.topic, work.partition), work.owner.nonce);
  };
  return {
    assignments,
    seen,
    nonces,
    commitAll,
    takeOverWith: (hook: typeof takeOver) => (takeOver = hook),
    doNotKnowOnce: (topic: ConsumedTopic) => void (unknownOnce = [topic]),
    readAfter: (promise: Promise<void>) => void (reading = promise),
    partitions: () => assignments.committable().map((work) => partitionKey(work.topic, work.partition)),
  };
}

async function joined(assignments: Assignments, memberId: string, given: Record<string, number[]>): Promise<void> {
  assignments.joined(memberId, given);
  for (let at = 0; at < 5; at += 1) await turn();
}

test("new partitions are paused at once, taken over, then processed from their last commit", async () => {
  const { assignments, seen, partitions } = opened();
  assignments.joined("m", both(0, 2));
  assert.deepEqual(seen.paused.toSorted(), [
    "harness-retries/0",
    "harness-retries/2",
    "harness-scanned/0",
    "harness-scanned/2",
  ]);
  assert.equal(assignments.workOf(scanned, 0), undefined, "what is fetched before is not taken");
  for (let at = 0; at < 5; at += 1) await turn();
  assert.deepEqual(
    [seen.takenOver, seen.ready],
    [
      [0, 2],
      [0, 2],
    ],
  );
  assert.equal(assignments.workOf(scanned, 0)?.tracker.position, 5);
  assert.equal(partitions().length, 4);
  assert.ok(assignments.isSettled);
});

test("offsets that a broker does not know yet are asked for again", async () => {
  const { assignments, seen, doNotKnowOnce } = opened();
  doNotKnowOnce(retries);
  await joined(assignments, "m", both(0));
  assert.deepEqual([seen.ready, seen.crashes], [[], []]);
  while (seen.ready.length === 0 && seen.crashes.length === 0) await sleep(10);
  assert.deepEqual([seen.ready, seen.crashes], [[0], []]);
});

test("a partition does not start before its takeover is through, and the others do not wait for it", async () => {
  const { assignments, seen, takeOverWith } = opened();
  const slow = Promise.withResolvers<DoneAlready>();
  takeOverWith(({ owner }) => (owner.partition === 0 ? slow.promise : Promise.resolve([])));
  await joined(assignments, "m", both(0, 1));
  assert.deepEqual(seen.ready, [1]);
  assert.equal(assignments.isSettled, false);
  slow.resolve([{ topic: scanned, offset: 6n }]);
  await turn();
  assert.deepEqual(seen.ready, [1, 0]);
  const work = assignments.workOf(scanned, 0);
  assert.deepEqual(
    [5, 6, 7].filter((offset) => work?.tracker.deliver(offset)),
    [5, 7],
    "what is out is not taken again",
  );
});

test("a kept partition goes on with its tracker, if the commit still carries our nonce", async () => {
  const { assignments, seen, commitAll } = opened();
  await joined(assignments, "m", both(0, 1));
  const before = assignments.workOf(scanned, 0);
  commitAll();
  await joined(assignments, "m", both(0));
  assert.equal(assignments.workOf(scanned, 0), before);
  assert.deepEqual([seen.takenOver, seen.lost], [[0, 1], [1]]);
  assert.equal(before?.owner.signal.aborted, false);
});

test("between joining and the answer of the group, a kept partition is neither committed nor fed", async () => {
  const { assignments, commitAll, partitions, readAfter } = opened();
  await joined(assignments, "m", both(0));
  commitAll();
  const answer = Promise.withResolvers<void>();
  readAfter(answer.promise);
  await joined(assignments, "m", both(0));
  assert.deepEqual(partitions(), []);
  assert.equal(assignments.workOf(scanned, 0), undefined);
  answer.resolve();
  for (let at = 0; at < 5; at += 1) await turn();
  assert.equal(partitions().length, 2);
});

const broken: readonly (readonly [string, (bench: ReturnType<typeof opened>) => string])[] = [
  ["another process committed in between", ({ nonces }) => (nonces.set(partitionKey(retries, 0), "0123456789ab"), "m")],
  ["nothing was ever committed by us", ({ nonces }) => (nonces.clear(), "m")],
  ["we are another member of the group now", () => "m2"],
];

for (const [why, happens] of broken) {
  test(`a partition that came back is taken anew: ${why}`, async () => {
    const bench = opened();
    const { assignments, seen, commitAll } = bench;
    await joined(assignments, "m", both(0));
    const before = assignments.workOf(scanned, 0);
    commitAll();
    await joined(assignments, happens(bench), both(0));
    assert.notEqual(assignments.workOf(scanned, 0), before);
    assert.ok(before?.owner.signal.aborted, "what still runs is told to start nothing new");
    assert.deepEqual([seen.takenOver, seen.lost], [[0, 0], [0]]);
    assert.notEqual(assignments.workOf(scanned, 0)?.owner.nonce, before?.owner.nonce);
  });
}

test("a rebalance during a takeover starts it anew; the old one changes nothing when it ends", async () => {
  const { assignments, seen, takeOverWith } = opened();
  const first = Promise.withResolvers<DoneAlready>();
  takeOverWith(() => first.promise);
  await joined(assignments, "m", both(0));
  takeOverWith(() => Promise.resolve([]));
  await joined(assignments, "m", both(0));
  assert.deepEqual([seen.takenOver, seen.ready, seen.lost], [[0, 0], [0], [0]]);
  first.resolve([{ topic: scanned, offset: 5n }]);
  await turn();
  assert.deepEqual(seen.ready, [0]);
  assert.equal(assignments.workOf(scanned, 0)?.tracker.deliver(5), true);
});

test("a partition whose topics changed is one partition anew", async () => {
  const { assignments, seen, commitAll } = opened();
  await joined(assignments, "m", { [scanned]: [0] });
  commitAll();
  await joined(assignments, "m", both(0));
  assert.deepEqual(seen.takenOver, [0, 0]);
  assert.ok(assignments.workOf(retries, 0));
});

test("when the consumer is made anew, everything is lost and nothing may be committed", async () => {
  const { assignments, seen, partitions } = opened();
  await joined(assignments, "m", both(0, 1));
  assignments.loseAll("made anew");
  assert.deepEqual([partitions(), seen.lost], [[], [0, 1]]);
  await joined(assignments, "m", both(0, 1));
  assert.deepEqual(seen.takenOver, [0, 1, 0, 1]);
});

test("a takeover that fails with a bug ends the process", async () => {
  const { assignments, seen, takeOverWith } = opened();
  const bug = new TypeError("bug");
  takeOverWith(() => Promise.reject(bug));
  await joined(assignments, "m", both(0));
  assert.deepEqual([seen.crashes, seen.ready], [[bug], []]);
});

test("a member without partitions is settled too", async () => {
  const { assignments } = opened();
  await joined(assignments, "m", {});
  assert.ok(assignments.isSettled);
});
