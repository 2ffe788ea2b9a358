/**
 * What harness-subject-keys really holds: every key whose wrapped value can
 * still be read from the log, those too that a tombstone has erased and that
 * compaction has not taken away yet. No more than the broker's leader has.
 */
import { contentKeyRecord, type RetentionKey, type SubjectKey } from "../../../schemas/control/content-key.ts";
import type { LogReader } from "../kafka/log-reader.ts";
import { keyTopic } from "./content-keys.ts";

/** A key of content that is some client's. */
export type OwnedKey = SubjectKey | RetentionKey;

export interface KeyOnDisk {
  readonly key: OwnedKey;
  /** A tombstone came after it, or its end: no process uses it any more. */
  readonly isErased: boolean;
}

/** The oldest first. Errors: TransientError broker_unavailable. */
export async function keysOnDisk(
  reader: Pick<LogReader, "offsets" | "read">,
  isSought: (key: OwnedKey) => boolean,
): Promise<readonly KeyOnDisk[]> {
  const found = new Map<string, KeyOnDisk>();
  const ends = await reader.offsets(keyTopic);
  const ranges = [...ends].map(([partition, { low, high }]) => ({ partition, from: low, to: high }));
  await reader.read({
    topic: keyTopic,
    ranges: ranges.filter(({ from, to }) => from < to),
    onRecord: ({ key, value }) => {
      const keyId = key?.toString("utf8") ?? "";
      const before = found.get(keyId);
      const record = value === null ? null : readKey(value);
      if (record !== null && isSought(record)) found.set(keyId, { key: record, isErased: false });
      else if (before !== undefined) found.set(keyId, { ...before, isErased: true });
    },
  });
  return [...found.values()];
}

/** Null for what is no client's key, or is one no more. */
function readKey(value: Buffer): OwnedKey | null {
  try {
    const record = contentKeyRecord.parse(JSON.parse(value.toString("utf8")));
    return record.kind === "subject_key" || record.kind === "retention_key" ? record : null;
  } catch {
    return null;
  }
}
