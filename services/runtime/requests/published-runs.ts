/**
 * Finds out which runs of a batch are in the log already, though nobody wrote
 * down their acknowledgement (whoever published them was killed in between).
 * Looks at keys alone: a request of a batch has its run's id as its key. A run
 * that is found is never published again.
 */
import type { LogReader } from "../kafka/log-reader.ts";
import type { RequestTopic } from "./request-record.ts";

export interface Sought {
  readonly topic: RequestTopic;
  /** Where to begin in each partition: nothing of the batch stands before. */
  readonly starts: readonly { readonly partition: number; readonly from: bigint }[];
  readonly candidates: ReadonlySet<string>;
}

/** Errors: TransientError broker_unavailable. */
export async function publishedRuns(
  reader: Pick<LogReader, "offsets" | "read">,
  { topic, starts, candidates }: Sought,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (candidates.size === 0) return found;
  const ends = await reader.offsets(topic);
  const ranges = starts.map(({ partition, from }) => ({ partition, from, to: ends.get(partition)?.high ?? from }));
  await reader.read({
    topic,
    ranges: ranges.filter(({ from, to }) => from < to),
    onRecord: ({ key }) => {
      const runId = key?.toString("latin1");
      if (runId !== undefined && candidates.has(runId)) found.add(runId);
    },
  });
  return found;
}
