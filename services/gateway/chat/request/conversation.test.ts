/** A conversation as a run: what the harness must be and permit, and what the run then holds. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallerRights } from "../../../../schemas/parts/call-options.ts";
import { runRequest } from "../../../../schemas/records/run-request.ts";
import { sampleHarness, type DefinitionChanges } from "../../../../test/support/sample-definition.ts";
import { harnessNamed, runOf, type Conversation } from "./conversation.ts";

const nothing: CallerRights = { instructions: false, tools: false, outputSchema: false, sampling: false };
const chat = (changes: DefinitionChanges = {}) =>
  sampleHarness({ name: "chat", prompt: { system: "", user: "", messages: "turns" }, ...changes });
const question: Conversation = {
  model: "chat",
  turns: [{ role: "user", content: "Hello" }],
  options: {},
  needs: [],
  stream: false,
  streamUsage: false,
};
const whose = { clientId: "acme", harness: { name: "chat" } };

test("the conversation becomes the field that the harness passes through", () => {
  assert.deepEqual(runOf(question, chat(), whose), {
    kind: "run",
    run: { client_id: "acme", harness: "chat", input: { turns: [{ role: "user", content: "Hello" }] } },
  });
});

test("everything said of the run is on it, and it is a request as the topic takes it", () => {
  const calls = [{ id: "1", name: "f", arguments: { a: [1, null] } }];
  const turns = [
    ...question.turns,
    { role: "assistant", content: "", tool_calls: calls } as const,
    { role: "tool", content: "x", tool_call_id: "1" } as const,
  ];
  const asked = { ...question, turns, options: { max_output_tokens: 5 } };
  const made = runOf(asked, chat(), {
    clientId: "acme",
    harness: { name: "chat", version: "0123456789abcdef" },
    feature: "search",
    subjectId: "person-1",
    deadlineAtMs: 5,
  });
  assert.ok(made.kind === "run");
  assert.deepEqual(runRequest.parse(made.run), {
    client_id: "acme",
    harness: "chat",
    harness_version: "0123456789abcdef",
    feature: "search",
    subject_id: "person-1",
    deadline_at_ms: 5,
    input: { turns },
    options: { max_output_tokens: 5 },
  });
});

test("a harness that passes no conversation through is not for chat", () => {
  const made = runOf(question, sampleHarness(), whose);
  assert.ok(made.kind === "refused");
  assert.deepEqual([made.refusal.status, made.refusal.code, made.refusal.param], [400, "harness_not_chat", "model"]);
  assert.match(made.refusal.message, /POST \/v1\/runs/);
});

test("what no harness gives is refused by the dialect's own code", () => {
  const unsupported = { code: "thread_unsupported_request", param: "thread", message: "no conversation is kept here" };
  const made = runOf({ ...question, unsupported }, chat(), whose);
  assert.deepEqual(made, { kind: "refused", refusal: { status: 400, ...unsupported } });
});

for (const right of ["instructions", "tools", "outputSchema", "sampling"] as const) {
  const asked: Conversation = { ...question, needs: [{ right, param: "the.field" }] };
  test(`${right} need the harness's word, and the refusal names field and rule`, () => {
    for (const callers of [undefined, nothing, { ...nothing, [right]: false }]) {
      const made = runOf(asked, chat(callers === undefined ? {} : { callers }), whose);
      assert.ok(made.kind === "refused");
      assert.deepEqual([made.refusal.status, made.refusal.param], [400, "the.field"]);
      assert.match(made.refusal.message, new RegExp(`callers\\.${right} `));
    }
    assert.equal(runOf(asked, chat({ callers: { ...nothing, [right]: true } }), whose).kind, "run");
  });
}

test("any JSON object is what a JSON harness gives anyway, and another needs to be asked for", () => {
  const asked: Conversation = { ...question, anyJson: "response_format" };
  const json = chat({ output: { format: "json", schema: { type: "object" }, maxTokens: 10 } });
  assert.deepEqual(runOf(asked, json, whose), runOf(question, json, whose));
  const refused = runOf(asked, chat(), whose);
  assert.ok(refused.kind === "refused");
  assert.equal(refused.refusal.param, "response_format");
  const made = runOf(asked, chat({ callers: { ...nothing, outputSchema: true } }), whose);
  assert.ok(made.kind === "run");
  assert.deepEqual(made.run.options, { output_schema: { type: "object" } });
});

for (const [model, named] of [
  ["chat", { name: "chat" }],
  ["chat@0123456789abcdef", { name: "chat", version: "0123456789abcdef" }],
  ["chat@latest", null],
  ["gpt-4o", { name: "gpt-4o" }],
  ["Chat", null],
  ["chat\n", null],
  ["", null],
] as const) {
  test(`the model ${JSON.stringify(model)} names ${JSON.stringify(named)}`, () =>
    assert.deepEqual(harnessNamed(model), named));
}
