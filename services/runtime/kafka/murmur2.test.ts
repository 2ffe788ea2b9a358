import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Partitioners, type PartitionMetadata } from "kafkajs";
import { murmur2, partitionOf } from "./murmur2.ts";

/** From UtilsTest.testMurmur2 of Apache Kafka. */
const vectors: readonly (readonly [string, number])[] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

for (const [key, hash] of vectors) {
  test(`murmur2 of "${key}" is what Kafka's own tests expect`, () => {
    assert.equal(murmur2(Buffer.from(key)), hash);
  });
}

test("any key, any length: the partition is the one kafkajs' default partitioner chooses", () => {
  const kafkajs = Partitioners.DefaultPartitioner();
  const law = fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 1, max: 96 }), (bytes, count) => {
    const key = Buffer.from(bytes);
    const expected = kafkajs({ topic: "any", partitionMetadata: partitions(count), message: { key, value: null } });
    assert.equal(partitionOf(key, count), expected);
  });
  fc.assert(law, { numRuns: 500 });
});

test("a string key goes where its UTF-8 bytes go", () => {
  assert.equal(partitionOf("läufer-😀", 24), partitionOf(Buffer.from("läufer-😀", "utf8"), 24));
});

function partitions(count: number): PartitionMetadata[] {
  return Array.from({ length: count }, (_, partitionId) => ({
    partitionId,
    partitionErrorCode: 0,
    leader: 1,
    replicas: [1],
    isr: [1],
  }));
}
