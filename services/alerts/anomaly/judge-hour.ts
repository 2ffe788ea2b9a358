/**
 * Whether an hour cost far more than such hours do. It is compared with the
 * same hour of the same weekday, and two hours around it, in the four weeks
 * before; while less than three of those are known, with the same hours of the
 * fourteen days before, of which four must be. It is an anomaly above all of:
 * the median and eight times the spread (MAD, scaled to a standard deviation),
 * three times the median, twice the second highest of the hours compared, and
 * the median and the least excess in money. Pure: hours in, verdict out; how
 * often that is wrong is measured in false-alarms.test.ts.
 */
import { Decimal } from "../../pricing/usd.ts";

/** What the hours of one client or harness cost, by their starts (Unix milliseconds); an hour without an entry cost nothing. */
export type Hours = ReadonlyMap<number, Decimal>;

export interface Verdict {
  readonly isAnomaly: boolean;
  readonly spent: Decimal;
  readonly usual: Decimal;
  readonly bound: Decimal;
  readonly compared: "same_hours_of_weeks" | "same_hours_of_days";
  readonly hours: number;
}

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Nothing older than this is asked for. */
export const lookBackMs = 28 * dayMs + 2 * hourMs;

const spreads = 8;
const ratio = 3;
const aboveSecond = 2;
/** Before and after the same hour. */
const around = [-2, -1, 0, 1, 2];
/** A normal distribution's standard deviation, in MADs. */
const perMad = 1.4826;

/** Null when too little is known: history begins with the first hour that cost anything. */
export function judgeHour(hours: Hours, hourStartMs: number, leastExcess: Decimal): Verdict | null {
  const basis = basisOf(hours, hourStartMs);
  if (basis === null) return null;
  const spent = hours.get(hourStartMs) ?? zero;
  const sorted = basis.costs.toSorted((left, right) => left.comparedTo(right));
  const usual = medianOf(sorted);
  const deviations = sorted.map((cost) => cost.minus(usual).abs()).toSorted((left, right) => left.comparedTo(right));
  const bound = Decimal.max(
    usual.plus(medianOf(deviations).times(perMad).times(spreads)),
    usual.times(ratio),
    (sorted.at(-2) ?? zero).times(aboveSecond),
    usual.plus(leastExcess),
  );
  return {
    isAnomaly: spent.greaterThan(bound),
    spent,
    usual,
    bound,
    compared: basis.compared,
    hours: sorted.length,
  };
}

const zero = new Decimal(0);

interface Basis {
  readonly compared: Verdict["compared"];
  readonly costs: readonly Decimal[];
}

function basisOf(hours: Hours, hourStartMs: number): Basis | null {
  const firstMs = Math.min(...hours.keys());
  const sameHours = (count: number, stepMs: number): readonly Decimal[] =>
    Array.from({ length: count }, (_, index) => hourStartMs - (index + 1) * stepMs)
      .flatMap((startMs) => around.map((offset) => startMs + offset * hourMs))
      .filter((startMs) => startMs >= firstMs)
      .map((startMs) => hours.get(startMs) ?? zero);
  const weeks = sameHours(4, 7 * dayMs);
  if (weeks.length >= 3 * around.length) return { compared: "same_hours_of_weeks", costs: weeks };
  const days = sameHours(14, dayMs);
  return days.length >= 4 * around.length ? { compared: "same_hours_of_days", costs: days } : null;
}

function medianOf(sorted: readonly Decimal[]): Decimal {
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? zero;
  if (!Number.isInteger(middle)) return upper;
  return upper.plus(sorted[middle - 1] ?? zero).dividedBy(2);
}
