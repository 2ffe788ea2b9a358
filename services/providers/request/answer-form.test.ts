import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Message } from "../../../schemas/parts/content.ts";
import { providerCall, type CallChanges } from "../../../test/support/provider-call.ts";
import { anthropicBody } from "./anthropic-body.ts";
import { anthropicAnswerForm } from "./answer-form.ts";

const parameters = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  properties: { city: { type: "string" } },
};
const weather = { name: "weather", description: "Of a city", parameters };
const written = {
  name: "weather",
  description: "Of a city",
  input_schema: { type: "object", properties: { city: { type: "string" } } },
};
const jsonSchema = { type: "object", additionalProperties: false, required: [], properties: {} };
const [native, older] = ["claude-sonnet-4-5", "claude-3-5-sonnet-latest"] as const;
const formOf = (call: CallChanges) => anthropicAnswerForm(providerCall({ model: native, ...call }));

describe("tools without a schema", () => {
  test("a call without tools says nothing of them", () => {
    assert.deepEqual(formOf({ toolChoice: "required", parallelToolCalls: false }), { body: {}, answerTool: null });
  });

  test("a tool goes with an object's schema, also when it takes nothing", () => {
    const { body } = formOf({ tools: [weather, { name: "now" }] });
    assert.deepEqual(body, { tools: [written, { name: "now", input_schema: { type: "object" } }] });
  });

  const choices = [
    ["auto", true, undefined],
    ["none", true, { type: "none" }],
    ["none", false, { type: "none" }],
    ["required", true, { type: "any" }],
    [{ name: "weather" }, true, { type: "tool", name: "weather" }],
    ["auto", false, { type: "auto", disable_parallel_tool_use: true }],
    ["required", false, { type: "any", disable_parallel_tool_use: true }],
    [{ name: "weather" }, false, { type: "tool", name: "weather", disable_parallel_tool_use: true }],
  ] as const;
  for (const [toolChoice, parallelToolCalls, choice] of choices) {
    test(`${JSON.stringify(toolChoice)}, ${parallelToolCalls ? "several" : "one at a time"}: ${JSON.stringify(choice)}`, () => {
      assert.deepEqual(formOf({ tools: [weather], toolChoice, parallelToolCalls }).body.tool_choice, choice);
    });
  }
});

describe("tools beside a schema", () => {
  test("a model with native output gets both", () => {
    const { body, answerTool } = formOf({ tools: [weather], jsonSchema });
    assert.deepEqual([body.output_config?.format?.type, body.tools?.length, answerTool], ["json_schema", 1, null]);
    assert.equal("tool_choice" in body, false);
  });

  test("an older one gets the answer tool to choose from, and must use one", () => {
    const { body, answerTool } = formOf({ model: older, tools: [weather], jsonSchema });
    assert.deepEqual(
      [body.tools?.map((tool) => "name" in tool && tool.name), answerTool],
      [["weather", "answer"], "answer"],
    );
    assert.deepEqual(body.tool_choice, { type: "any" });
    const single = formOf({ model: older, tools: [weather], jsonSchema, parallelToolCalls: false });
    assert.deepEqual(single.body.tool_choice, { type: "any", disable_parallel_tool_use: true });
  });

  test("where a call is wanted, an answer is not offered", () => {
    for (const toolChoice of ["required", { name: "weather" }] as const) {
      const { body, answerTool } = formOf({ model: older, tools: [weather], jsonSchema, toolChoice });
      assert.deepEqual([body.tools, answerTool], [[written], null]);
    }
  });

  test("where no call is wanted, or there are no tools, the answer is forced", () => {
    const forced = { type: "tool", name: "answer", disable_parallel_tool_use: true };
    assert.deepEqual(formOf({ model: older, jsonSchema }).body.tool_choice, forced);
    const unwanted = formOf({ model: older, tools: [weather], jsonSchema, toolChoice: "none" });
    assert.deepEqual([unwanted.body.tool_choice, unwanted.body.tools?.length], [forced, 2]);
  });

  test("the answer tool has a name that no tool of the caller's has", () => {
    const tools = [{ name: "answer" }, { name: "answer_" }];
    assert.equal(formOf({ model: older, tools, jsonSchema }).answerTool, "answer__");
  });
});

describe("a conversation with calls, and no tools offered", () => {
  const call = { id: "a", name: "weather", arguments: {} };
  const messages: Message[] = [
    { role: "user", content: "Oslo?" },
    { role: "assistant", content: "", tool_calls: [call, { ...call, id: "b" }] },
    { role: "tool", content: "4 C", tool_call_id: "a" },
    { role: "tool", content: "4 C", tool_call_id: "b" },
  ];
  const named = { name: "weather", input_schema: { type: "object" } };

  test("names the tools that were called, once each, and forbids their use", () => {
    assert.deepEqual(formOf({ messages }).body, { tools: [named], tool_choice: { type: "none" } });
  });

  test("keeps the forced answer of an older model", () => {
    const { body } = formOf({ messages, model: older, jsonSchema });
    assert.deepEqual([body.tools?.length, body.tool_choice?.type], [2, "tool"]);
  });
});

test("the body has the system's words apart, and stop sequences under Anthropic's name", () => {
  const messages: Message[] = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hi" },
  ];
  const call = providerCall({ model: older, messages, stop: ["END"], topP: 0.5 });
  assert.deepEqual(anthropicBody(call, anthropicAnswerForm(call)), {
    model: older,
    max_tokens: 100,
    messages: [{ role: "user", content: "Hi" }],
    system: "Be brief.",
    top_p: 0.5,
    stop_sequences: ["END"],
  });
});
