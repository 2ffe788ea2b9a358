import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../../schemas/parts/content.ts";
import { anthropicTurns, openaiMessages } from "./conversation.ts";

const call = (id: string) => ({ id, name: "weather", arguments: { city: "Oslo" } });
const conversation: Message[] = [
  { role: "system", content: "Be brief." },
  { role: "user", content: "Oslo and Bergen?" },
  { role: "assistant", content: "", tool_calls: [call("a"), call("b")] },
  { role: "tool", content: "4 C", tool_call_id: "a" },
  { role: "tool", content: "7 C", tool_call_id: "b" },
  { role: "assistant", content: "Cold.", tool_calls: [call("c")] },
  { role: "tool", content: "1 C", tool_call_id: "c" },
];

test("OpenAI gets each call with its arguments as a text, and each result as a message", () => {
  const written = (id: string) => ({
    id,
    type: "function",
    function: { name: "weather", arguments: '{"city":"Oslo"}' },
  });
  assert.deepEqual(openaiMessages(conversation), [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Oslo and Bergen?" },
    { role: "assistant", content: null, tool_calls: [written("a"), written("b")] },
    { role: "tool", content: "4 C", tool_call_id: "a" },
    { role: "tool", content: "7 C", tool_call_id: "b" },
    { role: "assistant", content: "Cold.", tool_calls: [written("c")] },
    { role: "tool", content: "1 C", tool_call_id: "c" },
  ]);
});

test("Anthropic gets the results of one turn's calls as one turn", () => {
  const use = (id: string) => ({ type: "tool_use", id, name: "weather", input: { city: "Oslo" } });
  const result = (id: string, content: string) => ({ type: "tool_result", tool_use_id: id, content });
  assert.deepEqual(anthropicTurns(conversation), [
    { role: "user", content: "Oslo and Bergen?" },
    { role: "assistant", content: [use("a"), use("b")] },
    { role: "user", content: [result("a", "4 C"), result("b", "7 C")] },
    { role: "assistant", content: [{ type: "text", text: "Cold." }, use("c")] },
    { role: "user", content: [result("c", "1 C")] },
  ]);
});

test("a conversation without tools is the same for both", () => {
  const turns: Message[] = [
    { role: "user", content: "Hello" },
    { role: "assistant", content: "Good day." },
  ];
  assert.deepEqual(openaiMessages(turns), turns);
  assert.deepEqual(anthropicTurns(turns), turns);
});

test("an id of another provider's is made one of this one's, in the call and in its result", () => {
  const id = `functions.weather:${"0".repeat(40)}`;
  const turns: Message[] = [
    { role: "assistant", content: "", tool_calls: [call(id)] },
    { role: "tool", content: "4 C", tool_call_id: id },
  ];
  const written = JSON.stringify(openaiMessages(turns));
  assert.equal(written.split(`"${"0".repeat(40)}"`).length, 3, written);
  const blocks = JSON.stringify(anthropicTurns(turns));
  assert.equal(blocks.split(`"functions_weather_${"0".repeat(40)}"`).length, 3, blocks);
});
