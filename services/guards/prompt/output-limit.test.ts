import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { outputLimit } from "./output-limit.ts";

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
