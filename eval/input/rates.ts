/**
 * Counts how many texts of a group each signal picked out. A group is told
 * with its size, so that a share of few rows is seen to be one.
 */
import type { Signals } from "./open-guards.ts";

/** Shares of the group, 0 to 1, by signal; `texts` is its size. */
export interface Rates {
  readonly texts: number;
  readonly signatureBlock: number;
  readonly signatureFlag: number;
}

export function ratesOf(found: readonly Signals[]): Rates {
  const share = (signal: keyof Signals): number =>
    found.length === 0 ? 0 : found.filter((signals) => signals[signal]).length / found.length;
  return { texts: found.length, signatureBlock: share("signatureBlock"), signatureFlag: share("signatureFlag") };
}
