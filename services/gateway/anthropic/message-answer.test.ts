/** Answers in Anthropic's shape: what the whole says, its events say joined. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import type { ChatAnswer } from "../chat/answer/outcome.ts";
import { messageDocument } from "./message-document.ts";
import { anthropicError, messageEvents, messageOf } from "./message-answer.ts";

const answer: ChatAnswer = {
  runId: "0199aaaa-0000-7000-8000-000000000000",
  harness: "assistant",
  version: "0123456789abcdef",
  text: "Good morning",
  toolCalls: [],
  isCut: false,
  inputTokens: 12,
  outputTokens: 3,
  receivedAtMs: 1,
};
const tool = { id: "toolu_1", name: "weather", arguments: { city: "Graz" } };

test("a whole answer has every field of the real one", () => {
  assert.deepEqual(messageOf({ ...answer, toolCalls: [tool] }), {
    id: "msg_0199aaaa000070008000000000000000",
    type: "message",
    role: "assistant",
    model: "assistant",
    container: null,
    stop_details: null,
    content: [
      { type: "text", text: "Good morning", citations: null },
      { type: "tool_use", id: "toolu_1", caller: { type: "direct" }, name: "weather", input: { city: "Graz" } },
    ],
    stop_reason: "tool_use",
    stop_sequence: null,
    usage: {
      input_tokens: 12,
      output_tokens: 3,
      cache_creation: null,
      cache_creation_input_tokens: null,
      cache_read_input_tokens: null,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: "standard",
    },
  });
});

test("words that end at the caller's limit say so", () => {
  assert.equal(messageDocument.parse(messageOf({ ...answer, isCut: true })).stop_reason, "max_tokens");
  assert.match([...messageEvents({ ...answer, isCut: true })].join(""), /"stop_reason":"max_tokens"/);
});

test("the document describes it", () => {
  const whole = messageOf({ ...answer, toolCalls: [tool] });
  assert.deepEqual(messageDocument.parse(whole), whole);
});

const event = z.object({
  type: z.string(),
  index: z.int().optional(),
  delta: z.looseObject({ text: z.string().optional(), partial_json: z.string().optional() }).optional(),
});

function read(events: Iterable<string>) {
  return [...events].map((written) => {
    const { type, data } = /^event: (?<type>\w+)\ndata: (?<data>.*)\n\n$/s.exec(written)?.groups ?? {};
    const parsed = event.parse(JSON.parse(data ?? ""));
    assert.equal(parsed.type, type);
    return parsed;
  });
}

test("blocks follow one another, within one message", () => {
  const shown = read(messageEvents({ ...answer, toolCalls: [tool] }));
  const block = ["content_block_start", "content_block_delta", "content_block_stop"];
  assert.deepEqual(
    shown.map(({ type }) => type),
    ["message_start", ...block, ...block, "message_delta", "message_stop"],
  );
});

test("calls alone have no block of text", () => {
  assert.equal(read(messageEvents({ ...answer, text: null, toolCalls: [tool] })).length, 6);
});

test("joined, the deltas are the answer", () => {
  const given = fc.dictionary(fc.string(), fc.string({ maxLength: 300 }));
  fc.assert(
    fc.property(fc.string({ maxLength: 500 }), fc.array(given, { maxLength: 3 }), (text, inputs) => {
      const toolCalls = inputs.map((input) => ({ ...tool, arguments: input }));
      const shown = read(messageEvents({ ...answer, text, toolCalls }));
      const joined = (index: number, field: "text" | "partial_json"): string =>
        shown.flatMap((one) => (one.index === index ? [one.delta?.[field] ?? ""] : [])).join("");
      assert.equal(joined(0, "text"), text);
      for (const [at, input] of inputs.entries())
        assert.deepEqual(JSON.parse(joined(at + 1, "partial_json")), JSON.parse(JSON.stringify(input)));
    }),
  );
});

test("an error has the type that the SDK knows, and our code and field in its details", () => {
  assert.deepEqual(anthropicError({ status: 404, code: "model_not_found", message: "m", param: "model" }, "run"), {
    body: {
      type: "error",
      error: { type: "not_found_error", message: "m", details: { error_code: "model_not_found", param: "model" } },
      request_id: "run",
    },
  });
});
