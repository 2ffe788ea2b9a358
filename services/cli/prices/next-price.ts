/**
 * The record that `prices set` publishes, or why there is none: two prices of
 * one provider, model pattern and account never hold at the same time, so that
 * each call has one price. Setting one again with the same beginning changes it.
 */
import { priceIdOf, type PriceRecord } from "../../../schemas/control/price.ts";
import type { SetOptions } from "./price-options.ts";

export type NextPrice =
  | { readonly kind: "price"; readonly price: PriceRecord }
  | { readonly kind: "overlaps"; readonly price: PriceRecord; readonly with: PriceRecord };

/** Without a beginning it holds from `atMs` on. */
export function nextPrice(given: SetOptions, known: Iterable<PriceRecord>, atMs: number): NextPrice {
  const { provider, model, account, from = atMs, to } = given;
  const target = { provider, model, ...(account === undefined ? {} : { account }) };
  const price: PriceRecord = {
    kind: "price",
    price_id: priceIdOf(target, from),
    ...target,
    valid_from_ms: from,
    ...(to === undefined ? {} : { valid_to_ms: to }),
    per_million: bucketsOf(given),
    set_at_ms: atMs,
  };
  for (const other of known) if (overlap(price, other)) return { kind: "overlaps", price, with: other };
  return { kind: "price", price };
}

function bucketsOf({ input, cachedInput, cacheWrite, output, reasoning }: SetOptions): PriceRecord["per_million"] {
  return {
    input,
    ...(cachedInput === undefined ? {} : { cached_input: cachedInput }),
    ...(cacheWrite === undefined ? {} : { cache_write: cacheWrite }),
    output,
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

function overlap(price: PriceRecord, other: PriceRecord): boolean {
  if (price.price_id === other.price_id) return false;
  const isSame = price.provider === other.provider && price.model === other.model && price.account === other.account;
  const begins = (left: PriceRecord, right: PriceRecord): boolean =>
    left.valid_from_ms < (right.valid_to_ms ?? Infinity);
  return isSame && begins(price, other) && begins(other, price);
}
