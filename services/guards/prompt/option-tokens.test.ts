/** What tools, schemas and calls of tools cost in a prompt: above what OpenAI charges, and nothing where there are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Message } from "../../../schemas/parts/content.ts";
import { optionTokens, toolCallTokens } from "./option-tokens.ts";

const weather = {
  name: "get_weather",
  description: "Get the current weather in a given location",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, unit: { type: "string", enum: ["celsius", "fahrenheit"] } },
    required: ["city"],
  },
};
const schema = { type: "object", properties: { total: { type: "number" } } };

test("options without tools and schema cost nothing", () => {
  assert.equal(optionTokens(undefined, "openai"), 0);
  assert.equal(optionTokens({ temperature: 1, stop: ["END"], max_output_tokens: 9 }, "anthropic"), 0);
});

const numberOf = (description: string) => ({ type: "number", description });
const bingBong = (properties: object) => ({
  name: "bing_bong",
  description: "Do a bing bong",
  parameters: { type: "object", properties: { ...properties } },
});
const foo = { name: "foo", parameters: { type: "object", properties: {} } };
const doFoo = { ...foo, description: "Do a foo" };
const bar = { type: "string", enum: ["a", "b", "c"] };

/** What OpenAI charged for them, once. */
const counted: readonly (readonly [tokens: number, tool: typeof foo])[] = [
  [23, foo],
  [28, doFoo],
  [41, bingBong({ foo: { type: "string" } })],
  [49, bingBong({ foo: { type: "string" }, bar: numberOf("A number") })],
  [60, bingBong({ foo: { type: "object", properties: { bar, baz: { type: "boolean" } } } })],
];
for (const [tokens, tool] of counted) {
  test(`a tool that costs ${tokens} tokens is held for no cheaper, nor for twice as dear`, () => {
    const estimate = optionTokens({ tools: [tool] }, "openai");
    assert.ok(estimate >= tokens && estimate < 2 * tokens, String(estimate));
  });
}

test("a tool costs more than its words, and at Anthropic the prompt that explains tools", () => {
  const openai = optionTokens({ tools: [weather] }, "openai");
  const anthropic = optionTokens({ tools: [weather] }, "anthropic");
  assert.ok(openai > 60 && openai < 100, String(openai));
  assert.ok(anthropic > 530 && anthropic < 700, String(anthropic));
});

test("a schema of the answer costs its words", () => {
  const tokens = optionTokens({ output_schema: schema }, "openai");
  assert.ok(tokens > 20 && tokens < 50, String(tokens));
});

test("law: each further tool costs something, and no provider charges less than OpenAI", () => {
  const tool = fc.record({ name: fc.stringMatching(/^[a-z]{1,64}$/), description: fc.string({ maxLength: 200 }) });
  fc.assert(
    fc.property(fc.array(tool, { minLength: 1, maxLength: 8 }), tool, (tools, further) => {
      for (const provider of ["openai", "anthropic", "own-server"]) {
        const before = optionTokens({ tools }, provider);
        assert.ok(optionTokens({ tools: [...tools, further] }, provider) > before);
        assert.ok(before >= optionTokens({ tools }, "openai"));
      }
    }),
  );
});

const call = { id: "a", name: "calculator", arguments: { a: 2, b: 2 } };
const called: Message = { role: "assistant", content: "", tool_calls: [call] };

test("a conversation without calls costs nothing beside its words", () => {
  assert.equal(toolCallTokens([{ role: "user", content: "How much is 2 + 2?" }], "openai"), 0);
});

test("a call costs its name, its arguments and what stands around them; several cost more than each alone", () => {
  const one = toolCallTokens([called], "openai");
  assert.ok(one >= 20 && one <= 40, String(one));
  assert.ok(toolCallTokens([{ ...called, tool_calls: [call, call] }], "openai") > 2 * one);
});
