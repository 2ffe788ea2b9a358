import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { after, test } from "node:test";
import { createLogger } from "../logger.ts";
import { Committer, type CommitOffsets } from "./committer.ts";
import { OwnedPartition, PartitionWork } from "./partition-work.ts";
import { nothingDoneAbove, offsetsIn } from "./progress/done-map.ts";
import { OffsetTracker } from "./progress/offset-tracker.ts";
import { decodeProgress } from "./progress/progress-codec.ts";

const committers: Committer[] = [];
after(() => committers.forEach((committer) => committer.stop()));

function opened(answers: readonly (Error | "ok")[] = []) {
  const owner = new OwnedPartition(3, ["harness-scanned", "harness-retries"], 1);
  const works = owner.topics.map((topic) => new PartitionWork(topic, owner, new OffsetTracker(nothingDoneAbove(10))));
  const sent: Parameters<CommitOffsets>[0][] = [];
  const left = [...answers];
  const seen = { acknowledged: 0, log: "" };
  let held: readonly PartitionWork[] = works;
  const committer = new Committer({
    intervalMs: 3_600_000,
    works: () => held,
    onCommitted: () => void (seen.acknowledged += 1),
    logger: createLogger("test", "debug", { write: (line) => void (seen.log += line) }),
    nowMs: () => 1234,
  });
  committers.push(committer);
  const send: CommitOffsets = async (offsets) => {
    sent.push(offsets);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    return Promise.resolve();
  };
  return { committer, owner, works, sent, send, seen, lose: () => (held = []) };
}

/** kafkajs sends it; its types leave it out. */
function metadataOf(commit: Parameters<CommitOffsets>[0]): string | null {
  const partition = commit?.topics[0]?.partitions[0];
  return partition !== undefined && "metadata" in partition ? String(partition.metadata) : null;
}

test("the first commit claims every partition held, with nonce and time, before anything ran", async () => {
  const { committer, owner, works, sent, send, seen } = opened();
  committer.use(send);
  assert.equal(await committer.flush(), true);
  assert.deepEqual(
    sent[0]?.topics.map(({ topic, partitions }) => [topic, partitions[0]?.partition, partitions[0]?.offset]),
    [
      ["harness-scanned", 3, "10"],
      ["harness-retries", 3, "10"],
    ],
  );
  const decoded = decodeProgress(metadataOf(sent[0]), 10, 100);
  assert.deepEqual([decoded?.nonce, decoded?.committedAtMs], [owner.nonce, 1234]);
  assert.ok(works.every((work) => work.claimed));
  assert.equal(seen.acknowledged, 1);
});

test("nothing new, nothing sent; a completion above a stuck record is sent in the map", async () => {
  const { committer, works, sent, send } = opened();
  committer.use(send);
  await committer.flush();
  await committer.flush();
  assert.equal(sent.length, 1);
  const [work] = works;
  work?.tracker.deliver(10);
  work?.tracker.deliver(11);
  work?.tracker.complete(11);
  if (work !== undefined) work.dirty = true;
  await committer.flush();
  assert.equal(sent[1]?.topics[0]?.partitions[0]?.offset, "10");
  assert.deepEqual(offsetsIn(decodeProgress(metadataOf(sent[1]), 10, 100)?.done ?? nothingDoneAbove(0)), [11]);
});

test("a commit that is not taken is made anew, and a partition is claimed only by one that is", async () => {
  const broken = Object.assign(new Error("no answer"), { type: "REQUEST_TIMED_OUT" });
  const { committer, works, sent, send, seen } = opened([broken, "ok"]);
  committer.use(send);
  assert.equal(await committer.flush(), false);
  assert.ok(committer.hasUncommitted && works.every((work) => !work.claimed));
  assert.match(seen.log, /"level":"warn"/);
  assert.equal(await committer.flush(), true);
  assert.equal(sent.length, 2);
  assert.ok(!committer.hasUncommitted && works.every((work) => work.claimed));
});

test("that the group rebalances is no news for an operator", async () => {
  const { committer, send, seen } = opened([Object.assign(new Error("x"), { type: "ILLEGAL_GENERATION" })]);
  committer.use(send);
  await committer.flush();
  assert.doesNotMatch(seen.log, /"level":"warn"/);
});

test("what was lost is not committed, even though it made progress", async () => {
  const { committer, sent, send, lose } = opened();
  committer.use(send);
  lose();
  assert.equal(await committer.flush(), true);
  assert.deepEqual(sent, []);
});

test("one commit at a time: what is asked for meanwhile joins the one under way", async () => {
  const { committer, sent } = opened();
  const answer = Promise.withResolvers<void>();
  committer.use((offsets) => {
    sent.push(offsets);
    return answer.promise;
  });
  const both = [committer.flush(), committer.flush()];
  answer.resolve();
  await Promise.all(both);
  assert.equal(sent.length, 1);
});

test("a hundred completions commit without waiting for the interval, in a task of their own", async () => {
  const { committer, sent, send } = opened();
  committer.use(send);
  for (let at = 0; at < 99; at += 1) committer.completed();
  await turn();
  assert.equal(sent.length, 0);
  committer.completed();
  assert.equal(sent.length, 0, "not within the task that completed");
  await turn();
  assert.equal(sent.length, 1);
});

test("without a batch there is no way to commit, and nothing to commit", async () => {
  const { committer, sent, send } = opened();
  assert.equal(await committer.flush(), false);
  assert.equal(committer.hasUncommitted, false);
  committer.use(send);
  committer.forget();
  assert.equal(await committer.flush(), false);
  assert.deepEqual(sent, []);
});
