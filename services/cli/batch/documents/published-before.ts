/**
 * Finds out which of a batch's runs were published by an earlier start whose
 * acknowledgement was not written down (killed in between): reads the topic of
 * its requests from where the batch began. A run that is found there is never
 * published again.
 */
import { z } from "zod";
import { runRequest } from "../../../../schemas/records/run-request.ts";
import type { BatchStart } from "../batch-files.ts";
import type { LogReader } from "../../../runtime/kafka/log-reader.ts";

const withRunId = z.object({ run_id: runRequest.shape.run_id });

export async function publishedBefore(
  reader: Pick<LogReader, "offsets" | "read">,
  { requests: topic, request_starts: starts }: Pick<BatchStart, "requests" | "request_starts">,
  candidates: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (candidates.size === 0) return found;
  const offsets = await reader.offsets(topic);
  const ranges = [...offsets].map(([partition, { low, high }]) => ({
    partition,
    from: later(low, BigInt(starts[String(partition)] ?? "0")),
    to: high,
  }));
  await reader.read({
    topic,
    ranges: ranges.filter(({ from, to }) => from < to),
    onRecord: ({ value }) => {
      const runId = runIdOf(value);
      if (runId !== undefined && candidates.has(runId)) found.add(runId);
    },
  });
  return found;
}

/** Where to read from, for each partition there is: the noted offset, or the first one that is still kept. */
export function readFrom(
  offsets: ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>,
  starts: Readonly<Record<string, string>>,
): { readonly partition: number; readonly from: bigint }[] {
  return [...offsets].map(([partition, { low }]) => ({
    partition,
    from: later(low, BigInt(starts[String(partition)] ?? "0")),
  }));
}

/** Partition to end offset, for a state file. */
export function endsOf(offsets: ReadonlyMap<number, { readonly high: bigint }>): Record<string, string> {
  return Object.fromEntries([...offsets].map(([partition, { high }]) => [String(partition), high.toString()]));
}

function later(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function runIdOf(value: Buffer | null): string | undefined {
  if (value === null) return undefined;
  try {
    const parsed = withRunId.safeParse(JSON.parse(value.toString("utf8")));
    return parsed.success ? parsed.data.run_id : undefined;
  } catch {
    return undefined;
  }
}
