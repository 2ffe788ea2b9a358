import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { usd, type Usage } from "../../schemas/parts/usage.ts";
import { agreed } from "../../test/support/negotiated.ts";
import { tableVersion } from "./price-entry.ts";
import { priceOf } from "./price-of.ts";
import { addUsd, Decimal } from "./usd.ts";

const none: Usage = {
  input_tokens: 0,
  cached_input_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
};
const atMs = Date.UTC(2026, 10, 22, 12);

/** Worked out by hand from the providers' public price lists, dollars per million tokens. */
const golden: readonly (readonly [string, string, string, Partial<Usage>, string | null])[] = [
  // 1,000 x 2.50 + 200 x 10 = 2,500 + 2,000 = 4,500 millionths
  ["gpt-4o charges input and output", "openai", "gpt-4o", { input_tokens: 1000, output_tokens: 200 }, "0.0045"],
  // 488 x 2.50 + 512 x 1.25 + 100 x 10 = 1,220 + 640 + 1,000
  [
    "gpt-4o charges half for input from its cache",
    "openai",
    "gpt-4o",
    { input_tokens: 488, cached_input_tokens: 512, output_tokens: 100 },
    "0.00286",
  ],
  // 7 x 0.15 + 3 x 0.60 = 1.05 + 1.8
  [
    "gpt-4o-mini keeps fractions of a millionth",
    "openai",
    "gpt-4o-mini",
    { input_tokens: 7, output_tokens: 3 },
    "0.00000285",
  ],
  // 1 x 0.075
  ["one cached token of gpt-4o-mini", "openai", "gpt-4o-mini", { cached_input_tokens: 1 }, "0.000000075"],
  // 100 x 1.25 + (50 + 450) x 10
  [
    "gpt-5 charges reasoning as output",
    "openai",
    "gpt-5",
    { input_tokens: 100, output_tokens: 50, reasoning_tokens: 450 },
    "0.005125",
  ],
  // 1,000 x 3 + 2,000 x 0.30 + 400 x 3.75 + 100 x 15 = 3,000 + 600 + 1,500 + 1,500
  [
    "claude-3-5-sonnet charges each kind of input at its own price",
    "anthropic",
    "claude-3-5-sonnet-20241022",
    { input_tokens: 1000, cached_input_tokens: 2000, cache_write_tokens: 400, output_tokens: 100 },
    "0.0066",
  ],
  // 200,000 x 3 + 1,000 x 15: at the threshold, not above it
  [
    "claude-sonnet-4-5 at the long-prompt threshold",
    "anthropic",
    "claude-sonnet-4-5",
    { input_tokens: 200_000, output_tokens: 1000 },
    "0.615",
  ],
  // 1 x 6 + 200,000 x 0.60 + 1,000 x 22.50: above it, every token at the higher price, and all input counts
  [
    "claude-sonnet-4-5 above the long-prompt threshold",
    "anthropic",
    "claude-sonnet-4-5",
    { input_tokens: 1, cached_input_tokens: 200_000, output_tokens: 1000 },
    "0.142506",
  ],
  ["a call that used nothing costs nothing", "openai", "gpt-4o", {}, "0"],
  ["an unknown model has no cost", "openai", "gpt-unheard-of", { input_tokens: 10 }, null],
  ["an unknown provider has no cost", "nobody", "gpt-4o", { input_tokens: 10 }, null],
];

for (const [sentence, provider, model, usage, costUsd] of golden) {
  test(sentence, () => {
    assert.equal(priceOf({ provider, model, usage: { ...none, ...usage }, atMs }).costUsd, costUsd);
  });
}

test("unknown usage has no cost, but a price version", () => {
  const priced = priceOf({ provider: "openai", model: "gpt-4o", usage: null, atMs });
  assert.equal(priced.costUsd, null);
  assert.match(priced.priceVersion, /^genai-prices@0\.1\.8#[0-9a-f]{12}$/);
});

test("the price version names the model's entry and stays the same", () => {
  const version = (model: string, at: number) =>
    priceOf({ provider: "openai", model, usage: none, atMs: at }).priceVersion;
  assert.equal(version("gpt-4o", atMs), version("gpt-4o-2024-11-20", atMs + 1));
  assert.notEqual(version("gpt-4o", atMs), version("gpt-4o-mini", atMs));
  assert.equal(version("gpt-unheard-of", atMs), "genai-prices@0.1.8#unknown");
});

test("the stamped version is the installed table's", () => {
  const installed = new URL("../../node_modules/@pydantic/genai-prices/package.json", import.meta.url);
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(installed, "utf8")));
  assert.equal(tableVersion, version);
});

test("a price that changed on a day is taken by the time of the call", () => {
  // o3 cost 10 and 40 until 2025-06-10, then 2 and 8.
  const cost = (at: number) =>
    priceOf({
      provider: "openai",
      model: "o3",
      usage: { ...none, input_tokens: 1_000_000, output_tokens: 1_000_000 },
      atMs: at,
    }).costUsd;
  assert.equal(cost(Date.UTC(2025, 5, 9)), "50");
  assert.equal(cost(Date.UTC(2025, 5, 11)), "10");
});

test("half of 1e-12 rounds to the even neighbour", () => {
  const cost = (tokens: number) =>
    priceOf({
      provider: "openai",
      model: "x",
      usage: { ...none, input_tokens: tokens },
      atMs,
      negotiated: agreed({ provider: "openai", model: "x", input: "0.0000005", output: "1" }),
    }).costUsd;
  assert.equal(cost(1), "0");
  assert.equal(cost(3), "0.000000000002");
  assert.equal(cost(5), "0.000000000002");
  assert.equal(cost(2), "0.000000000001");
});

const tokens = fc.integer({ min: 0, max: 2_000_000 });
const anyUsage = fc.record({
  input_tokens: tokens,
  cached_input_tokens: tokens,
  cache_write_tokens: tokens,
  output_tokens: tokens,
  reasoning_tokens: tokens,
});
const anyModel = fc.constantFrom(
  { provider: "openai", model: "gpt-4o" },
  { provider: "openai", model: "gpt-4o-mini" },
  { provider: "anthropic", model: "claude-3-5-sonnet" },
  { provider: "anthropic", model: "claude-sonnet-4-5" },
);

function knownCost(call: { readonly provider: string; readonly model: string; readonly usage: Usage }): string {
  const { costUsd } = priceOf({ ...call, atMs });
  assert.ok(costUsd !== null);
  return costUsd;
}

test("every cost is a plain decimal string that the schema takes", () => {
  fc.assert(
    fc.property(anyModel, anyUsage, (model, usage) => {
      assert.ok(usd.safeParse(knownCost({ ...model, usage })).success);
    }),
  );
});

test("the cost is the sum of its buckets' costs where no tier is crossed", () => {
  const flat = fc.constantFrom(
    { provider: "openai", model: "gpt-4o" },
    { provider: "anthropic", model: "claude-3-5-sonnet" },
  );
  fc.assert(
    fc.property(flat, anyUsage, (model, usage) => {
      const parts = Object.entries(usage).map(([bucket, count]) =>
        knownCost({ ...model, usage: { ...none, [bucket]: count } }),
      );
      assert.equal(knownCost({ ...model, usage }), parts.reduce(addUsd, "0"));
    }),
  );
});

test("one token more never costs less", () => {
  const bucket = fc.constantFrom(
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
  );
  fc.assert(
    fc.property(anyModel, anyUsage, bucket, (model, usage, grown) => {
      const before = knownCost({ ...model, usage });
      const after = knownCost({ ...model, usage: { ...usage, [grown]: usage[grown] + 1 } });
      assert.ok(new Decimal(after).greaterThanOrEqualTo(before), `${after} < ${before}`);
    }),
  );
});
