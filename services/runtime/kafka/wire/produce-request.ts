/**
 * The Produce request, version 7 (Kafka 2.1 and newer), acks = all, and its
 * answer partition by partition: kafkajs tells only the first error of an answer.
 */
import type { WireRequest } from "kafkajs/src/cluster/index.js";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

export interface EncodedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
}

export interface ProducedPartition {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's code, 0 for none. */
  readonly errorCode: number;
  /** Offset of the batch's first record. */
  readonly baseOffset: bigint;
}

/** Time the leader gives its followers, milliseconds; below the client's own limit. */
const replicationTimeoutMs = 10_000;

/** At most one batch of a (topic, partition). */
export function produceRequest(batches: readonly EncodedBatch[]): WireRequest<readonly ProducedPartition[]> {
  return {
    request: { apiKey: 0, apiVersion: 7, apiName: "Produce", encode: () => Promise.resolve(encode(batches)) },
    response: { decode: (payload) => Promise.resolve(decode(payload)), parse: ({ answer }) => Promise.resolve(answer) },
  };
}

function encode(batches: readonly EncodedBatch[]): { readonly buf: Buffer; readonly buffer: Buffer } {
  const byTopic = [...Map.groupBy(batches, ({ topic }) => topic)];
  const size =
    byTopic.reduce((sum, [topic]) => sum + 6 + Buffer.byteLength(topic), 12) +
    batches.reduce((sum, { batch }) => sum + 8 + batch.length, 0);
  const out = new ByteWriter(size);
  out.int16(-1).int16(-1).int32(replicationTimeoutMs).int32(byTopic.length);
  for (const [topic, partitions] of byTopic) {
    out.string(topic).int32(partitions.length);
    for (const { partition, batch } of partitions) out.int32(partition).int32(batch.length).raw(batch);
  }
  return { buf: out.bytes, buffer: out.bytes };
}

function decode(payload: Buffer): {
  readonly clientSideThrottleTime: number;
  readonly answer: readonly ProducedPartition[];
} {
  const reader = new ByteReader(payload);
  const answer = reader
    .list(() => {
      const topic = reader.string();
      return reader.list(() => ({ topic, ...readPartition(reader) }));
    })
    .flat();
  return { clientSideThrottleTime: reader.int32(), answer };
}

function readPartition(reader: ByteReader): Omit<ProducedPartition, "topic"> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const baseOffset = reader.int64();
  reader.skip(16);
  return { partition, errorCode, baseOffset };
}
