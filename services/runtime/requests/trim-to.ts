/**
 * How far a partition of requests may be deleted: everything below has been
 * read, and is older than it has to be kept. Pure.
 */
export interface TrimmedPartition {
  /** First offset that is there, and the end of the log. */
  readonly low: bigint;
  readonly high: bigint;
  /** First offset that is not known to be done; below zero: nothing is. */
  readonly committed: bigint;
  /** First offset that is young enough to be kept. */
  readonly old: bigint;
}

/** Null when there is nothing to delete. */
export function trimTo({ low, high, committed, old }: TrimmedPartition): bigint | null {
  const to = [committed, old, high].reduce((least, offset) => (offset < least ? offset : least));
  return to > low ? to : null;
}
