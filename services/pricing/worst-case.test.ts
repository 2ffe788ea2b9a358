import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { agreed } from "../../test/support/negotiated.ts";
import { priceOf } from "./price-of.ts";
import { Decimal } from "./usd.ts";
import { worstCase } from "./worst-case.ts";

const atMs = Date.UTC(2026, 10, 22);

const bounds: readonly (readonly [string, string, string, number, number, string | null, string | null])[] = [
  // low 1,000 x 1.25; high 1,000 x 2.50 + 500 x 10
  ["gpt-4o lies between cached input and full output", "openai", "gpt-4o", 1000, 500, "0.00125", "0.0075"],
  // low 1,000 x 0.30; high 1,000 x 3.75 + 500 x 15
  [
    "claude-3-5-sonnet may write its input to the cache",
    "anthropic",
    "claude-3-5-sonnet",
    1000,
    500,
    "0.0003",
    "0.01125",
  ],
  // above 200,000: low 0.60; high 7.50 and 22.50
  [
    "a long prompt is bounded at its own tier",
    "anthropic",
    "claude-sonnet-4-5",
    200_001,
    1000,
    "0.1200006",
    "1.5225075",
  ],
  ["nothing in and nothing out costs nothing", "openai", "gpt-4o", 0, 0, "0", "0"],
  ["an unknown model has no bounds", "openai", "gpt-unheard-of", 1000, 500, null, null],
];

for (const [sentence, provider, model, inputTokens, maxOutputTokens, lowUsd, highUsd] of bounds) {
  test(sentence, () => {
    const found = worstCase({ provider, model, inputTokens, maxOutputTokens, atMs });
    assert.deepEqual({ lowUsd: found.lowUsd, highUsd: found.highUsd }, { lowUsd, highUsd });
  });
}

test("an embedding model without an output price has no bounds but a version", () => {
  const found = worstCase({
    provider: "openai",
    model: "text-embedding-3-small",
    inputTokens: 10,
    maxOutputTokens: 10,
    atMs,
  });
  assert.equal(found.highUsd, null);
  assert.match(found.priceVersion, /#[0-9a-f]{12}$/);
});

test("a negotiated price bounds the call too", () => {
  const negotiated = agreed({ provider: "openai", model: "gpt-4o", input: "1", output: "2" });
  const found = worstCase({
    provider: "openai",
    model: "gpt-4o",
    inputTokens: 100,
    maxOutputTokens: 10,
    atMs,
    negotiated,
  });
  assert.deepEqual([found.lowUsd, found.highUsd], ["0.0001", "0.00012"]);
});

test("what a call really costs lies within its bounds, however its input was billed", () => {
  const model = fc.constantFrom(
    { provider: "openai", model: "gpt-4o" },
    { provider: "openai", model: "gpt-5" },
    { provider: "anthropic", model: "claude-3-5-sonnet" },
    { provider: "anthropic", model: "claude-sonnet-4-5" },
  );
  const count = fc.nat(150_000);
  fc.assert(
    fc.property(model, fc.tuple(count, count, count), fc.tuple(count, count), (priced, inputs, outputs) => {
      const [plain, cached, written] = inputs;
      const [visible, reasoning] = outputs;
      const usage = {
        input_tokens: plain,
        cached_input_tokens: cached,
        cache_write_tokens: written,
        output_tokens: visible,
        reasoning_tokens: reasoning,
      };
      const real = priceOf({ ...priced, usage, atMs }).costUsd;
      const found = worstCase({
        ...priced,
        inputTokens: plain + cached + written,
        maxOutputTokens: visible + reasoning,
        atMs,
      });
      assert.ok(real !== null && found.lowUsd !== null && found.highUsd !== null);
      assert.ok(new Decimal(found.lowUsd).lessThanOrEqualTo(real));
      assert.ok(new Decimal(found.highUsd).greaterThanOrEqualTo(real));
    }),
  );
});
