/**
 * A negotiated price on harness-prices: dollars per million tokens of a
 * provider's models between two moments, for one of our accounts with it or for
 * all. Its key follows from what it is for and when it begins, so that setting
 * it again changes it; a tombstone unsets it. Which one holds where several
 * match, services/pricing/negotiated-prices.ts says.
 */
import { z } from "zod";
import { providerName } from "../parts/codes.ts";
import { usd } from "../parts/usage.ts";

export const modelPattern = z
  .string()
  .max(128)
  .regex(/^\*?[^*\s]+\*?$/, "a model's name; a * before or after it stands for anything");

export const priceTarget = z.object({
  provider: providerName.describe("By its name in the price table, as in pricedAs of the providers file"),
  model: modelPattern,
  account: providerName
    .optional()
    .describe("Only calls through the provider of this name in the providers file, with the keys it has there"),
});

export const tokenPrices = z
  .object({
    input: usd,
    cached_input: usd.optional().describe("As input when absent"),
    cache_write: usd.optional().describe("As input when absent"),
    output: usd,
    reasoning: usd.optional().describe("As output when absent"),
  })
  .describe("Dollars per million tokens of each disjoint bucket");

export const priceRecord = priceTarget.extend({
  kind: z.literal("price"),
  price_id: z.string(),
  valid_from_ms: z.int().nonnegative().describe("Calls that start from then on, Unix milliseconds"),
  valid_to_ms: z.int().nonnegative().optional().describe("And before then; without end when absent"),
  per_million: tokenPrices,
  set_at_ms: z.int(),
});

export type PriceTarget = z.infer<typeof priceTarget>;
export type TokenPrices = z.infer<typeof tokenPrices>;
export type PriceRecord = z.infer<typeof priceRecord>;

/** For example `openai/gpt-4o*@2026-12-01T00:00:00.000Z`, with `/openai-eu` before the @ where an account is named. */
export function priceIdOf({ provider, model, account }: PriceTarget, validFromMs: number): string {
  const target = [provider, encodeURIComponent(model), ...(account === undefined ? [] : [account])].join("/");
  return `${target}@${new Date(validFromMs).toISOString()}`;
}
