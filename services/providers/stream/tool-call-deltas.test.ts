import assert from "node:assert/strict";
import { test } from "node:test";
import { assembleCompletion, assembleMessage, textPieces } from "./assemble-stream.ts";
import { joinToolCalls } from "./tool-call-deltas.ts";

const called = (id: string | undefined, name: string, text: string) => ({ id, function: { name, arguments: text } });
const begun = (index: number | undefined, id: string | undefined, name: string, text = "") => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  type: "function",
  function: { name, arguments: text },
});
const more = (index: number | undefined, text: string) => ({
  ...(index === undefined ? {} : { index }),
  function: { arguments: text },
});

const streams: readonly (readonly [name: string, deltas: readonly unknown[], calls: readonly unknown[]])[] = [
  ["no call", [], []],
  ["one call in pieces", [begun(0, "a", "f"), more(0, '{"x"'), more(0, ":1}")], [called("a", "f", '{"x":1}')]],
  [
    "two calls whose pieces alternate",
    [begun(0, "a", "f"), begun(1, "b", "g"), more(0, "{"), more(1, "["), more(0, "}"), more(1, "]")],
    [called("a", "f", "{}"), called("b", "g", "[]")],
  ],
  [
    "calls without numbers",
    [begun(undefined, "a", "f", "{}"), begun(undefined, "b", "f", "[]")],
    [called("a", "f", "{}"), called("b", "f", "[]")],
  ],
  [
    "calls that all are number 0",
    [begun(0, "a", "f", "{}"), begun(0, "b", "g", "[]")],
    [called("a", "f", "{}"), called("b", "g", "[]")],
  ],
  ["an id and a name that are repeated", [begun(0, "a", "f", "{"), begun(0, "a", "f", "}")], [called("a", "f", "{}")]],
  ["an id that comes late", [begun(0, undefined, "f", "{"), begun(0, "a", "", "}")], [called("a", "f", "{}")]],
  ["no id at all", [begun(0, undefined, "f", "{}")], [called(undefined, "f", "{}")]],
  ["what is no delta", [null, 3, "x"], [called(undefined, "", "")]],
];
for (const [name, deltas, calls] of streams) {
  test(`a stream with ${name}`, () => assert.deepEqual(joinToolCalls(deltas), calls));
}

const stream = (events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
const chunk = (delta: object, finish_reason: string | null = null) => ({
  model: "m",
  choices: [{ delta, finish_reason }],
});

test("a completion's calls are in its message, and their text counts as produced", () => {
  const events = stream([
    chunk({ content: "Looking." }),
    chunk({ tool_calls: [begun(0, "a", "weather"), begun(1, "b", "weather")] }),
    chunk({ tool_calls: [more(1, "{}"), more(0, '{"city":"Oslo"}')] }),
    chunk({}, "tool_calls"),
  ]);
  const tool_calls = [called("a", "weather", '{"city":"Oslo"}'), called("b", "weather", "{}")];
  assert.deepEqual(assembleCompletion(events), {
    kind: "body",
    body: {
      model: "m",
      choices: [{ finish_reason: "tool_calls", message: { content: "Looking.", refusal: null, tool_calls } }],
    },
  });
  assert.deepEqual(textPieces(events), ["Looking.", "weather", "weather", "{}", '{"city":"Oslo"}']);
});

test("a message's calls keep the text of their input, whole or cut off", () => {
  const use = (id: string) => ({ type: "tool_use", id, name: "weather", input: {} });
  const events = stream([
    { type: "message_start", message: { model: "m", usage: { input_tokens: 1, output_tokens: 1 } } },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Looking." } },
    { type: "content_block_start", index: 1, content_block: use("a") },
    { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"city":' } },
    { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '"Oslo"}' } },
    { type: "content_block_start", index: 2, content_block: use("b") },
    { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"ci' } },
    { type: "message_delta", delta: { stop_reason: "max_tokens" }, usage: { output_tokens: 9 } },
    { type: "message_stop" },
  ]);
  assert.deepEqual(assembleMessage(events), {
    kind: "body",
    body: {
      model: "m",
      stop_reason: "max_tokens",
      usage: { input_tokens: 1, output_tokens: 9 },
      content: [
        { type: "text", text: "Looking." },
        { ...use("a"), written: '{"city":"Oslo"}' },
        { ...use("b"), written: '{"ci' },
      ],
    },
  });
  assert.deepEqual(textPieces(events), ["Looking.", "weather", '{"city":', '"Oslo"}', "weather", '{"ci']);
});
