/** Answers in OpenAI's shape: what the whole says, its chunks say joined. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import type { ChatAnswer } from "../chat/answer/outcome.ts";
import { chatDocument } from "./chat-document.ts";
import { chatChunks, chatCompletion, openaiError } from "./chat-answer.ts";

const answer: ChatAnswer = {
  runId: "0199aaaa-0000-7000-8000-000000000000",
  harness: "assistant",
  version: "0123456789abcdef",
  text: "Good morning",
  toolCalls: [],
  isCut: false,
  inputTokens: 12,
  outputTokens: 3,
  receivedAtMs: 1_764_000_000_999,
};

test("a whole answer has every field of the real one", () => {
  assert.deepEqual(chatCompletion(answer), {
    id: "chatcmpl-0199aaaa-0000-7000-8000-000000000000",
    object: "chat.completion",
    created: 1_764_000_000,
    model: "assistant",
    service_tier: "default",
    system_fingerprint: "0123456789abcdef",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content: "Good morning", refusal: null, annotations: [] },
        logprobs: null,
        finish_reason: "stop",
      },
    ],
    usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
  });
});

test("the document describes it", () => {
  const toolCalls = [{ id: "call_1", name: "weather", arguments: { city: "Graz" } }];
  for (const one of [answer, { ...answer, isCut: true }, { ...answer, text: null, version: null, toolCalls }]) {
    const whole = chatCompletion(one);
    assert.deepEqual(chatDocument.parse(whole), whole);
  }
});

test("words that end at the caller's limit say so", () => {
  const [choice] = chatDocument.parse(chatCompletion({ ...answer, isCut: true })).choices;
  assert.equal(choice?.finish_reason, "length");
  assert.match(
    [...chatChunks({ ...answer, isCut: true }, { streamUsage: false })].join(""),
    /"finish_reason":"length"/,
  );
});

const chunk = z.object({
  choices: z.array(
    z.object({
      delta: z.object({
        role: z.string().optional(),
        content: z.string().nullish(),
        tool_calls: z
          .array(
            z.object({
              index: z.int(),
              id: z.string().optional(),
              function: z.object({ name: z.string().optional(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      finish_reason: z.string().nullable(),
    }),
  ),
  usage: z.object({ total_tokens: z.int() }).nullish(),
});

function read(events: Iterable<string>) {
  const data = [...events].map((event) => /^data: (.*)\n\n$/s.exec(event)?.[1] ?? "");
  assert.equal(data.pop(), "[DONE]");
  return data.map((text) => chunk.parse(JSON.parse(text)));
}

test("the role comes first, the end after all content, usage last and only if asked for", () => {
  const shown = (streamUsage: boolean) => read(chatChunks(answer, { streamUsage }));
  const plain = shown(false);
  assert.deepEqual(plain[0]?.choices[0]?.delta, { role: "assistant", content: "" });
  assert.equal(plain.at(-1)?.choices[0]?.finish_reason, "stop");
  assert.ok(plain.every(({ usage }) => usage === undefined));
  const counted = shown(true);
  assert.deepEqual(counted.at(-1), { choices: [], usage: { total_tokens: 15 } });
  assert.ok(counted.slice(0, -1).every(({ usage }) => usage === null));
});

test("joined, the chunks are the answer", () => {
  const call = fc.record({
    id: fc.string({ minLength: 1 }),
    name: fc.string({ minLength: 1 }),
    arguments: fc.dictionary(fc.string(), fc.string({ maxLength: 300 })),
  });
  fc.assert(
    fc.property(fc.string({ maxLength: 500 }), fc.array(call, { maxLength: 3 }), (text, toolCalls) => {
      const chunks = read(chatChunks({ ...answer, text, toolCalls }, { streamUsage: false }));
      const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
      assert.equal(deltas.map(({ content }) => content ?? "").join(""), text);
      const parts = deltas.flatMap(({ tool_calls: calls }) => calls ?? []);
      for (const [index, { id, name, arguments: given }] of toolCalls.entries()) {
        const own = parts.filter((part) => part.index === index);
        assert.deepEqual([own[0]?.id, own[0]?.function.name], [id, name]);
        assert.deepEqual(
          JSON.parse(own.map((part) => part.function.arguments).join("")),
          JSON.parse(JSON.stringify(given)),
        );
      }
      assert.equal(chunks.at(-1)?.choices[0]?.finish_reason, toolCalls.length === 0 ? "stop" : "tool_calls");
    }),
  );
});

test("an error names its field and our code", () => {
  assert.deepEqual(openaiError({ status: 429, code: "over_budget", message: "m", param: "model" }), {
    body: { error: { message: "m", type: "rate_limit_error", param: "model", code: "over_budget" } },
  });
  assert.deepEqual(openaiError({ status: 422, code: "failed_validation", message: "m" }), {
    body: { error: { message: "m", type: "invalid_request_error", param: null, code: "failed_validation" } },
  });
});
