/**
 * One Kafka record batch (magic 2, uncompressed, no producer id) from records,
 * in one buffer of exactly the needed size: this is the hottest code of the
 * sending side. kafkajs' own encoder copies each record six times and takes six
 * times as long. All records of a batch carry the same timestamp.
 */
import { ByteWriter, varintSize } from "./byte-writer.ts";
import { crc32c } from "./crc32c.ts";

/** Text goes out as UTF-8; bytes as they are. */
export type HeaderPart = string | Buffer;

export interface OutgoingRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Names and values alternate. */
  readonly headers: readonly HeaderPart[];
  /** Of the record without its two varint prefixes that depend on the batch. */
  readonly bodyBytes: number;
}

/** Before the first record: baseOffset .. record count. */
export const batchHeaderBytes = 61;
const checkedFrom = 21;
const checksumAt = 17;

export function outgoingRecord(
  key: Buffer | null,
  value: Buffer | null,
  headers: readonly HeaderPart[],
): OutgoingRecord {
  let bodyBytes = 2 + sizeOfBytes(key) + sizeOfBytes(value) + varintSize(headers.length >> 1);
  for (const text of headers) {
    const length = Buffer.byteLength(text);
    bodyBytes += varintSize(length) + length;
  }
  return { key, value, headers, bodyBytes };
}

/** The most a record can add to a batch, bytes. */
export function mostBytes(record: OutgoingRecord): number {
  return record.bodyBytes + 10;
}

export function encodeRecordBatch(records: readonly OutgoingRecord[], timestampMs: number): Buffer {
  const sizes = records.map((record, index) => record.bodyBytes + varintSize(index));
  const total = sizes.reduce((sum, size) => sum + varintSize(size) + size, batchHeaderBytes);
  const out = new ByteWriter(total);
  const last = records.length - 1;
  const timestamp = BigInt(timestampMs);
  out.int64(0n).int32(total - 12);
  out.int32(0).int8(2).int32(0);
  out.int16(0).int32(last).int64(timestamp).int64(timestamp);
  out.int64(-1n).int16(-1).int32(-1).int32(records.length);
  records.forEach((record, index) => writeRecord(out, record, index, sizes[index] ?? 0));
  return out.uint32At(checksumAt, crc32c(out.bytes, checkedFrom)).bytes;
}

function writeRecord(out: ByteWriter, record: OutgoingRecord, index: number, size: number): void {
  out.varint(size).int8(0).varint(0).varint(index);
  out
    .varintBytes(record.key)
    .varintBytes(record.value)
    .varint(record.headers.length >> 1);
  for (const part of record.headers) {
    if (typeof part === "string") out.varintString(part, Buffer.byteLength(part));
    else out.varintBytes(part);
  }
}

function sizeOfBytes(bytes: Buffer | null): number {
  return bytes === null ? 1 : varintSize(bytes.length) + bytes.length;
}
