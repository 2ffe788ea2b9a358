import assert from "node:assert/strict";
import { test } from "node:test";
import { agreed } from "../../../test/support/negotiated.ts";
import { sampleHarness, sampleTier } from "../../../test/support/sample-definition.ts";
import { worstCase } from "../../pricing/worst-case.ts";
import { mostOfReplay } from "./replay-cost.ts";

const atMs = Date.UTC(2026, 10, 1);
const request = { harness: "sample", client_id: "acme", input: { text: "hello there, how are you?" } };
const most = (definition = sampleHarness(), given = request) => Number(mostOfReplay(given, definition, { atMs }));

test("one attempt at one model costs at most what its call can", () => {
  const definition = sampleHarness({ maxAttempts: 1 });
  const call = { provider: "openai", model: "gpt-4o", maxOutputTokens: 100, atMs };
  assert.ok(most(definition) >= Number(worstCase({ ...call, inputTokens: 10 }).highUsd));
  assert.ok(most(definition) <= Number(worstCase({ ...call, inputTokens: 100 }).highUsd));
});

test("it grows with attempts, models, retries, marks and the text, and shrinks with fewer tokens asked for", () => {
  const one = most(sampleHarness({ maxAttempts: 1 }));
  assert.ok(most(sampleHarness({ maxAttempts: 2 })) > 2 * one);
  assert.ok(most(sampleHarness({ maxAttempts: 1, models: [sampleTier(), sampleTier()] })) >= 2 * one);
  assert.equal(most(sampleHarness({ maxAttempts: 1, knobs: { retry: { timeout: "retry" } } })), 2 * one);
  assert.ok(most(sampleHarness({ maxAttempts: 1, knobs: { injection: { spotlight: "datamark" } } })) > one);
  const long = { ...request, input: { text: "word ".repeat(10_000) } };
  assert.ok(most(sampleHarness({ maxAttempts: 1 }), long) > 10 * one);
  const short = { ...request, options: { max_output_tokens: 1 } };
  assert.ok(most(sampleHarness({ maxAttempts: 1 }), short) < one);
});

test("no prompt is longer than the model's window", () => {
  const huge = { ...request, input: { text: "word ".repeat(150_000) } };
  const { highUsd } = worstCase({
    provider: "openai",
    model: "gpt-4o",
    inputTokens: 128_000,
    maxOutputTokens: 100,
    atMs,
  });
  assert.equal(mostOfReplay(huge, sampleHarness({ maxAttempts: 1 }), { atMs }), highUsd);
});

test("where a model has no price, nothing is said", () => {
  const models = [sampleTier(), sampleTier({ model: "nobody-knows" })];
  assert.equal(mostOfReplay(request, sampleHarness({ models }), { atMs }), null);
});

test("a negotiated price goes before the list", () => {
  const negotiated = agreed({ provider: "openai", model: "gpt*", input: "0", output: "0" });
  assert.equal(mostOfReplay(request, sampleHarness(), { atMs, negotiated }), "0");
});
