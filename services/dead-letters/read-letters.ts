/**
 * Reads dead-letter topics: all entries of one or of every topic. A record that
 * was dead-lettered twice (a crash between the dead letter and the commit) is
 * listed once.
 */
import { catalog, consumedTopics, deadLetterTopicOf } from "../../topics/catalog.ts";
import type { LogReader } from "../runtime/kafka/log-reader.ts";
import { readDeadLetter, type DeadLetterEntry, type DeadLetterRecord } from "./dead-letter.ts";

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
