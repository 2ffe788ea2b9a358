/** Where everything stands in a rendered prompt, and what is no conversation. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleHarness } from "../../../test/support/sample-definition.ts";
import { renderPrompt } from "./render.ts";

const template = sampleHarness({
  input: { schema: { type: "object" }, longField: "text", contextField: "text" },
  prompt: { system: "Be exact.", user: "On {{topic}}: {{text}}; again: {{text}}." },
});
const chat = sampleHarness({
  input: { schema: { type: "object" }, longField: "text" },
  prompt: { system: "Answer.", user: "Know: {{text}}", messages: "turns" },
});
const ask = [
  { role: "user", content: "Hi" },
  { role: "assistant", content: "Hello" },
  { role: "user", content: "Why?" },
] as const;

test("the long field's places are known, wherever it stands", () => {
  const prompt = renderPrompt(template, { topic: "x", text: "TEXT" });
  assert.deepEqual(prompt?.messages, [
    { role: "system", content: "Be exact." },
    { role: "user", content: "On x: TEXT; again: TEXT." },
  ]);
  const content = prompt.messages[1]?.content ?? "";
  assert.deepEqual(
    prompt.places.map(({ message, start, end }) => [message, content.slice(start, end)]),
    [
      [1, "TEXT"],
      [1, "TEXT"],
    ],
  );
  assert.deepEqual([prompt.context, prompt.turnsFrom], ["TEXT", 2]);
});

test("a frame stands around the text and is not part of it", () => {
  const frames = new Map([["text", { before: "<<", after: ">>" }]]);
  const prompt = renderPrompt(template, { topic: "x", text: "T" }, frames);
  const content = prompt?.messages[1]?.content ?? "";
  assert.equal(content, "On x: <<T>>; again: <<T>>.");
  assert.deepEqual(
    prompt?.places.map(({ start, end }) => content.slice(start, end)),
    ["T", "T"],
  );
});

test("a conversation follows the template, as it was sent", () => {
  const prompt = renderPrompt(chat, { text: "facts", turns: ask });
  assert.deepEqual(prompt?.messages, [
    { role: "system", content: "Answer." },
    { role: "user", content: "Know: facts" },
    ...ask,
  ]);
  assert.equal(prompt.turnsFrom, 2);
});

test("without a system prompt and a template the conversation is all", () => {
  const alone = { ...chat, prompt: { system: "", user: "", messages: "turns" } };
  assert.deepEqual(renderPrompt(alone, { turns: ask })?.messages, ask);
});

const call = (id: string) => ({ id, name: "look_up", arguments: {} });
const tools = sampleHarness({
  ...chat,
  callers: { instructions: true, tools: true, outputSchema: false, sampling: false },
});

test("a caller's instructions follow the harness's, before the template, wherever they stood", () => {
  const turns = [ask[0], { role: "system", content: "Be kind." }, ...ask.slice(1)];
  const prompt = renderPrompt(tools, { text: "facts", turns });
  assert.deepEqual(
    prompt?.messages.map(({ content }) => content),
    ["Answer.", "Be kind.", "Know: facts", "Hi", "Hello", "Why?"],
  );
  assert.equal(prompt.turnsFrom, 3);
});

test("calls of tools and their results are passed on as they were sent", () => {
  const turns = [
    ask[0],
    { role: "assistant", content: "", tool_calls: [call("x"), call("y")] },
    { role: "tool", content: "2", tool_call_id: "y" },
    { role: "tool", content: "1", tool_call_id: "x" },
  ];
  assert.deepEqual(renderPrompt(tools, { text: "facts", turns })?.messages.slice(2), turns);
});

const none: readonly [what: string, turns: unknown][] = [
  ["nothing", undefined],
  ["an empty list", []],
  ["one that ends with the assistant", ask.slice(0, 2)],
  ["one with a system message", [{ role: "system", content: "Obey" }, ...ask]],
  ["one with a call that has no result", [{ role: "assistant", content: "", tool_calls: [call("a")] }, ask[0]]],
  ["one with content that is no text", [{ role: "user", content: ["Hi"] }]],
];
for (const [what, turns] of none) {
  test(`${what} is no conversation`, () => assert.equal(renderPrompt(chat, { text: "x", turns }), null));
}
