/**
 * Reads dead-letter topics: all entries of one or of every topic, or one by its
 * place. A record that was dead-lettered twice (a crash between the dead letter
 * and the commit) is listed once.
 */
import { catalog, consumedTopics, deadLetterTopicOf } from "../../../topics/catalog.ts";
import type { LogReader, LogRecord } from "../../runtime/kafka/log-reader.ts";
import { readDeadLetter, type DeadLetterEntry, type DeadLetterRecord, type DeadLetterRef } from "./dead-letter.ts";

export interface Letter {
  readonly entry: DeadLetterEntry;
  readonly record: DeadLetterRecord;
}

/** Topics in the order of the flow. */
export const deadLetterTopics: readonly string[] = catalog
  .flatMap(({ name }) => consumedTopics.filter((topic) => topic === name))
  .map(deadLetterTopicOf);

export interface LetterFilter {
  /** A dead-letter topic; all when undefined. */
  readonly topic: string | undefined;
  readonly code: string | undefined;
  /** Whether the original bytes are kept, which may be many. */
  readonly payloads: boolean;
}

/** Oldest first within a topic; `onLetter` sees each distinct letter once. */
export async function eachLetter(
  reader: Pick<LogReader, "offsets" | "read">,
  filter: LetterFilter,
  onLetter: (letter: Letter) => void,
): Promise<void> {
  for (const topic of deadLetterTopics.filter((name) => filter.topic === undefined || name === filter.topic)) {
    const seen = new Set<string>();
    const letters: Letter[] = [];
    const offsets = await reader.offsets(topic);
    await reader.read({
      topic,
      ranges: [...offsets]
        .map(([partition, { low, high }]) => ({ partition, from: low, to: high }))
        .filter(({ from, to }) => from < to),
      onRecord: (record) => {
        const entry = readDeadLetter(record);
        if (entry === null || (filter.code !== undefined && entry.code !== filter.code)) return;
        const source = `${entry.source.topic}/${entry.source.partition}/${entry.source.offset}`;
        if (seen.has(source)) return;
        seen.add(source);
        letters.push({ entry, record: filter.payloads ? record : { ...record, value: null } });
      },
    });
    for (const letter of letters.toSorted((left, right) => left.record.timestampMs - right.record.timestampMs))
      onLetter(letter);
  }
}

/** The record at a place; null when there is none, or none any more. */
export async function readAt(
  reader: Pick<LogReader, "offsets" | "read">,
  { topic, partition, offset }: DeadLetterRef,
): Promise<LogRecord | null> {
  const ends = (await reader.offsets(topic)).get(partition);
  if (ends === undefined || offset < ends.low || offset >= ends.high) return null;
  let found: LogRecord | null = null;
  await reader.read({
    topic,
    ranges: [{ partition, from: offset, to: offset + 1n }],
    onRecord: (record) => {
      if (record.offset === offset) found = record;
    },
  });
  return found;
}
