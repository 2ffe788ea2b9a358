/** Bodies of chat completions: what each field becomes, what is let through, what is refused and by which name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chatRequest } from "./chat-request.ts";

const user = { role: "user", content: "Hello" };
const read = (fields: Record<string, unknown>) =>
  chatRequest.safeParse({ model: "assistant", messages: [user], ...fields });
const asked = (fields: Record<string, unknown>) => {
  const { data, error } = read(fields);
  assert.equal(error, undefined);
  assert.ok(data !== undefined);
  return data;
};

test("a bare question is one turn and asks for nothing else", () => {
  assert.deepEqual(asked({}), {
    model: "assistant",
    turns: [user],
    options: {},
    needs: [],
    stream: false,
    streamUsage: false,
  });
});

const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Graz"}' } };
const ours = { id: "call_1", name: "weather", arguments: { city: "Graz" } };
const turns: readonly (readonly [name: string, written: object, ours: object])[] = [
  [
    "a developer's message is an instruction",
    { role: "developer", content: "Be brief" },
    { role: "system", content: "Be brief" },
  ],
  [
    "parts of a text are its lines",
    {
      role: "user",
      content: [
        { type: "text", text: "a" },
        { type: "text", text: "b" },
      ],
    },
    { role: "user", content: "a\nb" },
  ],
  ["a speaker's name is not passed on", { ...user, name: "Ann" }, user],
  [
    "an answer as the SDK keeps it comes back as it was",
    { role: "assistant", content: null, refusal: null, annotations: [], parsed: null, tool_calls: [call] },
    { role: "assistant", content: "", tool_calls: [ours] },
  ],
  [
    "no arguments are an empty object",
    { role: "assistant", tool_calls: [{ ...call, function: { name: "weather", arguments: "" } }] },
    { role: "assistant", content: "", tool_calls: [{ ...ours, arguments: {} }] },
  ],
  [
    "an empty list of calls is none",
    { role: "assistant", content: "Hi", tool_calls: [] },
    { role: "assistant", content: "Hi" },
  ],
  [
    "a tool's result names its call",
    { role: "tool", tool_call_id: "call_1", content: "21" },
    { role: "tool", tool_call_id: "call_1", content: "21" },
  ],
];
for (const [name, written, expected] of turns) {
  test(name, () => assert.deepEqual(asked({ messages: [written, user] }).turns[0], expected));
}

const schema = { type: "object", properties: { city: { type: "string" } } };
const offered = { type: "function", function: { name: "weather", description: "d", parameters: schema, strict: true } };
const options: readonly (readonly [name: string, fields: Record<string, unknown>, options: object])[] = [
  [
    "the newer limit on tokens goes before the older",
    { max_tokens: 5, max_completion_tokens: 7 },
    { max_output_tokens: 7 },
  ],
  ["the older limit holds alone", { max_tokens: 5, max_completion_tokens: null }, { max_output_tokens: 5 }],
  [
    "defaults ask for nothing",
    { temperature: 1, top_p: 1, stop: null, n: 1, logprobs: false, frequency_penalty: 0 },
    {},
  ],
  ["sampling is passed on", { temperature: 0, top_p: 0.5, stop: "END" }, { temperature: 0, top_p: 0.5, stop: ["END"] }],
  ["several texts can end it", { stop: ["A", "B"] }, { stop: ["A", "B"] }],
  ["no text ends nothing", { stop: [] }, {}],
  [
    "tools lose their wrapping",
    { tools: [offered] },
    { tools: [{ name: "weather", description: "d", parameters: schema }] },
  ],
  [
    "a tool can be named",
    { tools: [offered], tool_choice: { type: "function", function: { name: "weather" } }, parallel_tool_calls: false },
    {
      tools: [{ name: "weather", description: "d", parameters: schema }],
      tool_choice: { name: "weather" },
      parallel_tool_calls: false,
    },
  ],
  ["without tools there is nothing to choose", { tools: [], tool_choice: "auto", parallel_tool_calls: true }, {}],
  [
    "a schema of the answer is passed on",
    { response_format: { type: "json_schema", json_schema: { name: "a", strict: true, schema } } },
    { output_schema: schema },
  ],
  ["text is what is given anyway", { response_format: { type: "text" } }, {}],
];
for (const [name, fields, expected] of options) {
  test(name, () => assert.deepEqual(asked(fields).options, expected));
}

test("what needs the harness's permission is told by its field", () => {
  const everything = {
    messages: [user, { role: "system", content: "Be brief" }],
    tools: [offered],
    response_format: { type: "json_schema", json_schema: { name: "a", schema } },
    temperature: 0.1,
    top_p: 0.9,
    stop: "x",
  };
  assert.deepEqual(
    asked(everything).needs.map(({ right, param }) => `${right} ${param}`),
    [
      "instructions messages.1",
      "tools tools",
      "outputSchema response_format",
      "sampling temperature",
      "sampling top_p",
      "sampling stop",
    ],
  );
});

test("any JSON object is asked for by name, and streams can carry usage", () => {
  assert.equal(asked({ response_format: { type: "json_object" } }).anyJson, "response_format");
  const streamed = asked({ stream: true, stream_options: { include_usage: true, include_obfuscation: false } });
  assert.deepEqual([streamed.stream, streamed.streamUsage], [true, true]);
});

test("what changes nothing of the answer is let through", () => {
  const harmless = {
    user: "u",
    metadata: { a: "b" },
    store: false,
    seed: 7,
    service_tier: "auto",
    prompt_cache_key: "k",
  };
  assert.deepEqual(asked({ ...harmless, safety_identifier: "s" }).options, {});
});

const image = { role: "user", content: [{ type: "image_url", image_url: { url: "https://x.example/y.png" } }] };
const refused: readonly (readonly [fields: Record<string, unknown>, path: string, message: RegExp])[] = [
  [{ n: 2 }, "n", /leave it out, or 1$/],
  [{ logprobs: true }, "logprobs", /settles/],
  [{ modalities: ["text", "audio"] }, "modalities", /settles/],
  [{ audio: { voice: "alloy" } }, "audio", /settles/],
  [{ prediction: { type: "content", content: "x" } }, "prediction", /settles/],
  [{ web_search_options: {} }, "web_search_options", /settles/],
  [{ reasoning_effort: "high" }, "reasoning_effort", /settles/],
  [{ store: true }, "store", /settles/],
  [{ functions: [{ name: "f" }] }, "functions", /settles/],
  [{ logit_bias: { "50256": -100 } }, "logit_bias", /settles/],
  [{ colour: "red" }, "colour", /no such field/],
  [{ model: "" }, "model", /./],
  [{ messages: [] }, "messages", /./],
  [{ messages: [image] }, "messages.0.content.0", /image_url is not taken/],
  [{ messages: [{ role: "user" }] }, "messages.0.content", /text or a list of text parts/],
  [{ messages: [{ role: "function", name: "f", content: "x" }] }, "messages.0.role", /role must be/],
  [{ messages: [{ role: "tool", content: "x" }] }, "messages.0.tool_call_id", /./],
  [
    { messages: [{ role: "assistant", tool_calls: [{ ...call, function: { name: "f", arguments: "{" } }] }] },
    "messages.0.tool_calls.0.function.arguments",
    /JSON object/,
  ],
  [
    { messages: [{ role: "assistant", tool_calls: [{ ...call, function: { name: "f", arguments: "[1]" } }] }] },
    "messages.0.tool_calls.0.function.arguments",
    /./,
  ],
  [{ tools: [{ type: "custom", custom: { name: "x" } }] }, "tools.0.type", /only tools of type function/],
  [{ tools: [offered], tool_choice: { type: "allowed_tools" } }, "tool_choice", /must be auto, none/],
  [{ response_format: { type: "grammar" } }, "response_format.type", /must be text/],
  [{ temperature: 3 }, "temperature", /./],
  [{ stop: ["a", "b", "c", "d", "e"] }, "stop", /./],
  [{ max_tokens: 0 }, "max_tokens", /./],
  [{ stream: "yes" }, "stream", /./],
];
for (const [fields, path, message] of refused) {
  test(`${JSON.stringify(fields).slice(0, 70)} is refused as ${path}`, () => {
    const [issue] = read(fields).error?.issues ?? [];
    assert.equal(issue?.path.join("."), path);
    assert.match(issue?.message ?? "", message);
  });
}
