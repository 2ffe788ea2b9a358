import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { anthropicUsage, openaiUsage } from "./normalise-usage.ts";

const amount = fc.nat({ max: 1_000_000 });
const five = fc.tuple(amount, amount, amount, amount, amount);

test("OpenAI: the buckets are disjoint and add up to the provider's total", () => {
  fc.assert(
    fc.property(five, ([input, cached, written, output, reasoning]) => {
      const { usage } = openaiUsage({
        prompt_tokens: input + cached + written,
        completion_tokens: output + reasoning,
        total_tokens: input + cached + written + output + reasoning,
        prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
        completion_tokens_details: { reasoning_tokens: reasoning },
      });
      assert.deepEqual(usage, {
        input_tokens: input,
        cached_input_tokens: cached,
        cache_write_tokens: written,
        output_tokens: output,
        reasoning_tokens: reasoning,
      });
    }),
  );
});

test("Anthropic: thinking is taken out of the output total, the input buckets stay as they are", () => {
  fc.assert(
    fc.property(five, ([input, cached, written, output, thinking]) => {
      const { usage } = anthropicUsage({
        input_tokens: input,
        cache_read_input_tokens: cached,
        cache_creation_input_tokens: written,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: written },
        output_tokens: output + thinking,
        output_tokens_details: { thinking_tokens: thinking },
      });
      assert.deepEqual(usage, {
        input_tokens: input,
        cached_input_tokens: cached,
        cache_write_tokens: written,
        output_tokens: output,
        reasoning_tokens: thinking,
      });
    }),
  );
});

test("a report without details is read: old servers and compatible ones send totals alone", () => {
  assert.deepEqual(openaiUsage({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }).usage?.input_tokens, 3);
  assert.deepEqual(
    openaiUsage({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7, prompt_tokens_details: null }).usage
      ?.output_tokens,
    4,
  );
  assert.deepEqual(
    anthropicUsage({ input_tokens: 3, output_tokens: 4, cache_creation_input_tokens: null, cache_creation: null }).usage
      ?.cache_write_tokens,
    0,
  );
});

const unknown: readonly (readonly [name: string, of: typeof openaiUsage, report: unknown, code: string])[] = [
  ["OpenAI without a report", openaiUsage, undefined, "usage_missing"],
  ["OpenAI with null for a report", openaiUsage, null, "usage_missing"],
  [
    "OpenAI whose total is more than its parts",
    openaiUsage,
    { prompt_tokens: 1, completion_tokens: 1, total_tokens: 3 },
    "usage_mismatch",
  ],
  [
    "OpenAI with more cached than there was input",
    openaiUsage,
    { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, prompt_tokens_details: { cached_tokens: 2 } },
    "usage_mismatch",
  ],
  [
    "OpenAI with more reasoning than there was output",
    openaiUsage,
    { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, completion_tokens_details: { reasoning_tokens: 2 } },
    "usage_mismatch",
  ],
  [
    "OpenAI with a part of a token",
    openaiUsage,
    { prompt_tokens: 0.5, completion_tokens: 0.5, total_tokens: 1 },
    "usage_mismatch",
  ],
  [
    "OpenAI with a negative count",
    openaiUsage,
    { prompt_tokens: -1, completion_tokens: 1, total_tokens: 0 },
    "usage_mismatch",
  ],
  ["Anthropic without a report", anthropicUsage, undefined, "usage_missing"],
  ["Anthropic without output tokens", anthropicUsage, { input_tokens: 1 }, "usage_mismatch"],
  [
    "Anthropic whose cache parts differ from their sum",
    anthropicUsage,
    {
      input_tokens: 1,
      output_tokens: 1,
      cache_creation_input_tokens: 5,
      cache_creation: { ephemeral_5m_input_tokens: 4 },
    },
    "usage_mismatch",
  ],
  [
    "Anthropic with more thinking than output",
    anthropicUsage,
    { input_tokens: 1, output_tokens: 1, output_tokens_details: { thinking_tokens: 2 } },
    "usage_mismatch",
  ],
];

for (const [name, normalise, report, usageCode] of unknown) {
  test(`unknown, never zero: ${name}`, () => assert.deepEqual(normalise(report), { usage: null, usageCode }));
}
