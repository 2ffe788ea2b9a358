/**
 * Whether what the page shows is up to date. Each thing that is kept up to date
 * tells how its last request went; as long as one fails, the page knows since
 * when what it shows is old.
 */
import { createStore } from "./store.ts";

export interface Stale {
  /** Unix milliseconds of the oldest answer that is shown still; null when there was none yet. */
  readonly sinceMs: number | null;
  /** False when the gateway was not reached, true when it answered with an error. */
  readonly isReached: boolean;
}

/** Null while all is as new as it should be. */
export const staleness = createStore<Stale | null>(null);

const failing = new Map<object, Stale>();

/** `of`: what is kept up to date. `now` null: it is, or nobody looks at it any more. */
export function tellStale(of: object, now: Stale | null): void {
  if (now === null) failing.delete(of);
  else failing.set(of, now);
  staleness.set(oldestOf([...failing.values()]));
}

export function oldestOf(all: readonly Stale[]): Stale | null {
  if (all.length === 0) return null;
  const times = all.flatMap(({ sinceMs }) => sinceMs ?? []);
  return {
    sinceMs: times.length === 0 ? null : Math.min(...times),
    isReached: all.every(({ isReached }) => isReached),
  };
}
