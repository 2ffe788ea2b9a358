/**
 * Which offsets to read for the newest records of a topic when nobody wants to
 * read all of it: the same number from each partition, and where one has fewer
 * the rest goes to the others. Pure.
 */
import type { LogEnds } from "../runtime/kafka/read/log-ends.ts";

export interface OffsetRange {
  readonly partition: number;
  readonly from: bigint;
  /** Exclusive. */
  readonly to: bigint;
}

/** At most `most` records in all, from the ends of the partitions; empty ranges are left out. */
export function newestRanges(logs: ReadonlyMap<number, LogEnds>, most: number): readonly OffsetRange[] {
  const bySize = [...logs]
    .map(([partition, { low, high }]) => ({ partition, high, size: Number(high - low) }))
    .toSorted((left, right) => left.size - right.size);
  let left = most;
  return bySize.flatMap(({ partition, high, size }, index) => {
    const taken = Math.min(size, Math.floor(left / (bySize.length - index)));
    left -= taken;
    return taken <= 0 ? [] : [{ partition, from: high - BigInt(taken), to: high }];
  });
}
