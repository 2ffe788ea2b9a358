/** Where a batch's reading of a topic begins: ends noted in its state before anything was published. */

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
