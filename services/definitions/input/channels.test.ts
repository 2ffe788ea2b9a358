/** Which channel a field belongs to, declared or not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { channelOf, declaredChannels, hasUntrusted, turnChannel, type ChannelSource } from "./channels.ts";

const fields: readonly [what: string, input: ChannelSource, field: string, channel: string][] = [
  ["a field that nobody says anything about is the user's", {}, "question", "user"],
  ["the long field is a document", { longField: "text" }, "text", "document"],
  ["the context field is a document", { contextField: "source" }, "source", "document"],
  ["what is declared holds", { channels: { page: "tool_result" } }, "page", "tool_result"],
  ["a declaration outranks the default", { longField: "text", channels: { text: "user" } }, "text", "user"],
  ["a name of Object's prototype is a field like any other", { channels: {} }, "constructor", "user"],
];
for (const [what, input, field, channel] of fields) {
  test(what, () => assert.equal(channelOf(input, field), channel));
}

test("the defaults are written out beside what is declared", () => {
  assert.deepEqual(declaredChannels({ longField: "a", contextField: "b", channels: { c: "system", a: "user" } }), {
    a: "user",
    b: "document",
    c: "system",
  });
  assert.deepEqual(declaredChannels({}), {});
});

test("an input has untrusted text when a document or a tool's result is in it", () => {
  const untrusted = (input: ChannelSource): boolean => hasUntrusted({ input, prompt: {} });
  assert.equal(untrusted({ longField: "a" }), true);
  assert.equal(untrusted({ channels: { a: "tool_result" } }), true);
  assert.equal(untrusted({ longField: "a", channels: { a: "user", b: "system" } }), false);
});

test("a conversation with the callers' tools can hold their results", () => {
  const prompt = { messages: "turns" };
  assert.equal(hasUntrusted({ input: {}, prompt, callers: { tools: true } }), true);
  assert.equal(hasUntrusted({ input: {}, prompt, callers: { tools: false } }), false);
  assert.equal(hasUntrusted({ input: {}, prompt: {}, callers: { tools: true } }), false);
});

test("a turn's channel follows its role, and else the field that it stands in", () => {
  const channels = ["tool", "system", "assistant", "user", 7].map((role) => turnChannel(role, "document"));
  assert.deepEqual(channels, ["tool_result", "system", "document", "document", "document"]);
});
