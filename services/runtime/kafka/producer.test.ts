import assert from "node:assert/strict";
import { test } from "node:test";
import { PoisonRecordError, TransientError } from "../errors.ts";
import type { Emission } from "../stage.ts";
import { createKafka } from "./client.ts";
import { partitionOf } from "./murmur2.ts";
import { openProducer, type RecordProducer } from "./producer.ts";
import { plainKafkaSettings } from "./settings.ts";
import type { LaneTransport } from "./send/batch-sender.ts";
import type { LaneBatch } from "./send/send-queue.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
/** Never connected to: the transport is faked. */
const kafka = createKafka(plainKafkaSettings("127.0.0.1:1"), "test", silent);
const partitions = 6;

/** A log in memory that answers when it is told to. */
class MemoryLog implements LaneTransport {
  readonly batches: (readonly LaneBatch[])[] = [];
  readonly #ends = new Map<string, bigint>();
  underWay = 0;
  mostUnderWay = 0;
  failing = false;

  async send(lanes: readonly LaneBatch[]): ReturnType<LaneTransport["send"]> {
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await new Promise((resolve) => setTimeout(resolve, 2));
    this.underWay -= 1;
    this.batches.push(lanes);
    return lanes.map(({ topic, partition, records }) => {
      if (this.failing) return { kind: "unconfirmed", cause: "away" };
      const baseOffset = this.#ends.get(`${topic}/${partition}`) ?? 0n;
      this.#ends.set(`${topic}/${partition}`, baseOffset + BigInt(records.length));
      return { kind: "written", baseOffset };
    });
  }
  reset(): void {}
  async close(): Promise<void> {}
}

function open(transport: LaneTransport): Promise<RecordProducer> {
  return openProducer({
    kafka,
    source: "breakwater/input-scan",
    transport,
    partitionsOf: () => partitions,
    retryForMs: 50,
  });
}

const emission = (key: string, value: unknown = {}): Emission => ({
  topic: "harness-scanned",
  key,
  id: `${key}/1`,
  type: "breakwater.attempt",
  value,
});

test("an emission becomes JSON under its key, with CloudEvents headers and those of the call", async () => {
  const log = new MemoryLog();
  const producer = await open(log);
  await producer.publish([emission("run-1", { text: "läuft" })], {
    headers: { origin: "harness-requests/3/17", traceparent: "00-a-b-01" },
  });
  const record = log.batches[0]?.[0]?.records[0]?.record;
  assert.equal(record?.key?.toString(), "run-1");
  assert.deepEqual(JSON.parse(record?.value?.toString() ?? ""), { text: "läuft" });
  const names = record?.headers.filter((_, at) => at % 2 === 0) ?? [];
  const headers = Object.fromEntries(names.map((name, at) => [name, record?.headers[at * 2 + 1]]));
  assert.deepEqual(headers, {
    ce_specversion: "1.0",
    ce_id: "run-1/1",
    ce_type: "breakwater.attempt",
    ce_source: "breakwater/input-scan",
    "content-type": "application/json",
    origin: "harness-requests/3/17",
    traceparent: "00-a-b-01",
  });
});

test("an emission may have headers of its own, which the others in its batch do not get", async () => {
  const log = new MemoryLog();
  const producer = await open(log);
  await producer.publish([{ ...emission("run-1"), headers: { "breakwater-signature": "ab" } }, emission("run-1")]);
  const records = log.batches[0]?.[0]?.records.map(({ record }) => record.headers) ?? [];
  assert.deepEqual(
    records.map((headers) => headers[headers.indexOf("breakwater-signature") + 1] === "ab"),
    [true, false],
  );
});

test("a null value is a tombstone, not the word null", async () => {
  const log = new MemoryLog();
  await (await open(log)).publish([{ ...emission("run-1"), value: null }]);
  assert.equal(log.batches[0]?.[0]?.records[0]?.record.value, null);
});

test("acks are in the order of the emissions, each with its partition and offset", async () => {
  const producer = await open(new MemoryLog());
  const keys = Array.from({ length: 40 }, (_, at) => `run-${at}`);
  const acks = await producer.publish(keys.map((key) => emission(key)));
  assert.deepEqual(
    acks.map(({ partition }) => partition),
    keys.map((key) => partitionOf(key, partitions)),
  );
  for (let partition = 0; partition < partitions; partition += 1) {
    const offsets = acks.filter((ack) => ack.partition === partition).map(({ offset }) => offset);
    assert.deepEqual(
      offsets,
      offsets.map((_, at) => BigInt(at)),
    );
  }
});

test("publishing nothing resolves at once", async () => {
  assert.deepEqual(await (await open(new MemoryLog())).publish([]), []);
});

test("one batch is under way at a time, and what arrives meanwhile goes together into the next", async () => {
  const log = new MemoryLog();
  const producer = await open(log);
  const first = producer.publish([emission("a")]);
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const later = Array.from({ length: 200 }, (_, at) => producer.publish([emission(`run-${at}`)]));
  await Promise.all([first, ...later]);
  assert.equal(log.mostUnderWay, 1);
  assert.deepEqual(
    log.batches.map((batch) => batch.flatMap(({ records }) => records).length),
    [1, 200],
  );
});

test("a record over the limit is refused before anything of its call is sent", async () => {
  const log = new MemoryLog();
  const producer = await open(log);
  const tooLarge = producer.publish([emission("a"), emission("b", "x".repeat(8 * 1024 * 1024))]);
  await assert.rejects(tooLarge, (error) => error instanceof PoisonRecordError && error.code === "too_large");
  await producer.close();
  assert.equal(log.batches.length, 0);
});

test("a dead letter may be larger than its source record by the reason in its headers", async () => {
  const producer = await open(new MemoryLog());
  const value = Buffer.alloc(8 * 1024 * 1024 - 200);
  const raw = { partition: 0, key: "a", value, headers: { "__dlq.errors.message": "x".repeat(4000) } };
  await producer.send([{ ...raw, topic: "harness-requests-dlq" }]);
  await assert.rejects(producer.send([{ ...raw, topic: "harness-requests" }]), PoisonRecordError);
});

test("raw records keep their bytes, keys and headers; a null value is a tombstone", async () => {
  const log = new MemoryLog();
  const producer = await open(log);
  const value = Buffer.from([0xff, 0, 0xfe]);
  await producer.send([
    { topic: "t", partition: 4, key: Buffer.from([1, 2]), value, headers: { a: "1" } },
    { topic: "t", partition: 4, key: null, value: null, headers: {} },
  ]);
  const records = log.batches.flatMap((batch) => batch.flatMap((lane) => lane.records.map(({ record }) => record)));
  assert.deepEqual(
    records.map(({ key, value: bytes, headers }) => [key, bytes, headers]),
    [
      [Buffer.from([1, 2]), value, ["a", "1"]],
      [null, null, []],
    ],
  );
});

test("when Kafka stays away the call is rejected as transient, and the next one works again", async () => {
  const log = new MemoryLog();
  const producer = await open(log);
  log.failing = true;
  await assert.rejects(producer.publish([emission("a"), emission("b")]), TransientError);
  log.failing = false;
  assert.equal((await producer.publish([emission("a")])).length, 1);
});

test("closing waits for what was handed over, and then nothing more is taken", async () => {
  const log = new MemoryLog();
  const producer = await open(log);
  const last = producer.publish([emission("a")]);
  await producer.close();
  assert.equal((await last).length, 1);
  await assert.rejects(producer.publish([emission("b")]), /closed/);
});
