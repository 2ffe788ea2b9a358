/**
 * US dollars as decimal strings: the only arithmetic on money. Half-even, 1e-12
 * dollars, never an exponent, never a float. Reading accepts what the schema
 * `usd` accepts; writing drops trailing zeros, so equal amounts are equal text.
 */
import { Decimal as AnyDecimal } from "decimal.js";

/** Wide enough that no product or sum of prices is rounded before `toUsd` rounds it. */
export const Decimal = AnyDecimal.clone({
  precision: 60,
  rounding: AnyDecimal.ROUND_HALF_EVEN,
  toExpNeg: -60,
  toExpPos: 60,
});
export type Decimal = AnyDecimal;

const places = 12;

/** Rounds once, half-even, to 1e-12 dollars. */
export function toUsd(amount: Decimal): string {
  const rounded = amount.toDecimalPlaces(places, AnyDecimal.ROUND_HALF_EVEN);
  return rounded.isZero() ? "0" : rounded.toFixed();
}

/** Exact: both operands have at most 12 decimals. */
export function addUsd(left: string, right: string): string {
  return toUsd(new Decimal(left).plus(right));
}

/** Adds where unknown is null: null only when both are. */
export function addKnownUsd(left: string | null, right: string | null): string | null {
  if (left === null) return right;
  return right === null ? left : addUsd(left, right);
}
