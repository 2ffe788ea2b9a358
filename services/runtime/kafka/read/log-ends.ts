/**
 * The first and the next offset of each partition of a topic, as committed
 * readers see them; and the offset of a time.
 */
import type { Link } from "../wire/cluster-link.ts";

export interface LogEnds {
  /** Offset of the oldest record that is kept. */
  readonly low: bigint;
  /** Offset that the next record gets, or the first of a transaction that is open. */
  readonly high: bigint;
}

/** Of the given partitions, or of all. */
export async function logEnds(
  link: Link,
  topic: string,
  only?: readonly number[],
): Promise<ReadonlyMap<number, LogEnds>> {
  const partitions = only ?? (await link.partitions(topic));
  const low = await link.offsets(topic, partitions, "first");
  const high = await link.offsets(topic, partitions, "end");
  return new Map(partitions.map((partition) => [partition, { low: of(low, partition), high: of(high, partition) }]));
}

/** Offset of the first record written at or after a time, or the end of the log. */
export async function offsetAt(
  link: Link,
  topic: string,
  { partition, timestampMs }: { readonly partition: number; readonly timestampMs: number },
): Promise<bigint> {
  const offset = of(await link.offsets(topic, [partition], timestampMs), partition);
  return offset >= 0n ? offset : of(await link.offsets(topic, [partition], "end"), partition);
}

function of(offsets: ReadonlyMap<number, bigint>, partition: number): bigint {
  const offset = offsets.get(partition);
  if (offset === undefined) throw new Error(`there is no partition ${partition}`);
  return offset;
}
