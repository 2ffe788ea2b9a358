/**
 * Ids of runs, and of batches that have a key. A new run has a UUIDv7; a batch's and a replay's are UUIDv8 made
 * from what they are about, so that doing it again gives the same id and the
 * pipeline recognises the repeat.
 */
import { createHash } from "node:crypto";
import { v7 } from "uuid";

export function newRunId(): string {
  return v7();
}

/** Same batch, same bytes, same definition: same run. */
export function batchRunId(batchId: string, documentSha256: string, definitionVersion: string): string {
  return derivedId(["breakwater/batch", batchId, documentSha256, definitionVersion]);
}

/** The batch that a client names by an Idempotency-Key of its own: sent again, it is the same one. */
export function keyedBatchId(clientId: string, idempotencyKey: string): string {
  return derivedId(["breakwater/batch-key", clientId, idempotencyKey]);
}

export interface DeadLetterPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** The n-th replay of the record that was dead-lettered, named by where it was read. */
export function replayRunId({ topic, partition, offset }: DeadLetterPlace, replay: number): string {
  return derivedId(["breakwater/replay", topic, String(partition), offset, String(replay)]);
}

/** UUIDv8 (RFC 9562, 5.8): 122 bits of SHA-256 over the parts, each with its length. */
function derivedId(parts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
