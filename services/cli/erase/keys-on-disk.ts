/**
 * What harness-subject-keys really holds: every key whose wrapped value can
 * still be read from the log, those too that a tombstone has erased and that
 * compaction has not taken away yet. No more than the broker's leader has.
 */
import { contentKeyRecord, type SubjectKey } from "../../../schemas/control/content-key.ts";
import { keyTopic } from "../../runtime/content/content-keys.ts";
import type { LogReader } from "../../runtime/kafka/log-reader.ts";

export interface KeyOnDisk {
  readonly key: SubjectKey;
  /** A tombstone came after it: no process uses it any more. */
  readonly isErased: boolean;
}

export interface SoughtSubject {
  readonly subject: string;
  /** Of every client when undefined. */
  readonly client?: string | undefined;
}

/** The oldest first. Errors: TransientError broker_unavailable. */
export async function keysOnDisk(
  reader: Pick<LogReader, "offsets" | "read">,
  { subject, client }: SoughtSubject,
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
      if (value === null) return void (before && found.set(keyId, { ...before, isErased: true }));
      const record = readKey(value);
      if (record?.subject_id === subject && (client === undefined || record.client_id === client))
        found.set(keyId, { key: record, isErased: false });
    },
  });
  return [...found.values()];
}

/** Null for what is no subject's key. */
function readKey(value: Buffer): SubjectKey | null {
  try {
    const record = contentKeyRecord.parse(JSON.parse(value.toString("utf8")));
    return record.kind === "subject_key" ? record : null;
  } catch {
    return null;
  }
}
