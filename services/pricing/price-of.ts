/**
 * What one call cost: disjoint token buckets times the price of each, summed
 * exactly and rounded once, half-even, to 1e-12 dollars. Unknown is null, never
 * zero: no usage, an unknown model, or tokens in a bucket that the table has no
 * price for.
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
  return entry === null ? { costUsd: null, priceVersion: unknownPriceVersion } : priceBy(entry, call.usage);
}

export interface EndedCall extends PricedModel {
  readonly usage: Usage | null;
  /** The model that answered, where the provider said so. */
  readonly servedModel?: string | undefined;
}

/**
 * What a call that ended cost: by the served model's price, else by the asked one's. A contract names what is asked for,
 * so a negotiated price for either goes before the list.
 */
export function priceOfEnded({ servedModel, ...asked }: EndedCall): CallPrice {
  const agreed = asked.negotiated?.find({ ...asked, servedModel }) ?? null;
  if (agreed !== null) return priceBy(agreed, asked.usage);
  const price = priceOf({ ...asked, model: servedModel ?? asked.model });
  return price.costUsd === null ? priceOf(asked) : price;
}

function priceBy(entry: PriceEntry, usage: Usage | null): CallPrice {
  const cost = usage === null ? null : costOf(entry, usage);
  return { costUsd: cost === null ? null : toUsd(cost), priceVersion: entry.version };
}

const perMillion = new Decimal("1e-6");

function costOf(entry: PriceEntry, usage: Usage): Decimal | null {
  const totalInput = usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens;
  const buckets: readonly (readonly [number, Rate | null])[] = [
    [usage.input_tokens, entry.input],
    [usage.cached_input_tokens, entry.cachedInput],
    [usage.cache_write_tokens, entry.cacheWrite],
    [usage.output_tokens, entry.output],
    [usage.reasoning_tokens, entry.reasoning],
  ];
  let cost = new Decimal(0);
  for (const [tokens, rate] of buckets) {
    if (tokens === 0) continue;
    if (rate === null) return null;
    cost = cost.plus(priceAt(rate, totalInput).times(tokens).times(perMillion));
  }
  return cost;
}
