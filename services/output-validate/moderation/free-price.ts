/**
 * What a moderation costs by the price table. OpenAI's is free, and the table
 * says so. One that costs is not asked: budgets are reserved where answers are
 * bought, not here, and nothing is paid without a reservation.
 */
import { findPrice, unknownPriceVersion, type PricedModel, type Rate } from "../../pricing/price-entry.ts";

export interface ModerationPrice {
  /** `0`, or null when nobody knows. */
  readonly costUsd: "0" | null;
  readonly priceVersion: string;
}

/** Null when the table has a price for it. */
export function freePrice(moderation: PricedModel): ModerationPrice | null {
  const entry = findPrice(moderation);
  if (entry === null) return { costUsd: null, priceVersion: unknownPriceVersion };
  return [entry.input, entry.output].every(isNothing) ? { costUsd: "0", priceVersion: entry.version } : null;
}

function isNothing(rate: Rate | null): boolean {
  return rate === null || (rate.base.isZero() && rate.tiers.every(({ price }) => price.isZero()));
}
