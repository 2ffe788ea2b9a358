/**
 * The figures of answers: their Zod pieces, how each is written (`Figure`), and
 * arithmetic on money that may be unknown. Money is decimal text; unknown is
 * null, and nothing spent is "0".
 */
import { z } from "zod";
import type { Cell } from "./csv.ts";
import { Decimal } from "../../pricing/usd.ts";

export const count = z.coerce.number().int().nonnegative();
export const money = z.string().nullable();
export const share = z.number().nullable().describe("Of 1, to six digits; null of nothing");
export const milliseconds = z.number().int().nonnegative().nullable();

/** One figure of a row: its name there, its head in tables, how it is written, and whether it adds up over rows. */
export interface Figure {
  readonly name: string;
  readonly head: string;
  readonly kind: "text" | "count" | "usd" | "share" | "ms";
  readonly sums?: boolean;
  /** Where a table has little room, those of higher numbers go first. */
  readonly drop?: number;
}

/** The dimensions asked for, then the figures of the question. */
export type AnswerRow = Readonly<Record<string, Cell | undefined>>;

export function figuresOf(by: readonly string[], figures: readonly Figure[]): readonly Figure[] {
  return [...by.map((name): Figure => ({ name, head: name, kind: "text" })), ...figures];
}

/** Null when none is known. */
export function sumUsd(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((amount) => amount !== null);
  if (known.length === 0) return null;
  return known.reduce((sum, amount) => sum.plus(amount), new Decimal(0)).toFixed();
}

/** Null where one of them is unknown. */
export function lessUsd(amount: string | null, other: string | null): string | null {
  return amount === null || other === null ? null : new Decimal(amount).minus(other).toFixed();
}

/** To 1e-12 dollars, as all money here; null of nothing or of unknown. */
export function dividedUsd(amount: string | null, by: number): string | null {
  if (amount === null || by === 0) return null;
  return new Decimal(amount).div(by).toDecimalPlaces(12).toFixed();
}

export function shareOf(part: string | number | null, whole: string | number | null): number | null {
  if (part === null || whole === null) return null;
  const all = new Decimal(whole);
  return all.isZero() ? null : new Decimal(part).div(all).toDecimalPlaces(6).toNumber();
}

/** Sums of what adds up, under its names; null where there is none or nothing is known. */
export function totalsOf(figures: readonly Figure[], rows: readonly AnswerRow[]): AnswerRow {
  const summed = figures.filter(({ sums }) => sums === true);
  return Object.fromEntries(
    summed.map(({ name, kind }) => {
      const cells = rows.map((row) => row[name] ?? null);
      if (kind === "usd") return [name, sumUsd(cells.map((cell) => (cell === null ? null : String(cell))))];
      return [name, cells.reduce<number>((sum, cell) => sum + Number(cell ?? 0), 0)];
    }),
  );
}
