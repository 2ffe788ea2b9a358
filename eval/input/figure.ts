/**
 * A measured share with its size and which way is better, under a name that
 * stays the same from one measurement to the next: what tables show, and what
 * the baseline holds on to.
 */
import type { Signals } from "./open-guards.ts";

export interface Figure {
  /** Such as `injection/deepset/attack/flag`. */
  readonly name: string;
  /** 0 to 1. */
  readonly value: number;
  /** Texts or labels that it is a share of. */
  readonly size: number;
  readonly better: "higher" | "lower";
}

export const signals: readonly (keyof Signals)[] = [
  "signatureBlock",
  "signatureFlag",
  "modelBlock",
  "modelFlag",
  "plantedBlock",
  "plantedFlag",
  "block",
  "flag",
];

/** Of one group of texts, a figure a signal. Attacks should be found, anything else not. */
export function figuresOf(
  group: string,
  found: readonly Signals[],
  wanted: { readonly attack: boolean; readonly of: readonly (keyof Signals)[] },
): readonly Figure[] {
  return wanted.of.map((signal) => ({
    name: `${group}/${signal}`,
    value: share(found.filter((one) => one[signal]).length, found.length),
    size: found.length,
    better: wanted.attack ? ("higher" as const) : ("lower" as const),
  }));
}

/** Of nothing, nothing. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
