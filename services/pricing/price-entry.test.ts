/**
 * Every model of the library's table, priced by us exactly and by it in floats:
 * the same entry, tier and fallback must have been taken.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { calcPrice, findProvider } from "@pydantic/genai-prices";
import type { Usage } from "../../schemas/parts/usage.ts";
import { findPrice, priceAt, unknownPriceVersion } from "./price-entry.ts";
import { priceOf } from "./price-of.ts";
import { Decimal } from "./usd.ts";

const moments = [Date.UTC(2024, 5, 1, 3), Date.UTC(2025, 8, 1, 17, 30), Date.UTC(2026, 10, 22, 12)];

const usages: readonly Usage[] = [
  { input_tokens: 1234, cached_input_tokens: 0, cache_write_tokens: 0, output_tokens: 567, reasoning_tokens: 0 },
  { input_tokens: 7, cached_input_tokens: 4096, cache_write_tokens: 0, output_tokens: 1, reasoning_tokens: 900 },
  { input_tokens: 1, cached_input_tokens: 2, cache_write_tokens: 3, output_tokens: 4, reasoning_tokens: 5 },
  { input_tokens: 150_000, cached_input_tokens: 60_000, cache_write_tokens: 0, output_tokens: 10, reasoning_tokens: 0 },
  { input_tokens: 900_000, cached_input_tokens: 1, cache_write_tokens: 0, output_tokens: 8000, reasoning_tokens: 0 },
];

function inFloats(provider: string, model: string, usage: Usage, atMs: number) {
  const counts = {
    input_tokens: usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens,
    cache_read_tokens: usage.cached_input_tokens,
    cache_write_tokens: usage.cache_write_tokens,
    output_tokens: usage.output_tokens + usage.reasoning_tokens,
  };
  return calcPrice(counts, model, { providerId: provider, timestamp: new Date(atMs) });
}

for (const provider of ["openai", "anthropic"]) {
  const models = findProvider({ providerId: provider })?.models.map(({ id }) => id) ?? [];

  test(`all ${models.length} models of ${provider} cost what the library says, without its rounding errors`, () => {
    assert.ok(models.length > 15);
    let compared = 0;
    for (const model of models)
      for (const usage of usages)
        for (const atMs of moments) {
          const { costUsd } = priceOf({ provider, model, usage, atMs });
          const floats = inFloats(provider, model, usage, atMs);
          if (floats === null || costUsd === null) {
            // Null to both, or a bucket without a price, which the library counts as free.
            const bothPriced = ["input_mtok", "output_mtok"].every((key) => key in (floats?.model_price ?? {}));
            assert.ok(costUsd === null && !bothPriced, model);
            continue;
          }
          const perRequest = new Decimal(Number(floats.model_price["requests_kcount"] ?? 0)).times("1e-3");
          const difference = new Decimal(costUsd).plus(perRequest).minus(floats.total_price).abs();
          assert.ok(difference.lessThan("1e-9"), `${model}: ${costUsd} and ${floats.total_price}`);
          compared += 1;
        }
    assert.ok(compared > models.length * 10);
  });

  test(`every priced model of ${provider} has a version of its own entry`, () => {
    const versions = models.map((model) => findPrice({ provider, model, atMs: Date.UTC(2026, 10, 22) })?.version);
    const known = versions.filter((version) => version !== undefined);
    assert.ok(known.length > models.length * 0.9);
    assert.ok(known.every((version) => version !== unknownPriceVersion));
    assert.ok(new Set(known).size > models.length / 4);
  });
}

test("a tier holds above its start, not at it, and the highest that holds is taken", () => {
  const rate = {
    base: new Decimal(1),
    tiers: [
      { start: 100, price: new Decimal(2) },
      { start: 200, price: new Decimal(3) },
    ],
  };
  const prices = [0, 100, 101, 200, 201, 1e9].map((tokens) => priceAt(rate, tokens).toNumber());
  assert.deepEqual(prices, [1, 1, 2, 2, 3, 3]);
});
