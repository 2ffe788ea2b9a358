import assert from "node:assert/strict";
import { test } from "node:test";
import { WireCluster } from "../../../../test/support/wire-cluster.ts";
import { decodeRecordBatches } from "../wire/record-batch-decode.ts";
import { outgoingRecord } from "../wire/record-batch-encode.ts";
import { sendBatch } from "./batch-sender.ts";
import { laneTransport } from "./lane-transport.ts";
import type { LaneBatch } from "./send-queue.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
type Outcomes = Map<string, bigint | Error>;

const lane = (partition: number, keys: readonly string[], outcomes: Outcomes = new Map(), topic = "t"): LaneBatch => ({
  topic,
  partition,
  records: keys.map((key) => ({
    topic,
    partition,
    record: outgoingRecord(Buffer.from(key), null, []),
    settle: (outcome) => void outcomes.set(key, outcome),
  })),
});

function keysIn(cluster: WireCluster, partition: number): string[] {
  const { records } = decodeRecordBatches(Buffer.concat(cluster.batchesOf(partition)), 0n, []);
  return records.map(({ key }) => key?.toString() ?? "");
}

const options = (cluster: WireCluster) => ({ transport: laneTransport(cluster), logger: silent, retryForMs: 10_000 });

test("each leader gets its partitions in one request, and each lane its own answer", async () => {
  const cluster = new WireCluster({ 0: 1, 1: 2, 2: 1 });
  const asked: number[] = [];
  cluster.onRequest = (nodeId) => void asked.push(nodeId);
  await laneTransport(cluster).send([lane(2, ["before"])]);
  const answers = await laneTransport(cluster).send([lane(0, ["a"]), lane(1, ["b", "c"]), lane(2, ["d"])]);
  assert.deepEqual(
    asked.toSorted((a, b) => a - b),
    [1, 1, 2],
  );
  assert.deepEqual(answers, [
    { kind: "written", baseOffset: 0n },
    { kind: "written", baseOffset: 0n },
    { kind: "written", baseOffset: 1n },
  ]);
});

test("topics with the same partition numbers are kept apart", async () => {
  const answers = await laneTransport(new WireCluster({ 0: 1 })).send([
    lane(0, ["a"], new Map(), "one"),
    lane(0, ["b", "c"], new Map(), "two"),
  ]);
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    ["written", "written"],
  );
});

test("a leader that moves to a broker which already answered: its records are sent there, not forgotten", async () => {
  const cluster = new WireCluster({ 0: 1, 1: 2 });
  const outcomes: Outcomes = new Map();
  cluster.moveLeader(1, 1);
  await sendBatch([lane(0, ["a"], outcomes), lane(1, ["b", "c"], outcomes)], options(cluster));
  assert.deepEqual(keysIn(cluster, 0), ["a"]);
  assert.deepEqual(keysIn(cluster, 1), ["b", "c"]);
  assert.deepEqual(Object.fromEntries(outcomes), { a: 0n, b: 0n, c: 1n });
});

test("a partition without a leader is unconfirmed, the others are written", async () => {
  const cluster = new WireCluster({ 0: 1, 1: -1 });
  const kinds = (await laneTransport(cluster).send([lane(0, ["a"]), lane(1, ["b"])])).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["written", "unconfirmed"]);
});

test("an answer that is lost after the write: the records are there twice, the ack is that of the second", async () => {
  const cluster = new WireCluster({ 0: 1 });
  const outcomes: Outcomes = new Map();
  cluster.loseAnswers = 1;
  await sendBatch([lane(0, ["a", "b"], outcomes)], options(cluster));
  assert.deepEqual(keysIn(cluster, 0), ["a", "b", "a", "b"]);
  assert.deepEqual(Object.fromEntries(outcomes), { a: 2n, b: 3n });
  assert.equal(cluster.resets, 1);
});

test("a broker that fails leaves the other brokers' partitions confirmed", async () => {
  const cluster = new WireCluster({ 0: 1, 1: 2 });
  cluster.onRequest = (nodeId) => {
    if (nodeId === 1) cluster.loseAnswers = 1;
  };
  const kinds = (await laneTransport(cluster).send([lane(0, ["a"]), lane(1, ["b"])])).map(({ kind }) => kind);
  assert.deepEqual(kinds.toSorted(), ["unconfirmed", "written"]);
});
