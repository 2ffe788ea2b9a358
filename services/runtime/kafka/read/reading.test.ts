import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WireCluster } from "../../../../test/support/wire-cluster.ts";
import { laneTransport } from "../send/lane-transport.ts";
import { outgoingRecord } from "../wire/record-batch-encode.ts";
import { mayPass } from "../wire/cluster-link.ts";
import { Reading } from "./reading.ts";

const topic = "t";

/** Writes keys in batches of the given sizes. */
async function fill(cluster: WireCluster, partition: number, sizes: readonly number[]): Promise<string[]> {
  const keys: string[] = [];
  for (const size of sizes) {
    const batch = Array.from({ length: size }, (_, at) => `${partition}-${keys.length + at}`);
    keys.push(...batch);
    const records = batch.map((key) => ({
      topic,
      partition,
      record: outgoingRecord(Buffer.from(key), null, []),
      settle: () => undefined,
    }));
    await laneTransport(cluster).send([{ topic, partition, records }]);
  }
  return keys;
}

interface Range {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint | null;
}

/** Reads to the end as log-reader.ts does, at most 20 interruptions long. */
async function readAll(
  cluster: WireCluster,
  ranges: readonly Range[],
  each: (key: string) => void = () => undefined,
): Promise<string[]> {
  const seen: string[] = [];
  const onRecord = (_partition: number, { key }: { readonly key: Buffer | null }) => {
    seen.push(key?.toString() ?? "");
    each(key?.toString() ?? "");
  };
  const reading = new Reading({
    link: cluster,
    topic,
    ranges,
    onRecord,
    signal: new AbortController().signal,
    maxWaitMs: 0,
  });
  for (let interruptions = 0; !reading.isDone; interruptions += 1) {
    try {
      await reading.proceed();
    } catch (error) {
      if (!mayPass(error) || interruptions > 20) throw error;
      cluster.reset();
    }
  }
  return seen;
}

test("any batches, any range: exactly its records come, in order", async () => {
  const arrivals = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 }),
    from: fc.nat(40),
    length: fc.nat(40),
  });
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ sizes, from, length }) => {
      const cluster = new WireCluster({ 0: 1 });
      const keys = await fill(cluster, 0, sizes);
      const seen = await readAll(cluster, [{ partition: 0, from: BigInt(from), to: BigInt(from + length) }]);
      assert.deepEqual(seen, keys.slice(from, from + length));
    }),
    { numRuns: 100 },
  );
});

test("leaders that move and answers that are lost while it reads: every record once, in the order of its partition", async () => {
  const cluster = new WireCluster({ 0: 1, 1: 2, 2: 1 });
  const sizes = Array.from({ length: 20 }, () => 3);
  const keys = [await fill(cluster, 0, sizes), await fill(cluster, 1, sizes), await fill(cluster, 2, sizes)];
  let shown = 0;
  const seen = await readAll(
    cluster,
    [0, 1, 2].map((partition) => ({ partition, from: 0n, to: 60n })),
    () => {
      shown += 1;
      if (shown === 20) cluster.moveLeader(0, 2);
      if (shown === 50) cluster.loseAnswers = 2;
      if (shown === 90) cluster.moveLeader(2, 2);
    },
  );
  for (const partition of [0, 1, 2])
    assert.deepEqual(
      seen.filter((key) => key.startsWith(`${partition}-`)),
      keys[partition],
    );
  assert.ok(cluster.resets >= 2);
});

test("what retention takes away while it reads is passed over", async () => {
  const cluster = new WireCluster({ 0: 1 });
  const keys = await fill(
    cluster,
    0,
    Array.from({ length: 10 }, () => 2),
  );
  const seen = await readAll(cluster, [{ partition: 0, from: 0n, to: 20n }], (key) => {
    if (key === "0-1") cluster.deleteBefore(0, 12n);
  });
  assert.deepEqual(seen.slice(-8), keys.slice(12));
  assert.ok(seen.length < 20);
});

test("a partition without a leader is an interruption, not an end", async () => {
  const cluster = new WireCluster({ 0: -1 });
  await assert.rejects(readAll(cluster, [{ partition: 0, from: 0n, to: 1n }]), /leadership election|leader/i);
});

test("following shows what comes later, tells its position, and ends when the signal aborts", async () => {
  const cluster = new WireCluster({ 0: 1 });
  const stop = new AbortController();
  const seen: string[] = [];
  const positions: bigint[] = [];
  const reading = new Reading({
    link: cluster,
    topic,
    ranges: [{ partition: 0, from: 0n, to: null }],
    onRecord: (_partition, { key }) => {
      seen.push(key?.toString() ?? "");
      if (seen.length === 4) stop.abort();
    },
    onPosition: (_partition, next) => void positions.push(next),
    signal: stop.signal,
    maxWaitMs: 0,
  });
  const following = reading.proceed();
  await fill(cluster, 0, [2]);
  await fill(cluster, 0, [2, 1]);
  await following;
  assert.equal(seen.length, 4);
  assert.ok(positions.includes(2n));
  assert.equal(reading.isComplete, false);
});
