import assert from "node:assert/strict";
import { test } from "node:test";
import { anthropicSampling, openaiSampling } from "./sampling.ts";

const both = { temperature: 1.5, topP: 0.9 };
const models: readonly (readonly [model: string, sampling: object])[] = [
  ["gpt-4o", { temperature: 1.5, top_p: 0.9 }],
  ["gpt-5.1", { temperature: 1.5, top_p: 0.9 }],
  ["gpt-5-chat-latest", { temperature: 1.5, top_p: 0.9 }],
  ["llama-3.3-70b", { temperature: 1.5, top_p: 0.9 }],
  ["gpt-5", {}],
  ["gpt-5-mini", {}],
  ["o3", {}],
  ["o4-mini", {}],
];
for (const [model, sampling] of models) {
  test(`${model} gets ${JSON.stringify(sampling)}`, () =>
    assert.deepEqual(openaiSampling({ model, ...both }), sampling));
}

const sampled = [
  "claude-3-5-sonnet-latest",
  "claude-opus-4-0",
  "claude-sonnet-4-20250514",
  "claude-opus-4-1-20250805",
  "claude-haiku-4-5",
  "claude-opus-4-6",
  "glm-4.6",
];
const unsampled = ["claude-opus-4-7", "claude-opus-4-8", "claude-opus-5", "claude-sonnet-5-5", "claude-fable-5"];
for (const model of sampled) {
  test(`${model} gets one of both, the temperature no higher than 1`, () => {
    assert.deepEqual(anthropicSampling({ model, ...both }), { temperature: 1 });
    assert.deepEqual(anthropicSampling({ model, topP: 0.9 }), { top_p: 0.9 });
  });
}
for (const model of unsampled) {
  test(`${model} gets neither`, () => assert.deepEqual(anthropicSampling({ model, ...both }), {}));
}
