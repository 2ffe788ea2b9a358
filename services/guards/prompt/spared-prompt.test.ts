/** What a refusal kept from being sent, and what that would have cost at the least. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { agreed } from "../../../test/support/negotiated.ts";
import { sampleHarness, sampleTier } from "../../../test/support/sample-definition.ts";
import { savedInputUsd } from "../../pricing/saved-input.ts";
import { estimateTokens, tokensPerMessage } from "../tokens/estimate.ts";
import { sparedPromptOf } from "./spared-prompt.ts";

const atMs = Date.UTC(2026, 10, 22);

test("the whole prompt counts, at the input price of the first model", () => {
  const text = "four words and more ".repeat(50);
  const tokens = 2 * tokensPerMessage + estimateTokens("Be brief.", "openai") + estimateTokens(text, "openai");
  assert.deepEqual(sparedPromptOf(sampleHarness(), { text }, { atMs }), {
    provider: "openai",
    model: "gpt-4o",
    input_tokens: tokens,
    usd: savedInputUsd({ provider: "openai", model: "gpt-4o", atMs }, { tokensBefore: tokens, tokensAfter: 0 }),
  });
});

test("of a model without a price the money is unknown, not zero", () => {
  const unpriced = sampleHarness({ models: [sampleTier({ model: "nobody-knows-it" })] });
  assert.equal(sparedPromptOf(unpriced, { text: "x" }, { atMs })?.usd, null);
});

test("of a conversation that is none there is no prompt", () => {
  const chat = sampleHarness({ prompt: { system: "", user: "", messages: "turns" } });
  assert.equal(sparedPromptOf(chat, { turns: "not a list" }, { atMs }), null);
});

test("a negotiated price goes before the list here too", () => {
  const negotiated = agreed({ provider: "openai", model: "gpt-4o", input: "0", output: "0" });
  assert.equal(sparedPromptOf(sampleHarness(), { text: "x" }, { atMs, negotiated })?.usd, "0");
});
