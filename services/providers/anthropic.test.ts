import assert from "node:assert/strict";
import { test } from "node:test";
import { providerCall, type CallChanges } from "../../test/support/provider-call.ts";
import { openAnthropic } from "./anthropic.ts";
import type { Exchange } from "./http/http-transport.ts";
import { answerName } from "./request/structured-output.ts";

const usage = { input_tokens: 10, output_tokens: 5 };

/** One call that the provider answers with this body. */
function answeredWith(body: string, changes: CallChanges = {}) {
  const transport = {
    fetch: async () => new Response(body, { headers: { "content-type": "application/json" } }),
    limited: <Value>(_: Exchange, run: () => Promise<Value>) => run(),
    close: () => undefined,
  };
  const model = "claude-3-5-sonnet-20241022";
  const call = providerCall({ model, callId: "c", jsonSchema: { type: "object" }, ...changes });
  return openAnthropic({ apiKey: "k", baseUrl: "http://127.0.0.1:1", transport })(call);
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

const use = (name: string, input: unknown, id = `toolu_${name}`) => ({ type: "tool_use", id, name, input });
const called = (name: string, text: string, id = `toolu_${name}`) => ({ id, name, arguments: text });
const tools = [{ name: "weather" }];

async function saidBy(content: readonly object[], changes: CallChanges = {}): Promise<unknown> {
  const body = { model: "m", stop_reason: "tool_use", content, usage };
  const outcome = await answeredWith(JSON.stringify(body), { tools, ...changes });
  return outcome.kind === "answer" ? [outcome.text, outcome.toolCalls] : outcome.code;
}

test("calls of the caller's tools are the answer, beside words or without any", async () => {
  const oslo = use("weather", { city: "Oslo" });
  assert.deepEqual(await saidBy([oslo]), ["", [called("weather", '{"city":"Oslo"}')]]);
  assert.deepEqual(await saidBy([{ type: "text", text: "Looking." }, oslo]), [
    "Looking.",
    [called("weather", '{"city":"Oslo"}')],
  ]);
});

test("an answer beside calls was made without their results: the calls stand", async () => {
  assert.deepEqual(await saidBy([use(answerName, { total: 3 }), use("weather", {})]), ["", [called("weather", "{}")]]);
});

test("a tool that nobody offered is a call like any other: what to think of it is judged later", async () => {
  assert.deepEqual(await saidBy([use("shell", { run: "x" })], { tools: undefined }), [
    "",
    [called("shell", '{"run":"x"}')],
  ]);
});

test("arguments that are nested without end are malformed, not a bug of ours", async () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const body = `{"model":"m","stop_reason":"tool_use","content":[{"type":"tool_use","id":"a","name":"weather","input":${deep}}]}`;
  const outcome = await answeredWith(body, { tools });
  assert.ok(outcome.kind === "failure" && outcome.code === "answer_too_deep");
});

test("no words and no call is no answer", async () => {
  assert.equal(await saidBy([]), "answer_empty");
});
