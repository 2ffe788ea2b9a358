/**
 * Where a group stands on its topics: committed offset, the progress packed
 * into it, and what the log still holds. Says loudly when records are gone
 * (retention) or the log is shorter than the commit (the topic was made anew).
 */
import type { Admin } from "kafkajs";
import type { Logger } from "../../logger.ts";
import { nothingDoneAbove, type DoneMap } from "./done-map.ts";
import { decodeProgress } from "./progress-codec.ts";

/** Low and high end of each partition of a topic (high exclusive). */
export interface LogEnds {
  offsets(topic: string): Promise<ReadonlyMap<number, { readonly low: bigint; readonly high: bigint }>>;
}

export interface CommittedProgress {
  readonly topic: string;
  readonly partition: number;
  readonly done: DoneMap;
  readonly endOffset: number;
  /** null: never committed by us. */
  readonly nonce: string | null;
  /** Unix milliseconds; 0 if never. */
  readonly committedAtMs: number;
}

export interface CommittedOffsetsReader {
  /** By `topic/partition`. */
  read(topics: readonly string[]): Promise<ReadonlyMap<string, CommittedProgress>>;
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

export function committedOffsetsReader(options: {
  readonly admin: Admin;
  readonly groupId: string;
  readonly ends: LogEnds;
  readonly logger: Logger;
}): CommittedOffsetsReader {
  const { admin, groupId, ends, logger } = options;
  return {
    read: async (topics) => {
      const committed = await admin.fetchOffsets({ groupId, topics: [...topics] });
      const progress = new Map<string, CommittedProgress>();
      for (const { topic, partitions } of committed) {
        const logs = await ends.offsets(topic);
        for (const { partition, offset, metadata } of partitions) {
          const log = logs.get(partition);
          if (log === undefined) continue;
          const bounds = { low: Number(log.low), high: Number(log.high) };
          const at = startingPoint({ offset: Number(offset), metadata }, bounds, (reason) =>
            logger.error({ topic, partition, committed: offset, ...bounds }, reason),
          );
          progress.set(partitionKey(topic, partition), { topic, partition, endOffset: bounds.high, ...at });
        }
      }
      return progress;
    },
  };
}

interface Commit {
  /** Negative: none. */
  readonly offset: number;
  readonly metadata: string | null;
}

/** `report` is told when the committed offset is not in the log. */
export function startingPoint(
  { offset, metadata }: Commit,
  { low, high }: { readonly low: number; readonly high: number },
  report: (reason: string) => void,
): Pick<CommittedProgress, "done" | "nonce" | "committedAtMs"> {
  const never = { done: nothingDoneAbove(low), nonce: null, committedAtMs: 0 };
  if (offset < 0) return never;
  if (offset > high) {
    report("the log ends before the committed offset: it was made anew, reading it from its start");
    return never;
  }
  const decoded = decodeProgress(metadata, offset, high);
  const mark = { nonce: decoded?.nonce ?? null, committedAtMs: decoded?.committedAtMs ?? 0 };
  if (offset < low) {
    report("records were deleted by retention before they were processed");
    return { done: nothingDoneAbove(low), ...mark };
  }
  return { done: decoded?.done ?? nothingDoneAbove(offset), ...mark };
}
