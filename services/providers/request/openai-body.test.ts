import assert from "node:assert/strict";
import { test } from "node:test";
import { providerCall } from "../../../test/support/provider-call.ts";
import { openaiBody } from "./openai-body.ts";

const dialect = {
  maxTokensField: "max_completion_tokens",
  structuredOutput: "json_schema",
  streamUsage: true,
} as const;
const parameters = { type: "object", properties: { city: { type: "string" } } };
const weather = { name: "weather", description: "Of a city", parameters };
const body = (call: Parameters<typeof providerCall>[0]) => openaiBody(providerCall(call), dialect, "gpt-4o");

test("a call without options has none in its body", () => {
  assert.deepEqual(body({}), {
    model: "gpt-4o",
    messages: [{ role: "user", content: "Weather in Oslo?" }],
    max_completion_tokens: 100,
  });
});

test("tools go as functions, each with what it has", () => {
  assert.deepEqual(body({ tools: [weather, { name: "now" }] }), {
    ...body({}),
    tools: [
      { type: "function", function: weather },
      { type: "function", function: { name: "now" } },
    ],
  });
});

const choices = [
  ["auto", "auto"],
  ["none", "none"],
  ["required", "required"],
  [{ name: "weather" }, { type: "function", function: { name: "weather" } }],
] as const;
for (const [choice, written] of choices) {
  test(`the choice ${JSON.stringify(choice)} is ${JSON.stringify(written)}`, () => {
    assert.deepEqual(body({ tools: [weather], toolChoice: choice }).tool_choice, written);
  });
}

test("several calls at once are forbidden when they are, and else not spoken of", () => {
  assert.equal(body({ tools: [weather], parallelToolCalls: false }).parallel_tool_calls, false);
  assert.equal("parallel_tool_calls" in body({ tools: [weather], parallelToolCalls: true }), false);
});

test("without tools there is no choice of one", () => {
  assert.deepEqual(body({ toolChoice: "none", parallelToolCalls: false }), body({}));
  assert.deepEqual(body({ tools: [] }), body({}));
});

test("top_p, stop and a schema go beside tools", () => {
  const asked = body({ topP: 0.4, stop: ["END"], tools: [weather], jsonSchema: { type: "object" } });
  assert.deepEqual([asked.top_p, asked.stop], [0.4, ["END"]]);
  assert.equal(asked.response_format?.type, "json_schema");
  assert.equal(asked.tools?.length, 1);
});
