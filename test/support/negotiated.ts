/** Negotiated prices for tests: records in few words, and the table of them. */
import { priceIdOf, type PriceRecord } from "../../schemas/control/price.ts";
import { NegotiatedPrices } from "../../services/pricing/negotiated-prices.ts";

export interface Agreed extends Pick<PriceRecord, "provider" | "model"> {
  readonly account?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly input: string;
  readonly output: string;
  readonly cached_input?: string;
  readonly cache_write?: string;
  readonly reasoning?: string;
}

export function priceRecordOf({ provider, model, account, fromMs = 0, toMs, ...perMillion }: Agreed): PriceRecord {
  const target = { provider, model, ...(account === undefined ? {} : { account }) };
  return {
    kind: "price",
    price_id: priceIdOf(target, fromMs),
    ...target,
    valid_from_ms: fromMs,
    ...(toMs === undefined ? {} : { valid_to_ms: toMs }),
    per_million: perMillion,
    set_at_ms: 1_795_167_000_000,
  };
}

export function agreed(...prices: readonly Agreed[]): NegotiatedPrices {
  return new NegotiatedPrices(prices.map(priceRecordOf));
}
