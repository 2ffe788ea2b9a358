/**
 * What one call cost: disjoint token buckets times the price of each, summed
 * exactly and rounded once, half-even, to 1e-12 dollars. Reasoning is charged
 * as output. Unknown is null, never zero: no usage, an unknown model, or tokens
 * in a bucket that the table has no price for.
 */
import type { Usage } from "../../schemas/parts/usage.ts";
import {
  findPrice,
  priceAt,
  unknownPriceVersion,
  type PricedModel,
  type PriceEntry,
  type Rate,
} from "./price-entry.ts";
import { Decimal, toUsd } from "./usd.ts";

export interface CallPrice {
  /** Decimal string, or null when it cannot be known. */
  readonly costUsd: string | null;
  /** Table, its version and a hash of the entry used. */
  readonly priceVersion: string;
}

export function priceOf(call: PricedModel & { readonly usage: Usage | null }): CallPrice {
  const entry = findPrice(call);
  if (entry === null) return { costUsd: null, priceVersion: unknownPriceVersion };
  const cost = call.usage === null ? null : costOf(entry, call.usage);
  return { costUsd: cost === null ? null : toUsd(cost), priceVersion: entry.version };
}

const perMillion = new Decimal("1e-6");

function costOf(entry: PriceEntry, usage: Usage): Decimal | null {
  const totalInput = usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens;
  const buckets: readonly (readonly [number, Rate | null])[] = [
    [usage.input_tokens, entry.input],
    [usage.cached_input_tokens, entry.cachedInput],
    [usage.cache_write_tokens, entry.cacheWrite],
    [usage.output_tokens + usage.reasoning_tokens, entry.output],
  ];
  let cost = new Decimal(0);
  for (const [tokens, rate] of buckets) {
    if (tokens === 0) continue;
    if (rate === null) return null;
    cost = cost.plus(priceAt(rate, totalInput).times(tokens).times(perMillion));
  }
  return cost;
}
