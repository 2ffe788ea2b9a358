/**
 * Finds, for a partition being taken over, the records whose emissions are out
 * already although no commit says so (the owner died between write and commit).
 * They are completed without asking the stage again, so that what was decided
 * first stands. It reads the tail of the topics that the stage names, by the
 * `origin` header of what is there.
 *
 * A stage names its main topics only: for each outcome exactly one of them gets
 * one record. The audit record beside may then be missing, if the process died
 * in the middle of one write; the decision itself is in the main record. The
 * other choice, deciding again to repeat the audit, could contradict it.
 */
import type { TopicName } from "../../../topics/catalog.ts";
import type { DoneAlready, LoadedPartition } from "../consumer/assignments.ts";
import type { LogReader } from "../kafka/log-reader.ts";

/** Clocks differ, and a write may be acknowledged some time after it was made. */
export const tailMarginMs = 60_000;

export type TailReader = Pick<LogReader, "offsets" | "offsetAt" | "read">;

/** By partition number. Reads nothing when nothing is uncommitted. */
export async function readEmittedTail(
  reader: TailReader,
  topics: readonly TopicName[],
  loaded: readonly LoadedPartition[],
): Promise<ReadonlyMap<number, DoneAlready>> {
  const open = loaded.flatMap(({ sources }) => sources.filter(hasUncommitted));
  const found = new Map<number, { topic: (typeof open)[number]["topic"]; offset: bigint }[]>();
  if (open.length === 0 || topics.length === 0) return found;
  const sinceMs = Math.min(...open.map(({ committedAtMs }) => committedAtMs)) - tailMarginMs;
  const wanted = new Map(open.map((source) => [`${source.topic}/${source.partition}`, source]));
  const seen = new Set<string>();
  for (const topic of topics) {
    const ranges = await tailRanges(reader, topic, sinceMs);
    await reader.read({
      topic,
      ranges,
      onRecord: ({ headers }) => {
        const origin = headers["origin"];
        if (origin === undefined || seen.has(origin)) return;
        const cut = origin.lastIndexOf("/");
        const source = wanted.get(origin.slice(0, cut));
        const offset = origin.slice(cut + 1);
        if (source === undefined || !/^\d{1,19}$/.test(offset) || Number(offset) < source.done.low) return;
        seen.add(origin);
        const list = found.get(source.partition) ?? [];
        list.push({ topic: source.topic, offset: BigInt(offset) });
        found.set(source.partition, list);
      },
    });
  }
  return found;
}

/**
 * A partition is claimed by a commit before its first record starts: without
 * one nobody has worked on it, and nothing of it can be out.
 */
function hasUncommitted({ nonce, done, endOffset }: LoadedPartition["sources"][number]): boolean {
  return nonce !== null && done.low < endOffset;
}

async function tailRanges(reader: TailReader, topic: TopicName, sinceMs: number) {
  const ends = await reader.offsets(topic);
  return Promise.all(
    [...ends].map(async ([partition, { high }]) => ({
      partition,
      from: await reader.offsetAt(topic, partition, Math.max(0, sinceMs)),
      to: high,
    })),
  );
}
