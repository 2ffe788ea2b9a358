/**
 * What shortening a prompt saves on one call of a model: the input's price
 * before less its price after. Prices that a long prompt raises are taken into
 * account. Null when the model's price is unknown.
 */
import type { PricedModel } from "./price-entry.ts";
import { priceOf } from "./price-of.ts";
import { Decimal, toUsd } from "./usd.ts";

export interface ShortenedInput {
  readonly tokensBefore: number;
  readonly tokensAfter: number;
}

/** A decimal string, dollars; all tokens at the price of input that no cache holds. */
export function savedInputUsd(model: PricedModel, { tokensBefore, tokensAfter }: ShortenedInput): string | null {
  const before = inputUsd(model, tokensBefore);
  const after = inputUsd(model, tokensAfter);
  return before === null || after === null ? null : toUsd(new Decimal(before).minus(after));
}

function inputUsd(model: PricedModel, tokens: number): string | null {
  const none = { cached_input_tokens: 0, cache_write_tokens: 0, output_tokens: 0, reasoning_tokens: 0 };
  return priceOf({ ...model, usage: { ...none, input_tokens: tokens } }).costUsd;
}
