import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleTier } from "../../../test/support/sample-definition.ts";
import { providerDoubts } from "./provider-doubts.ts";

const book = {
  knows: (provider: string) => ["openai", "groq-eu"].includes(provider),
  tariffOf: (provider: string) => ({ provider: provider === "groq-eu" ? "groq" : provider }),
};

function doubtsOf(...models: readonly (readonly [provider: string, model: string])[]): readonly string[] {
  const tiers = models.map(([provider, model]) => sampleTier({ provider, model }));
  return providerDoubts([{ definition: { models: tiers } }], book, Date.UTC(2026, 10, 22));
}

test("what is configured and priced raises no doubt, under whatever name it is priced", () => {
  assert.deepEqual(doubtsOf(["openai", "gpt-4o"], ["groq-eu", "llama-3.3-70b-versatile"]), []);
});

test("one that is asked for moderation alone is looked for too", () => {
  const definition = { models: [sampleTier()], moderation: { provider: "elsewhere", model: "omni" } };
  const [doubt, ...more] = providerDoubts([{ definition }], book, Date.UTC(2026, 10, 22));
  assert.match(doubt ?? "", /^The provider elsewhere is not configured here.*its moderation does not run/);
  assert.deepEqual(more, []);
});

test("a provider that nobody configured is named once, and so is a model without a price", () => {
  const doubts = doubtsOf(["groq", "llama-3.3-70b-versatile"], ["groq", "llama-3.1-8b-instant"], ["openai", "house"]);
  assert.deepEqual(
    doubts.map((doubt) => doubt.split(":")[0]),
    ["The provider groq is not configured here", "No price is known for openai house"],
  );
});
