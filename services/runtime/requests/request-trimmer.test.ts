/** How far requests are deleted, and that deleted ones leave the disk where nothing new comes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { silentLogger } from "../../../test/support/silent-logger.ts";
import type { RawRecord } from "../kafka/producer.ts";
import { isFiller, RequestTrimmer } from "./request-trimmer.ts";
import { trimTo } from "./trim-to.ts";

const offset = fc.bigInt({ min: 0n, max: 50n });

test("law: what is deleted was read, is old, and was not deleted before", () => {
  fc.assert(
    fc.property(offset, offset, fc.bigInt({ min: -1n, max: 60n }), offset, (low, length, committed, age) => {
      const high = low + length;
      const old = low + (age < length ? age : length);
      const to = trimTo({ low, high, committed, old });
      const least = [committed, old, high].toSorted((left, right) => Number(left - right))[0] ?? 0n;
      assert.equal(to, least > low ? least : null);
    }),
  );
});

const hour = 3_600_000;

/** One partition of harness-requests; everything is read at once. */
function kafkaOf(records: number) {
  const log = { low: 0n, high: BigInt(records), nowMs: 100 * hour, isAway: false };
  const sent: RawRecord[] = [];
  const deleted: string[] = [];
  const admin = {
    connect: async () => (log.isAway ? Promise.reject(new Error("away")) : undefined),
    disconnect: async () => undefined,
    fetchOffsets: async ({ topics: [topic = ""] }: { topics: string[] }) => [
      { topic, partitions: topic === "harness-requests" ? [{ partition: 0, offset: log.high.toString() }] : [] },
    ],
    deleteTopicRecords: async ({ partitions }: { partitions: { offset: string }[] }) => {
      deleted.push(...partitions.map(({ offset: to }) => to));
      log.low = BigInt(partitions[0]?.offset ?? 0);
    },
  };
  const trimmer = new RequestTrimmer({
    kafka: { admin: () => Object.assign(Object.create(null), admin) },
    groupId: "g",
    reader: { offsets: async () => new Map([[0, log]]), offsetAt: async () => log.high },
    producer: {
      send: async (raw) => {
        sent.push(...raw);
        log.high += 1n;
        return [{ topic: "harness-requests", partition: 0, offset: log.high - 1n }];
      },
    },
    logger: silentLogger,
    nowMs: () => log.nowMs,
    keptMs: 24 * hour,
  });
  return { trimmer, log, sent, deleted };
}

test("where no request comes any more one record ends the segment, and no other follows it", async () => {
  const { trimmer, log, sent, deleted } = kafkaOf(7);
  for (let turn = 0; turn < 8; turn += 1) {
    await trimmer.turn();
    log.nowMs += hour / 2 + 1;
  }
  assert.deepEqual(deleted, ["7", "8"]);
  assert.deepEqual(
    sent.map(({ topic, partition, value }) => [topic, partition, value]),
    [["harness-requests", 0, null]],
  );
  assert.ok(sent.every(({ headers }) => isFiller({ value: null, headers: { ...Object(headers) } })));
});

test("where requests come they end the segment themselves", async () => {
  const { trimmer, log, sent, deleted } = kafkaOf(7);
  for (let turn = 0; turn < 4; turn += 1) {
    await trimmer.turn();
    log.nowMs += 2 * hour;
    log.high += 1n;
  }
  assert.deepEqual([deleted, sent], [["7", "8", "9", "10"], []]);
});

test("a Kafka that is away costs a turn and no more", async () => {
  const { trimmer, log, deleted } = kafkaOf(7);
  log.isAway = true;
  await trimmer.turn();
  log.isAway = false;
  await trimmer.turn();
  assert.deepEqual(deleted, ["7"]);
});

test("only a record without a value, marked as such, is a filler", () => {
  assert.equal(isFiller({ value: null, headers: {} }), false);
  assert.equal(isFiller({ value: Buffer.from("{}"), headers: { "breakwater-filler": "1" } }), false);
});
