/**
 * The first and the next offset of each partition of a topic, as committed
 * readers see them; and the offset of a time.
 */
import type { ClusterLink } from "../wire/cluster-link.ts";

export interface LogEnds {
  /** Offset of the oldest record that is kept. */
  readonly low: bigint;
  /** Offset that the next record gets, or the first of a transaction that is open. */
  readonly high: bigint;
}

/** Of the given partitions, or of all. */
export async function logEnds(
  link: ClusterLink,
  topic: string,
  only?: readonly number[],
): Promise<ReadonlyMap<number, LogEnds>> {
  const partitions = (only ?? (await link.partitions(topic))).map((partition) => ({ partition }));
  const cluster = await link.knowing([topic]);
  const low = offsetsOf(await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: true }]));
  const high = offsetsOf(await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]));
  return new Map(
    partitions.map(({ partition }) => [partition, { low: found(low, partition), high: found(high, partition) }]),
  );
}

/** Offset of the first record written at or after a time, or the end of the log. */
export async function offsetAt(
  link: ClusterLink,
  topic: string,
  { partition, timestampMs }: { readonly partition: number; readonly timestampMs: number },
): Promise<bigint> {
  const cluster = await link.knowing([topic]);
  const partitions = [{ partition }];
  const offset = found(
    offsetsOf(await cluster.fetchTopicsOffset([{ topic, partitions, fromTimestamp: timestampMs }])),
    partition,
  );
  if (offset >= 0n) return offset;
  return found(offsetsOf(await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }])), partition);
}

function offsetsOf(
  answer: readonly { readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[],
): ReadonlyMap<number, bigint> {
  return new Map(
    answer.flatMap(({ partitions }) => partitions.map(({ partition, offset }) => [partition, BigInt(offset)])),
  );
}

function found(offsets: ReadonlyMap<number, bigint>, partition: number): bigint {
  const offset = offsets.get(partition);
  if (offset === undefined) throw new Error(`there is no partition ${partition}`);
  return offset;
}
