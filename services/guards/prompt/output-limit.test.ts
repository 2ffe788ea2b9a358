import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { endsAsAsked, outputLimit } from "./output-limit.ts";

const harness = sampleHarness({ output: { format: "text", maxTokens: 100 } });
const limits: readonly (readonly [asked: string, options: Parameters<typeof outputLimit>[1], tokens: number])[] = [
  ["nothing", undefined, 100],
  ["other things", {}, 100],
  ["fewer", { max_output_tokens: 7 }, 7],
  ["as many", { max_output_tokens: 100 }, 100],
  ["more than the harness permits", { max_output_tokens: 5000 }, 100],
];
for (const [asked, options, tokens] of limits) {
  test(`a caller who asks for ${asked} gets at most ${tokens} tokens`, () => {
    assert.equal(outputLimit(harness, options), tokens);
  });
}

const json = sampleHarness({ output: { format: "json", schema: { type: "object" }, maxTokens: 100 } });
const few = { max_output_tokens: 7 };
const ends: readonly (readonly [what: string, ...of: Parameters<typeof endsAsAsked>, as: boolean])[] = [
  ["words at the caller's limit", harness, few, "length", true],
  ["words at the caller's limit, as Anthropic says it", harness, few, "max_tokens", true],
  ["words that came to their end", harness, few, "stop", false],
  ["words at the harness's limit", harness, {}, "length", false],
  ["words that filled the model's window", harness, few, "model_context_window_exceeded", false],
  ["JSON of the harness", json, few, "length", false],
  ["JSON of the caller", harness, { ...few, output_schema: {} }, "length", false],
];
for (const [what, of, options, finishReason, as] of ends) {
  test(`${what} ${as ? "end" : "do not end"} where they were asked to`, () => {
    assert.equal(endsAsAsked(of, options, finishReason), as);
  });
}
