import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter, varintSize } from "./byte-writer.ts";
import { crc32c } from "./crc32c.ts";
import { decodeRecordBatches } from "./record-batch-decode.ts";
import { encodeRecordBatch, mostBytes, outgoingRecord } from "./record-batch-encode.ts";

const require = createRequire(import.meta.url);
const Decoder = require("kafkajs/src/protocol/decoder.js");
const decodeByKafkajs = require("kafkajs/src/protocol/recordBatch/v0/decoder.js");
const crcByKafkajs = require("kafkajs/src/protocol/recordBatch/crc32C/index.js");
const { RecordBatch } = require("kafkajs/src/protocol/recordBatch/v0/index.js");
const Record = require("kafkajs/src/protocol/recordBatch/record/v0/index.js");

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const anyRecord = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(
    fc.string({ unit: "binary", minLength: 1 }).filter((name) => name !== "__proto__"),
    fc.string({ unit: "binary" }),
    { maxKeys: 8 },
  ),
});
const encode = (
  records: readonly { key: Buffer | null; value: Buffer | null; headers: Record<string, string> }[],
  timestampMs: number,
): Buffer =>
  encodeRecordBatch(
    records.map(({ key, value, headers }) => outgoingRecord(key, value, Object.entries(headers).flat())),
    timestampMs,
  );
interface PlainRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string>;
}

const control = 0x20;
const transactional = 0x10;
const plain = (text: string) => ({ key: null, value: Buffer.from(text), headers: {} });
const values = (records: readonly { value: Buffer | null }[]): string[] =>
  records.map(({ value }) => value?.toString() ?? "");

/** Batches of one producer in a transaction: our encoder's, with the fields that it leaves out set afterwards. */
function batchOf(baseOffset: bigint, producerId: bigint, attributes: number, records: readonly PlainRecord[]): Buffer {
  const batch = encode(records, 1);
  batch.writeBigInt64BE(baseOffset, 0);
  batch.writeInt16BE(attributes, 21);
  batch.writeBigInt64BE(producerId, 43);
  return batch;
}

const marker = (kind: "abort" | "commit") => ({
  key: Buffer.from([0, 0, 0, kind === "abort" ? 0 : 1]),
  value: null,
  headers: {},
});

test("crc32c of the standard check string is E3069283", () => {
  assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
});

test("crc32c of any bytes from any start is kafkajs'", () => {
  fc.assert(
    fc.property(bytes, fc.nat(20), (all, from) => {
      assert.equal(crc32c(all, Math.min(from, all.length)), crcByKafkajs(all.subarray(from)) >>> 0);
    }),
  );
});

test("a varint is read as it was written and takes the bytes that were foreseen", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (value) => {
      const out = new ByteWriter(5).varint(value);
      assert.equal(out.at, varintSize(value));
      assert.equal(new ByteReader(out.bytes).varint(), value);
      assert.equal(new ByteReader(out.bytes).varlong(), BigInt(value));
    }),
  );
});

test("any records: kafkajs reads what was encoded, and the check sum is right", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 200 }), async (records) => {
      const encoded = encode(records, 1_760_000_000_000);
      assert.equal(encoded.readUInt32BE(17), crcByKafkajs(encoded.subarray(21)) >>> 0);
      const decoded = await decodeByKafkajs(new Decoder(encoded));
      assert.equal(decoded.lastOffsetDelta, records.length - 1);
      assert.deepEqual(
        decoded.records.map((record: { key: Buffer; value: Buffer; timestamp: string; offset: string }) => ({
          key: record.key,
          value: record.value,
          timestamp: record.timestamp,
          offset: record.offset,
        })),
        records.map(({ key, value }, index) => ({ key, value, timestamp: "1760000000000", offset: String(index) })),
      );
    }),
    { numRuns: 60 },
  );
});

test("any records: what was encoded is decoded, and is never larger than was foreseen", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 200 }), (records) => {
      const encoded = encode(records, 1_760_000_000_000);
      const foreseen = records.reduce(
        (sum, { key, value, headers }) => sum + mostBytes(outgoingRecord(key, value, Object.entries(headers).flat())),
        61,
      );
      assert.ok(encoded.length <= foreseen, `${encoded.length} of ${foreseen} bytes`);
      const { records: decoded, nextOffset } = decodeRecordBatches(encoded, 0n, []);
      assert.equal(nextOffset, BigInt(records.length));
      assert.deepEqual(
        decoded.map(({ key, value, headers }) => ({ key, value, headers })),
        records.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
      );
    }),
    { numRuns: 60 },
  );
});

for (const [name, compression] of [
  ["uncompressed", 0],
  ["gzip", 1],
] as const) {
  test(`a batch that kafkajs encoded ${name} is read, time stamps included`, async () => {
    const records = [5, 7].map((delta, index) =>
      Record({ offsetDelta: index, timestampDelta: delta, key: "k", value: `v${index}`, headers: { h: "x" } }),
    );
    const batch = await RecordBatch({
      compression,
      records,
      firstTimestamp: 1000,
      maxTimestamp: 1007,
      lastOffsetDelta: 1,
    });
    const { records: decoded } = decodeRecordBatches(batch.buffer, 0n, []);
    assert.deepEqual(
      decoded.map(({ offset, timestampMs, key, value, headers }) => [
        offset,
        timestampMs,
        key?.toString(),
        value?.toString(),
        headers,
      ]),
      [
        [0n, 1005, "k", "v0", { h: "x" }],
        [1n, 1007, "k", "v1", { h: "x" }],
      ],
    );
  });
}

test("a zstd batch is read, a snappy one is refused by name", () => {
  const encoded = encode([plain("a"), plain("b")], 1);
  const packed = Buffer.concat([encoded.subarray(0, 61), zstdCompressSync(encoded.subarray(61))]);
  packed.writeInt32BE(packed.length - 12, 8);
  packed.writeInt16BE(4, 21);
  assert.deepEqual(values(decodeRecordBatches(packed, 0n, []).records), ["a", "b"]);
  packed.writeInt16BE(2, 21);
  assert.throws(() => decodeRecordBatches(packed, 0n, []), /snappy/);
});

test("the broker's own time stamp wins where the topic says so", () => {
  const batch = batchOf(0n, -1n, 0x08, [plain("a")]);
  batch.writeBigInt64BE(99n, 35);
  assert.equal(decodeRecordBatches(batch, 0n, []).records[0]?.timestampMs, 99);
});

test("records before the wanted offset are left out, and a cut-off batch waits for the next fetch", () => {
  const both = Buffer.concat([
    batchOf(10n, -1n, 0, [plain("a"), plain("b")]),
    batchOf(12n, -1n, 0, [plain("c")]).subarray(0, -1),
  ]);
  const { records, nextOffset } = decodeRecordBatches(both, 11n, []);
  assert.deepEqual(values(records), ["b"]);
  assert.equal(nextOffset, 12n);
  assert.equal(decodeRecordBatches(both.subarray(0, 30), 0n, []).nextOffset, null);
});

test("a batch that compaction emptied still moves the offset on", () => {
  const batch = batchOf(20n, -1n, 0, []);
  batch.writeInt32BE(4, 23);
  assert.deepEqual(decodeRecordBatches(batch, 0n, []), { records: [], nextOffset: 25n });
});

test("markers are no records, and aborted records are not shown, even when two transactions interleave and both abort", () => {
  const log = Buffer.concat([
    batchOf(0n, 7n, transactional, [plain("aborted-1")]),
    batchOf(1n, 8n, transactional, [plain("aborted-2")]),
    batchOf(2n, 9n, transactional, [plain("committed")]),
    batchOf(3n, 8n, transactional | control, [marker("abort")]),
    batchOf(4n, 7n, transactional, [plain("aborted-3")]),
    batchOf(5n, 7n, transactional | control, [marker("abort")]),
    batchOf(6n, 9n, transactional | control, [marker("commit")]),
    batchOf(7n, 7n, transactional, [plain("later")]),
    batchOf(8n, -1n, 0, [plain("outside")]),
  ]);
  // The broker lists them in the order in which they ended.
  const aborted = [
    { producerId: 8n, firstOffset: 1n },
    { producerId: 7n, firstOffset: 0n },
  ];
  const { records, nextOffset } = decodeRecordBatches(log, 0n, aborted);
  assert.deepEqual(values(records), ["committed", "later", "outside"]);
  assert.equal(nextOffset, 9n);
});

test("a batch of a format before Kafka 0.11 is refused by name", () => {
  const batch = batchOf(0n, -1n, 0, [plain("a")]);
  batch.writeInt8(1, 16);
  assert.throws(() => decodeRecordBatches(batch, 0n, []), /format 1 at offset 0/);
});
