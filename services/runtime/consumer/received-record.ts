/**
 * A record as kafkajs hands it over, copied: a value that stays a slice would
 * pin the whole fetch response for as long as its call runs. Header values that
 * are not plain UTF-8 text are kept as bytes beside, for the dead letter.
 */
import type { IHeaders, KafkaMessage } from "kafkajs";
import type { ConsumedTopic } from "../../../topics/catalog.ts";
import type { ConsumedRecord } from "../stage.ts";

export interface ReceivedRecord extends ConsumedRecord {
  /** Present when `headers` cannot give the original headers back. */
  readonly rawHeaders: IHeaders | null;
}

/** What a record costs beside its bytes: objects, promises, its place in the queues. */
const overheadBytes = 512;

export function receiveRecord(topic: ConsumedTopic, partition: number, message: KafkaMessage): ReceivedRecord {
  return {
    topic,
    partition,
    offset: BigInt(message.offset),
    timestampMs: Number(message.timestamp),
    key: message.key === null ? null : Buffer.from(message.key),
    value: message.value === null ? null : Buffer.from(message.value),
    ...readHeaders(message.headers),
  };
}

export function recordBytes(record: ConsumedRecord): number {
  return overheadBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0);
}

export function readHeaders(given: IHeaders | undefined): Pick<ReceivedRecord, "headers" | "rawHeaders"> {
  const headers: Record<string, string> = {};
  let faithful = true;
  for (const [name, value] of Object.entries(given ?? {})) {
    const first = Array.isArray(value) ? value[0] : value;
    const text = first === undefined || first === null ? "" : first.toString();
    headers[name] = text;
    faithful &&= !Array.isArray(value) && Buffer.isBuffer(value) && isTextOf(value, text);
  }
  return { headers, rawHeaders: faithful || given === undefined ? null : copyHeaders(given) };
}

/** A character a byte and none of them made up: the usual header needs no copy to tell. */
function isTextOf(bytes: Buffer, text: string): boolean {
  return (bytes.length === text.length && !text.includes("\uFFFD")) || bytes.equals(Buffer.from(text));
}

function copyHeaders(given: IHeaders): IHeaders {
  const copy = (value: Buffer | string): Buffer => Buffer.from(value);
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? value.map(copy) : value && copy(value)]),
  );
}
