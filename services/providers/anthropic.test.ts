import assert from "node:assert/strict";
import { test } from "node:test";
import { openAnthropic } from "./anthropic.ts";
import type { Exchange } from "./http/http-transport.ts";
import { answerName } from "./request/structured-output.ts";

const usage = { input_tokens: 10, output_tokens: 5 };

/** One call that the provider answers with this body. */
function answeredWith(body: string) {
  const transport = {
    fetch: async () => new Response(body, { headers: { "content-type": "application/json" } }),
    limited: <Value>(_: Exchange, run: () => Promise<Value>) => run(),
    close: () => undefined,
  };
  return openAnthropic({ apiKey: "k", baseUrl: "http://127.0.0.1:1", transport })({
    model: "claude-3-5-sonnet-20241022",
    messages: [{ role: "user", content: "Answer in JSON." }],
    maxOutputTokens: 100,
    jsonSchema: { type: "object" },
    callId: "c",
    stream: false,
    limits: { connectMs: 1000, firstByteMs: 10_000, idleMs: 10_000 },
    timeoutMs: 1000,
    signal: new AbortController().signal,
  });
}

function toolAnswer(input: string): string {
  const content = `[{"type":"tool_use","name":"${answerName}","input":${input}}]`;
  const rest = `"model":"claude-3-5-sonnet-20241022","stop_reason":"tool_use"`;
  return `{${rest},"content":${content},"usage":${JSON.stringify(usage)}}`;
}

test("a structured answer comes as its JSON", async () => {
  const outcome = await answeredWith(toolAnswer('{"total": 3}'));
  assert.ok(outcome.kind === "answer");
  assert.equal(outcome.text, '{"total":3}');
});

test("a structured answer that is nested without end is malformed, billed, and no bug of ours", async () => {
  const outcome = await answeredWith(toolAnswer("[".repeat(100_000) + "]".repeat(100_000)));
  assert.ok(outcome.kind === "failure");
  assert.deepEqual([outcome.outcome, outcome.code], ["malformed", "answer_too_deep"]);
  assert.equal(outcome.usage?.output_tokens, 5, "what it cost is known");
});
