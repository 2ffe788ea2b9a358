/** Bodies of messages: what each field becomes, what is let through, what is refused and by which name. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesRequest } from "./messages-request.ts";

const user = { role: "user", content: "Hello" };
const read = (fields: Record<string, unknown>) =>
  messagesRequest.safeParse({ model: "assistant", max_tokens: 64, messages: [user], ...fields });
const asked = (fields: Record<string, unknown>) => {
  const { data, error } = read(fields);
  assert.equal(error, undefined);
  assert.ok(data !== undefined);
  return data;
};

test("a bare question is one turn and its limit", () => {
  assert.deepEqual(asked({}), {
    model: "assistant",
    turns: [user],
    options: { max_output_tokens: 64 },
    needs: [],
    stream: false,
    streamUsage: true,
  });
});

const use = { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Graz" } };
const result = { type: "tool_result", tool_use_id: "toolu_1", content: [{ type: "text", text: "21" }] };
const turns: readonly (readonly [name: string, messages: readonly object[], turns: readonly object[]])[] = [
  [
    "blocks of text are its lines",
    [{ role: "user", content: [text("a"), text("b")] }],
    [{ role: "user", content: "a\nb" }],
  ],
  [
    "an answer with a call of a tool",
    [
      {
        role: "assistant",
        content: [
          { ...text("Let me see"), citations: null },
          { ...use, caller: { type: "direct" } },
        ],
      },
    ],
    [
      {
        role: "assistant",
        content: "Let me see",
        tool_calls: [{ id: "toolu_1", name: "weather", arguments: { city: "Graz" } }],
      },
    ],
  ],
  [
    "results of tools are turns of their own, before what is said after them",
    [{ role: "user", content: [result, { ...result, tool_use_id: "toolu_2", content: "22" }, text("And now?")] }],
    [
      { role: "tool", content: "21", tool_call_id: "toolu_1" },
      { role: "tool", content: "22", tool_call_id: "toolu_2" },
      { role: "user", content: "And now?" },
    ],
  ],
  [
    "a result that is an error says so",
    [{ role: "user", content: [{ ...result, is_error: true }] }],
    [{ role: "tool", content: "Error: 21", tool_call_id: "toolu_1" }],
  ],
  [
    "a result without content is an empty one",
    [{ role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1" }] }],
    [{ role: "tool", content: "", tool_call_id: "toolu_1" }],
  ],
  ["instructions may come later", [{ role: "system", content: "Be brief" }], [{ role: "system", content: "Be brief" }]],
];
for (const [name, messages, expected] of turns) {
  test(name, () => assert.deepEqual(asked({ messages }).turns, expected));
}

function text(words: string): object {
  return { type: "text", text: words, cache_control: { type: "ephemeral" } };
}

test("the system's parts are a first turn, and an empty one is none", () => {
  assert.deepEqual(asked({ system: [text("a"), text("b")] }).turns, [{ role: "system", content: "a\nb" }, user]);
  assert.deepEqual(asked({ system: "" }).turns, [user]);
  assert.deepEqual(asked({ system: "" }).needs, []);
});

const schema = { type: "object", properties: { city: { type: "string" } } };
const offered = { type: "custom", name: "weather", description: "d", input_schema: schema, strict: true };
const ours = { name: "weather", description: "d", parameters: schema };
const options: readonly (readonly [name: string, fields: Record<string, unknown>, options: object])[] = [
  [
    "sampling is passed on",
    { temperature: 0, top_p: 0.5, stop_sequences: ["END"] },
    { temperature: 0, top_p: 0.5, stop: ["END"] },
  ],
  [
    "defaults ask for nothing",
    { temperature: 1, stop_sequences: [], thinking: { type: "disabled" }, speed: "standard" },
    {},
  ],
  ["tools keep their schema", { tools: [offered] }, { tools: [ours] }],
  [
    "a type is not needed",
    { tools: [{ name: "weather", input_schema: schema }] },
    { tools: [{ name: "weather", parameters: schema }] },
  ],
  [
    "any tool is one that must be",
    { tools: [offered], tool_choice: { type: "any" } },
    { tools: [ours], tool_choice: "required" },
  ],
  [
    "one at a time",
    { tools: [offered], tool_choice: { type: "auto", disable_parallel_tool_use: true } },
    { tools: [ours], tool_choice: "auto", parallel_tool_calls: false },
  ],
  [
    "a tool can be named",
    { tools: [offered], tool_choice: { type: "tool", name: "weather" } },
    { tools: [ours], tool_choice: { name: "weather" } },
  ],
  ["none of them", { tools: [offered], tool_choice: { type: "none" } }, { tools: [ours], tool_choice: "none" }],
  ["without tools there is nothing to choose", { tools: [], tool_choice: { type: "any" } }, {}],
  [
    "a schema of the answer is passed on",
    { output_config: { format: { type: "json_schema", schema } } },
    { output_schema: schema },
  ],
];
test("a schema of the answer by its older name", () => {
  assert.deepEqual(asked({ output_format: { type: "json_schema", schema } }).options.output_schema, schema);
});

for (const [name, fields, expected] of options) {
  test(name, () => assert.deepEqual(asked(fields).options, { ...expected, max_output_tokens: 64 }));
}

test("what needs the harness's permission is told by its field", () => {
  const everything = {
    system: "Be brief",
    messages: [user, { role: "system", content: "Be brief" }],
    tools: [offered],
    output_config: { format: { type: "json_schema", schema } },
    temperature: 0.1,
    top_p: 0.9,
    stop_sequences: ["x"],
  };
  assert.deepEqual(
    asked(everything).needs.map(({ right, param }) => `${right} ${param}`),
    [
      "instructions system",
      "instructions messages.1",
      "tools tools",
      "outputSchema output_config.format",
      "sampling temperature",
      "sampling top_p",
      "sampling stop_sequences",
    ],
  );
});

test("what changes nothing of the answer is let through", () => {
  const harmless = { metadata: { user_id: "u" }, service_tier: "auto", cache_control: { type: "ephemeral" } };
  assert.deepEqual(asked(harmless).options, { max_output_tokens: 64 });
});

test("a thread is told apart from what is merely wrong, so that the SDK goes on without", () => {
  assert.equal(asked({ thread: { type: "create" } }).unsupported?.code, "thread_unsupported_request");
  assert.equal(asked({ thread: null }).unsupported, undefined);
});

const image = { type: "image", source: { type: "url", url: "https://x.example/y.png" } };
const refused: readonly (readonly [fields: Record<string, unknown>, path: string, message: RegExp])[] = [
  [{ max_tokens: undefined }, "max_tokens", /./],
  [{ messages: [{ role: "user", content: [image] }] }, "messages.0.content.0.type", /text or tool_result/],
  [{ messages: [{ role: "user", content: [use] }] }, "messages.0.content.0.type", /text or tool_result/],
  [
    { messages: [{ role: "assistant", content: [{ type: "thinking" }] }] },
    "messages.0.content.0.type",
    /text or tool_use/,
  ],
  [
    { messages: [{ role: "user", content: [{ ...result, content: [image] }] }] },
    "messages.0.content.0.content.0",
    /image/,
  ],
  [{ messages: [{ role: "user", content: 7 }] }, "messages.0.content", /list of blocks/],
  [{ messages: [{ role: "tool", content: "x" }] }, "messages.0.role", /role must be/],
  [{ thinking: { type: "enabled", budget_tokens: 2000 } }, "thinking", /settles/],
  [{ mcp_servers: [{ url: "https://x.example" }] }, "mcp_servers", /settles/],
  [{ top_k: 5 }, "top_k", /settles/],
  [{ output_config: { effort: "high" } }, "output_config.effort", /settles/],
  [{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, "tools.0.type", /run on a server/],
  [{ tools: [offered], tool_choice: { type: "most" } }, "tool_choice.type", /must be auto/],
  [{ colour: "red" }, "colour", /no such field/],
];
for (const [fields, path, message] of refused) {
  test(`${JSON.stringify(fields).slice(0, 80)} is refused as ${path}`, () => {
    const [issue] = read(fields).error?.issues ?? [];
    assert.equal(issue?.path.join("."), path);
    assert.match(issue?.message ?? "", message);
  });
}
