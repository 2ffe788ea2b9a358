/**
 * Finds what a model costs at a moment: from the negotiated prices first, else
 * from the table of @pydantic/genai-prices, whose matching of names, dates and
 * hours it uses and whose float arithmetic it does not. Prices are dollars per
 * million tokens. A bucket without a price of its own is charged as plain
 * input, as in that library; reasoning as output.
 */
import { createHash } from "node:crypto";
import { calcPrice, type ModelPrice } from "@pydantic/genai-prices";
import { canonicalJson } from "../definitions/canonical-json.ts";
import type { Tariff } from "./tariff.ts";
import { Decimal } from "./usd.ts";

/** Which table of the library is in use; a test compares it with the installed package. */
export const tableVersion = "0.1.8";

/** A price that a long prompt changes: above `start` input tokens `price` holds for every token of the call. */
export interface Rate {
  readonly base: Decimal;
  readonly tiers: readonly { readonly start: number; readonly price: Decimal }[];
}

export interface PriceEntry {
  readonly input: Rate | null;
  readonly cachedInput: Rate | null;
  readonly cacheWrite: Rate | null;
  readonly output: Rate | null;
  readonly reasoning: Rate | null;
  readonly version: string;
}

export interface PricedModel extends Tariff {
  readonly model: string;
  /** When the call was made, Unix milliseconds. */
  readonly atMs: number;
}

/** Stamped on calls whose model no table knows. */
export const unknownPriceVersion = `genai-prices@${tableVersion}#unknown`;

/** Null when neither table knows the model. */
export function findPrice(priced: PricedModel): PriceEntry | null {
  return priced.negotiated?.find(priced) ?? listPrice(priced);
}

const listEntries = new WeakMap<ModelPrice, PriceEntry>();

/** The latest answer for a model: list prices change at whole seconds at most, and calls come hundreds a second. */
const latestAnswers = new Map<string, { readonly second: number; readonly entry: PriceEntry | null }>();
const mostAnswers = 1000;

function listPrice(priced: PricedModel): PriceEntry | null {
  const key = `${priced.provider} ${priced.model}`;
  const second = Math.floor(priced.atMs / 1000);
  const latest = latestAnswers.get(key);
  if (latest?.second === second) return latest.entry;
  const entry = lookUp({ ...priced, atMs: second * 1000 });
  if (latestAnswers.size >= mostAnswers) latestAnswers.clear();
  latestAnswers.set(key, { second, entry });
  return entry;
}

function lookUp({ provider, model, atMs }: PricedModel): PriceEntry | null {
  const found = calcPrice({}, model, { providerId: provider, timestamp: new Date(atMs) });
  if (found === null) return null;
  const known = listEntries.get(found.model_price);
  if (known !== undefined) return known;
  const prices = found.model_price;
  const input = rateOf(prices["input_mtok"]);
  const output = rateOf(prices["output_mtok"]);
  const entry = {
    input,
    cachedInput: rateOf(prices["cache_read_mtok"]) ?? input,
    cacheWrite: rateOf(prices["cache_write_mtok"]) ?? input,
    output,
    reasoning: output,
    version: `genai-prices@${tableVersion}#${fingerprint(prices)}`,
  };
  listEntries.set(prices, entry);
  return entry;
}

function rateOf(price: ModelPrice[string]): Rate | null {
  if (price === undefined) return null;
  if (typeof price === "number") return { base: new Decimal(price), tiers: [] };
  const tiers = price.tiers.toSorted((left, right) => left.start - right.start);
  return {
    base: new Decimal(price.base),
    tiers: tiers.map((tier) => ({ start: tier.start, price: new Decimal(tier.price) })),
  };
}

/** First 12 hex digits of the SHA-256 of the entry's canonical JSON. */
export function fingerprint(entry: unknown): string {
  return createHash("sha256").update(canonicalJson(entry)).digest("hex").slice(0, 12);
}

/** The price of one million tokens in a call of so many input tokens, all input buckets together. */
export function priceAt(rate: Rate, totalInputTokens: number): Decimal {
  return rate.tiers.findLast((tier) => totalInputTokens > tier.start)?.price ?? rate.base;
}
