import assert from "node:assert/strict";
import { test } from "node:test";
import { WireCluster } from "../../../../test/support/wire-cluster.ts";
import { laneTransport } from "../send/lane-transport.ts";
import { outgoingRecord } from "../wire/record-batch-encode.ts";
import { mayPass } from "../wire/cluster-link.ts";
import { recordAt } from "./record-at.ts";

const topic = "t";

/** Two nodes, a partition each, with three batches of two records in partition 1. */
async function cluster(): Promise<WireCluster> {
  const made = new WireCluster({ 0: 1, 1: 2 });
  for (const batch of ["ab", "cd", "ef"]) {
    const records = Array.from(batch, (key) => ({
      topic,
      partition: 1,
      record: outgoingRecord(Buffer.from(key), null, []),
      settle: () => undefined,
    }));
    await laneTransport(made).send([{ topic, partition: 1, records }]);
  }
  return made;
}

const keyAt = async (link: WireCluster, offset: bigint, partition = 1): Promise<string | null> =>
  (await recordAt(link, { topic, partition, offset }))?.key?.toString() ?? null;

test("each record is found at its place, in the middle of its batch too", async () => {
  const link = await cluster();
  const keys = await Promise.all([0n, 1n, 2n, 3n, 4n, 5n].map((offset) => keyAt(link, offset)));
  assert.deepEqual(keys, ["a", "b", "c", "d", "e", "f"]);
});

test("at the end of the log, past it, and in a partition that is empty or not there, is none", async () => {
  const link = await cluster();
  assert.equal(await keyAt(link, 6n), null);
  assert.equal(await keyAt(link, 99n), null);
  assert.equal(await keyAt(link, 0n, 0), null);
  assert.equal(await keyAt(link, 0n, 7), null);
  link.deleteBefore(1, 4n);
  assert.equal(await keyAt(link, 1n), null, "retention took it away");
  assert.equal(await keyAt(link, 4n), "e");
});

test("a leader that has moved is an error that may pass", async () => {
  const link = await cluster();
  link.moveLeader(1, 1);
  await assert.rejects(keyAt(link, 0n), (error: unknown) => mayPass(error));
});
