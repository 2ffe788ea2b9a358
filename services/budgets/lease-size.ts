/**
 * How much a process asks for at once: far from the limit a share of what is
 * left, so that one ask pays for many calls; near it just what is needed, so
 * that nothing lies idle in one process while another is refused.
 */
import { Decimal } from "../pricing/usd.ts";
import { larger, nothing, type Amount, type Limits } from "./amount.ts";

/** Most of a budget that one process holds beside what its calls need. */
const largestShare = 0.01;
/** Leases that the rest would still be enough for, a process. */
const restInLeases = 4;
/** With less than this part of the budget left, nothing is held that no call needs. */
const tightPart = 0.05;

export interface LeaseNeed {
  readonly limits: Limits;
  readonly remaining: Limits;
  /** By the calls that wait. */
  readonly needed: Amount;
  /** Processes that hold leases, the asking one included. */
  readonly workers: number;
}

export function wishFor({ limits, remaining, needed, workers }: LeaseNeed): Amount {
  if (isTight(limits, remaining)) return needed;
  const part = (limit: Decimal | null, left: Decimal | null): Decimal =>
    limit === null || left === null
      ? nothing.usd
      : Decimal.min(limit.times(largestShare), left.dividedBy(restInLeases * workers)).toDecimalPlaces(
          12,
          Decimal.ROUND_DOWN,
        );
  const tokens = part(decimalOrNull(limits.tokens), decimalOrNull(remaining.tokens));
  return larger(needed, { usd: part(limits.usd, remaining.usd), tokens: tokens.floor().toNumber() });
}

/** Near the limit, or past it. */
export function isTight(limits: Limits, remaining: Limits): boolean {
  const near = (limit: Decimal | null, left: Decimal | null): boolean =>
    limit !== null && left !== null && left.lessThanOrEqualTo(limit.times(tightPart));
  return near(limits.usd, remaining.usd) || near(decimalOrNull(limits.tokens), decimalOrNull(remaining.tokens));
}

function decimalOrNull(tokens: number | null): Decimal | null {
  return tokens === null ? null : new Decimal(tokens);
}
