/**
 * Record batches (magic 2) of a fetch answer into records. Follows Kafka's own
 * client where kafkajs does not: the batch's last offset is told even when
 * compaction left no record of it; control records are left out; aborted
 * transactions are taken in the order of their offsets, so that none of their
 * records appears. Keys and values are copied: they pin no answer.
 */
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { ByteReader } from "./byte-reader.ts";

export interface DecodedRecord {
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Of a name that occurs twice, the last value. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface DecodedBatches {
  readonly records: readonly DecodedRecord[];
  /** Where to fetch next; null when the answer held no whole batch. */
  readonly nextOffset: bigint | null;
}

interface BatchHeader {
  readonly baseOffset: bigint;
  readonly lastOffset: bigint;
  readonly attributes: number;
  readonly baseTimestamp: bigint;
  readonly maxTimestamp: bigint;
  readonly producerId: bigint;
  readonly count: number;
}

/** A batch that unpacks to more is not ours: a record holds at most 8 MiB. */
const unpacking = { maxOutputLength: 64 * 1024 * 1024 };
const logAppendTime = 0x08;
const transactional = 0x10;
const control = 0x20;

/** Records at or after `from`; a batch that is cut off at the end is left for the next fetch. */
export function decodeRecordBatches(
  bytes: Buffer,
  from: bigint,
  aborted: readonly AbortedTransaction[],
): DecodedBatches {
  const reader = new ByteReader(bytes);
  const visible = committedOnly(aborted);
  const records: DecodedRecord[] = [];
  let nextOffset: bigint | null = null;
  while (reader.end - reader.at >= 12) {
    const baseOffset = reader.int64();
    const length = reader.int32();
    if (length > reader.end - reader.at) break;
    const batch = new ByteReader(bytes, reader.at, reader.at + length);
    reader.skip(length);
    const header = readHeader(batch, baseOffset);
    if (visible(header, batch)) readRecords(header, batch, from, records);
    nextOffset = header.lastOffset + 1n;
  }
  return { records, nextOffset };
}

function readHeader(batch: ByteReader, baseOffset: bigint): BatchHeader {
  batch.skip(4);
  const magic = batch.int8();
  if (magic !== 2)
    throw new Error(
      `record batch of format ${magic} at offset ${baseOffset}: only format 2 (Kafka 0.11 and newer) is read`,
    );
  batch.skip(4);
  const attributes = batch.int16();
  const lastOffset = baseOffset + BigInt(batch.int32());
  const baseTimestamp = batch.int64();
  const maxTimestamp = batch.int64();
  const producerId = batch.int64();
  batch.skip(6);
  return { baseOffset, lastOffset, attributes, baseTimestamp, maxTimestamp, producerId, count: batch.int32() };
}

/** Says for each batch, in order, whether its records may be shown. */
function committedOnly(aborted: readonly AbortedTransaction[]): (header: BatchHeader, batch: ByteReader) => boolean {
  const waiting = aborted.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const open = new Set<bigint>();
  return (header, batch) => {
    for (let next = waiting[0]; next !== undefined && next.firstOffset <= header.lastOffset; next = waiting[0]) {
      open.add(next.producerId);
      waiting.shift();
    }
    if (header.attributes & control) {
      if (header.count > 0 && isAbort(batch)) open.delete(header.producerId);
      return false;
    }
    return !(header.attributes & transactional && open.has(header.producerId));
  };
}

function isAbort(batch: ByteReader): boolean {
  batch.varint();
  batch.skip(1);
  batch.varlong();
  batch.varint();
  const key = batch.varintBytes();
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
}

function readRecords(header: BatchHeader, batch: ByteReader, from: bigint, into: DecodedRecord[]): void {
  const reader = uncompressed(header, batch);
  for (let left = header.count; left > 0; left -= 1) {
    const end = reader.varint() + reader.at;
    reader.skip(1);
    const timestampDelta = reader.varlong();
    const offset = header.baseOffset + BigInt(reader.varint());
    if (offset >= from) into.push(readRecord(reader, offset, timestampOf(header, timestampDelta)));
    reader.at = end;
  }
}

function timestampOf(header: BatchHeader, delta: bigint): number {
  return Number(header.attributes & logAppendTime ? header.maxTimestamp : header.baseTimestamp + delta);
}

function readRecord(reader: ByteReader, offset: bigint, timestampMs: number): DecodedRecord {
  const key = copied(reader.varintBytes());
  const value = copied(reader.varintBytes());
  const headers: Record<string, string> = {};
  for (let left = reader.varint(); left > 0; left -= 1) {
    const name = reader.varintBytes()?.toString("utf8") ?? "";
    headers[name] = reader.varintBytes()?.toString("utf8") ?? "";
  }
  return { offset, timestampMs, key, value, headers };
}

function copied(slice: Buffer | null): Buffer | null {
  return slice === null ? null : Buffer.from(slice);
}

function uncompressed(header: BatchHeader, batch: ByteReader): ByteReader {
  const codec = header.attributes & 0x07;
  if (codec === 0) return batch;
  const packed = batch.slice(batch.end - batch.at);
  if (codec === 1) return new ByteReader(gunzipSync(packed, unpacking));
  if (codec === 4) return new ByteReader(zstdDecompressSync(packed, unpacking));
  throw new Error(
    `record batch at offset ${header.baseOffset} is compressed with ${codec === 2 ? "snappy" : "lz4"}: only gzip and zstd are read`,
  );
}
