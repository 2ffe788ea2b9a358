/** What a run weighs before it is rendered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateTokens } from "../../guards/tokens/estimate.ts";
import type { NewRun } from "../runs/run-desk.ts";
import { sizeOf } from "./run-size.ts";

const words = "The quick brown fox jumps over the lazy dog. ";
const run = (input: NewRun["input"], more: Partial<NewRun> = {}): NewRun => ({
  client_id: "acme",
  harness: "summarise",
  input,
  ...more,
});

test("every text counts, however deep it lies, and nothing else", () => {
  const deep = run({ text: words, turns: [{ role: "user", content: [words, { more: words }] }], count: 7, none: null });
  const tokens = estimateTokens(words + words + words + "user", "openai");
  assert.ok(Math.abs(sizeOf(deep, "openai").promptTokens - tokens) <= 2);
  assert.equal(sizeOf(run({ count: 7, yes: true, none: null }), "openai").promptTokens, 0);
});

test("bytes are those of the record, in UTF-8", () => {
  assert.equal(sizeOf(run({}), "openai").bytes, JSON.stringify(run({})).length);
  assert.equal(sizeOf(run({ text: "漢" }), "openai").bytes - sizeOf(run({ text: "" }), "openai").bytes, 3);
});

test("tools and a schema cost too; Anthropic's tokens are more than OpenAI's", () => {
  const tool = { name: "get_weather", parameters: { type: "object" } };
  const plain = sizeOf(run({ text: words }), "openai").promptTokens;
  assert.ok(sizeOf(run({ text: words }, { options: { tools: [tool] } }), "openai").promptTokens > plain);
  assert.ok(sizeOf(run({ text: words }), "anthropic").promptTokens > plain);
});

test("a list of a million values is walked without running out of stack", () => {
  const many = run({ list: Array.from({ length: 1_000_000 }, () => 1) });
  assert.equal(sizeOf(many, "openai").promptTokens, 0);
});
