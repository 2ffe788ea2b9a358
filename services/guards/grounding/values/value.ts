/** What the readers of values find in a text: quantities, dates and times of day. Offsets are of the folded text. */
import type { Unit } from "./units.ts";

interface Place {
  readonly start: number;
  readonly end: number;
  /** The word that it begins with, and the one behind it. */
  readonly first: number;
  readonly last: number;
}

export interface Quantity extends Place {
  readonly kind: "quantity";
  /** All readings: `1.000` is a thousand or one. Never empty. */
  readonly readings: readonly number[];
  /** How many digits carry meaning: 2 of `3.1 million` and of 310. */
  readonly digits: number;
  readonly unit: Unit | null;
  /** `about`, `nearly`, `more than` stands before it. */
  readonly hedged: boolean;
  readonly form: "digits" | "words" | "share";
  /** A whole number of four digits, 1000 to 2100, with nothing that makes it a count. */
  readonly year: boolean;
}

export interface DateValue extends Place {
  readonly kind: "date";
  /** All readings: 03/04/2021 is two days. */
  readonly readings: readonly DateParts[];
}

export interface DateParts {
  readonly year: number | null;
  readonly month: number | null;
  readonly day: number | null;
}

/** A decade or a century: the years that it spans. */
export interface Period extends Place {
  readonly kind: "period";
  readonly from: number;
  readonly to: number;
}

export interface TimeOfDay extends Place {
  readonly kind: "time";
  /** Minutes since midnight; without am or pm both halves of the day. */
  readonly readings: readonly number[];
}

export type Value = Quantity | DateValue | Period | TimeOfDay;

/** Values of one sort answer the same question: dates and years, lengths, counts, amounts of money. */
export function sortOf(value: Value): string {
  if (value.kind !== "quantity") return value.kind === "time" ? "time of day" : "date";
  return value.year ? "date" : (value.unit?.dimension ?? "count");
}

/** Whether two values have a reading in common. */
export function areEqual(left: Value, right: Value): boolean {
  const known = new Set(keysOf(right));
  return keysOf(left).some((key) => known.has(key));
}

/** All readings, as texts. */
export function keysOf(value: Value): readonly string[] {
  if (value.kind === "period") return [`${value.from}`];
  if (value.kind === "date")
    return value.readings.map(({ year, month, day }) =>
      month === null && day === null ? `${year}` : `${year}-${month}-${day}`,
    );
  return value.readings.map(String);
}
