/**
 * The values of the context, sorted, so that each value of an answer is looked
 * up in logarithmic time: the same number in any writing, a converted unit, a
 * rounded number, a date of which all parts are there.
 */
import { areAtOdds, inBase, type Unit } from "../values/units.ts";
import type { DateParts, DateValue, Period, Quantity, Value } from "../values/value.ts";

/** `found`: the context says so. `unit`: it has the number, only with another unit. */
export type Lookup = "found" | "unit" | "absent";

interface Entry {
  readonly value: number;
  readonly unit: Unit | null;
}

/** What the context says of a value. */
export type LookUp = (value: Value) => Lookup;

export function indexValues(values: readonly Value[]): LookUp {
  const quantities = values.filter((value) => value.kind === "quantity");
  const numbers = sorted(quantities.flatMap(({ readings, unit }) => readings.map((value) => ({ value, unit }))));
  const bases = basesOf(quantities);
  const dates = new Dates(values);
  const times = new Set(values.flatMap((value) => (value.kind === "time" ? value.readings : [])));
  return (value) => {
    if (value.kind === "quantity") return lookUpQuantity(value, { numbers, bases, dates });
    if (value.kind === "date") return dates.has(value) ? "found" : "absent";
    if (value.kind === "period") return dates.hasPeriod(value) ? "found" : "absent";
    return value.readings.some((reading) => times.has(reading)) ? "found" : "absent";
  };
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((left, right) => left.value - right.value);
}

function basesOf(quantities: readonly Quantity[]): ReadonlyMap<string, readonly Entry[]> {
  const bases = Map.groupBy(
    quantities.flatMap(({ readings, unit }) =>
      unit === null ? [] : readings.flatMap((value) => baseEntry(value, unit)),
    ),
    ({ unit }) => unit?.dimension ?? "",
  );
  return new Map([...bases].map(([dimension, entries]) => [dimension, sorted(entries)]));
}

function baseEntry(value: number, unit: Unit): readonly Entry[] {
  const base = inBase(value, unit);
  return base === null ? [] : [{ value: base, unit }];
}

interface Tables {
  readonly numbers: readonly Entry[];
  readonly bases: ReadonlyMap<string, readonly Entry[]>;
  readonly dates: Dates;
}

function lookUpQuantity(quantity: Quantity, { numbers, bases, dates }: Tables): Lookup {
  let otherUnit = false;
  for (const reading of quantity.readings) {
    if (dates.hasNumber(reading)) return "found";
    const exact = near(numbers, reading, Math.abs(reading) * 1e-9);
    if (exact.some(({ unit }) => !areAtOdds(quantity.unit, unit))) return "found";
    if (exact.length > 0) otherUnit = true;
    if (isConverted(quantity, reading, bases)) return "found";
    if (isRounded(quantity, reading, numbers)) return "found";
  }
  return otherUnit ? "unit" : "absent";
}

/** At most this many entries are looked at for one number: it bounds the work for texts that repeat one. */
const most = 64;

function near(entries: readonly Entry[], value: number, tolerance: number): readonly Entry[] {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((entries[middle]?.value ?? Infinity) < value - tolerance) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < entries.length && end - low < most && (entries[end]?.value ?? Infinity) <= value + tolerance) end++;
  return entries.slice(low, end);
}

/** Within 3 %, 10 % when it says about, or half a degree and a little. */
function isConverted(quantity: Quantity, value: number, bases: Tables["bases"]): boolean {
  const { unit } = quantity;
  const base = unit === null ? null : inBase(value, unit);
  const entries = unit === null ? undefined : bases.get(unit.dimension);
  if (unit === null || base === null || entries === undefined) return false;
  const tolerance = unit.dimension === "temperature" ? 0.6 : Math.abs(base) * (quantity.hedged ? 0.1 : 0.03);
  return near(entries, base, tolerance).some((entry) => entry.unit?.name !== unit.name);
}

/** 3.1 million for 3,085,000; about 1,000 for 985. A year is not rounded, nor one digit of nothing much. */
function isRounded(quantity: Quantity, value: number, numbers: readonly Entry[]): boolean {
  if (quantity.form === "share") return near(numbers, value, 3).some(({ unit }) => unit?.name === "percent");
  if (quantity.year && !quantity.hedged) return false;
  if (quantity.digits < 2 && !quantity.hedged && value < 1000) return false;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) + 1 - quantity.digits);
  const tolerance = quantity.hedged
    ? Math.max(step / 2, Math.abs(value) * 0.06)
    : Math.min(step / 2, Math.abs(value) * 0.05);
  return near(numbers, value, tolerance).some(({ unit }) => !areAtOdds(quantity.unit, unit));
}

/** The dates of the context by every choice of their parts. */
class Dates {
  private readonly keys = new Set<string>();
  private readonly years: Set<number>;
  private readonly numbers = new Set<number>();
  private readonly sortedYears: readonly number[];

  constructor(values: readonly Value[]) {
    this.years = new Set(values.flatMap((value) => yearsOf(value)));
    for (const value of values) if (value.kind === "date") this.add(value);
    this.sortedYears = [...this.years].toSorted((left, right) => left - right);
  }

  private add({ readings }: DateValue): void {
    for (const parts of readings) {
      for (const key of keysOf(parts)) this.keys.add(key);
      for (const part of [parts.year, parts.day]) if (part !== null) this.numbers.add(part);
    }
  }

  /** All parts stand together, or those that do are not at odds with the rest: `12 March` and a 2021 elsewhere. */
  has({ readings }: DateValue): boolean {
    return readings.some((parts) => {
      if (this.keys.has(keyOf(parts))) return true;
      const yearKnown = parts.year === null || this.years.has(parts.year);
      return (
        parts.year !== null &&
        parts.month !== null &&
        yearKnown &&
        this.keys.has(`bare ${keyOf({ ...parts, year: null })}`)
      );
    });
  }

  hasNumber(value: number): boolean {
    return this.numbers.has(value);
  }

  hasPeriod({ from, to }: Period): boolean {
    return this.sortedYears.some((year) => year >= from && year <= to);
  }
}

function yearsOf(value: Value): readonly number[] {
  if (value.kind === "date") return value.readings.flatMap(({ year }) => (year === null ? [] : [year]));
  if (value.kind === "period") return [value.from];
  return value.kind === "quantity" && value.year ? value.readings : [];
}

function keyOf({ year, month, day }: DateParts): string {
  return `${year ?? ""}-${month ?? ""}-${day ?? ""}`;
}

/** Every choice of parts that somebody might repeat; `bare` ones have no year beside them in the context. */
function keysOf(parts: DateParts): readonly string[] {
  const { year, month, day } = parts;
  const choices = [parts, { year, month, day: null }, { year: null, month, day }, { year: null, month, day: null }];
  return [
    ...choices.map(keyOf),
    ...(year === null ? [`bare ${keyOf(parts)}`, `bare ${keyOf({ ...parts, day: null })}`] : []),
  ];
}
