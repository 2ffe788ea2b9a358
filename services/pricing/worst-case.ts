/**
 * The bounds of a call before it is made, or of one whose end nobody saw: low =
 * the input was billed at its cheapest rate (cached) and nothing was produced;
 * high = the input at its dearest (written to the cache) and every permitted
 * output token, visible or not, at the dearer of the two. Both null when the
 * model's price is unknown.
 */
import { findPrice, priceAt, unknownPriceVersion, type PricedModel, type Rate } from "./price-entry.ts";
import { Decimal, toUsd } from "./usd.ts";

export interface PriceBounds {
  readonly lowUsd: string | null;
  readonly highUsd: string | null;
  readonly priceVersion: string;
}

export function worstCase(
  call: PricedModel & { readonly inputTokens: number; readonly maxOutputTokens: number },
): PriceBounds {
  const entry = findPrice(call);
  if (entry === null) return { lowUsd: null, highUsd: null, priceVersion: unknownPriceVersion };
  const { input, cachedInput, cacheWrite, output, reasoning, version } = entry;
  if (input === null || cachedInput === null || cacheWrite === null || output === null || reasoning === null)
    return { lowUsd: null, highUsd: null, priceVersion: version };
  const price = (rate: Rate): Decimal => priceAt(rate, call.inputTokens).times("1e-6");
  const cheapest = Decimal.min(price(input), price(cachedInput), price(cacheWrite));
  const dearest = Decimal.max(price(input), price(cachedInput), price(cacheWrite));
  const perOutput = Decimal.max(price(output), price(reasoning));
  return {
    lowUsd: toUsd(cheapest.times(call.inputTokens)),
    highUsd: toUsd(dearest.times(call.inputTokens).plus(perOutput.times(call.maxOutputTokens))),
    priceVersion: version,
  };
}
