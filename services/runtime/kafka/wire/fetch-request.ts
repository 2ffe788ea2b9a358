/**
 * The Fetch request, version 11 (Kafka 2.3 and newer), read committed, without
 * a session, of one topic; and its answer partition by partition.
 */
import type { WireRequest } from "kafkajs/src/cluster/index.js";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { decodeRecordBatches, type DecodedRecord } from "./record-batch-decode.ts";

export interface FetchPosition {
  readonly partition: number;
  readonly offset: bigint;
}

export interface FetchedPartition {
  readonly partition: number;
  /** Kafka's code, 0 for none. */
  readonly errorCode: number;
  /** End of what committed readers may see. */
  readonly stableOffset: bigint;
  readonly records: readonly DecodedRecord[];
  /** Where to fetch next; null when nothing came. */
  readonly nextOffset: bigint | null;
}

const maxBytes = 8 * 1024 * 1024;
const maxPartitionBytes = 1024 * 1024;
const readCommitted = 1;

export interface FetchLimits {
  readonly maxWaitMs: number;
  /** Of each partition the first batch and no other: a broker sends one whole whatever the limit. */
  readonly batchAlone?: boolean;
}

/** The broker answers when a record is there or after maxWaitMs. A record over the limits comes alone. */
export function fetchRequest(
  topic: string,
  positions: readonly FetchPosition[],
  limits: FetchLimits,
): WireRequest<readonly FetchedPartition[]> {
  const from = new Map(positions.map(({ partition, offset }) => [partition, offset]));
  return {
    request: {
      apiKey: 1,
      apiVersion: 11,
      apiName: "Fetch",
      encode: () => Promise.resolve(encode(topic, positions, limits)),
    },
    response: {
      decode: (payload) => Promise.resolve(decode(payload, from)),
      parse: ({ answer }) => Promise.resolve(answer),
    },
  };
}

function encode(
  topic: string,
  positions: readonly FetchPosition[],
  { maxWaitMs, batchAlone = false }: FetchLimits,
): { readonly buf: Buffer; readonly buffer: Buffer } {
  const out = new ByteWriter(25 + 4 + 2 + Buffer.byteLength(topic) + 4 + positions.length * 28 + 6);
  out.int32(-1).int32(maxWaitMs).int32(1).int32(maxBytes).int8(readCommitted).int32(0).int32(-1);
  out.int32(1).string(topic).int32(positions.length);
  for (const { partition, offset } of positions)
    out
      .int32(partition)
      .int32(-1)
      .int64(offset)
      .int64(-1n)
      .int32(batchAlone ? 1 : maxPartitionBytes);
  out.int32(0).string("");
  return { buf: out.bytes, buffer: out.bytes };
}

function decode(
  payload: Buffer,
  from: ReadonlyMap<number, bigint>,
): { readonly clientSideThrottleTime: number; readonly answer: readonly FetchedPartition[] } {
  const reader = new ByteReader(payload);
  const clientSideThrottleTime = reader.int32();
  reader.skip(6);
  const answer = reader
    .list(() => {
      reader.string();
      return reader.list(() => readPartition(reader, from));
    })
    .flat();
  return { clientSideThrottleTime, answer };
}

function readPartition(reader: ByteReader, from: ReadonlyMap<number, bigint>): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  reader.skip(8);
  const stableOffset = reader.int64();
  reader.skip(8);
  const aborted = reader.list(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
  reader.skip(4);
  const bytes = reader.slice(Math.max(reader.int32(), 0));
  return { partition, errorCode, stableOffset, ...decodeRecordBatches(bytes, from.get(partition) ?? 0n, aborted) };
}
