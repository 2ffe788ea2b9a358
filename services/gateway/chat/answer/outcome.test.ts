/** What a chat client is told of each way in which a run can stand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resultStatuses } from "../../../../schemas/parts/codes.ts";
import type { RunResult } from "../../../../schemas/records/run-result.ts";
import { sampleHarness } from "../../../../test/support/sample-definition.ts";
import { runFailure } from "../../runs/run-failure.ts";
import { outcomeOf } from "./outcome.ts";

const nowMs = 1_000_000;
const text = sampleHarness({ name: "chat" });
const json = sampleHarness({ name: "chat", output: { format: "json", schema: { type: "object" }, maxTokens: 10 } });
const result: RunResult = {
  kind: "result",
  run_id: "0199aaaa-0000-7000-8000-000000000000",
  status: "ok",
  decided_by: "output-validate",
  client_id: "acme",
  harness: { name: "chat", version: "0123456789abcdef" },
  origin: { topic: "harness-requests", partition: 0, offset: "1" },
  received_at_ms: 5,
  finished_at_ms: 6,
  attempts: 2,
  spent: { calls: 2, input_tokens: 30, output_tokens: 7, cost_usd: "0.1", unpriced_calls: 0 },
  reasons: [],
};
const told = (changes: Partial<RunResult>, definition = text) =>
  outcomeOf({ kind: "ended", result: { ...result, ...changes } }, { definition, nowMs });
const textOf = (changes: Partial<RunResult>, definition = text) => {
  const outcome = told(changes, definition);
  assert.equal(outcome.kind, "answered");
  return outcome.kind === "answered" ? outcome.answer.text : "";
};

test("an answer carries its run, its version and all tokens that were paid for", () => {
  assert.deepEqual(told({ output: { plain: "Good morning" } }), {
    kind: "answered",
    status: "ok",
    answer: {
      runId: result.run_id,
      harness: "chat",
      version: "0123456789abcdef",
      text: "Good morning",
      toolCalls: [],
      isCut: false,
      inputTokens: 30,
      outputTokens: 7,
      receivedAtMs: 5,
    },
  });
});

test("text is given as it is, JSON as its text, also where it is a string", () => {
  assert.equal(textOf({ output: { plain: "7" } }), "7");
  assert.equal(textOf({ output: { plain: { a: [1] } } }), '{"a":[1]}');
  assert.equal(textOf({ output: { plain: { a: [1] } } }, json), '{"a":[1]}');
  assert.equal(textOf({ output: { plain: "7" } }, json), '"7"');
});

test("calls of tools stand beside what was said, or alone", () => {
  const calls = { plain: [{ id: "1", name: "f", arguments: { a: 1 } }] };
  for (const [output, expected] of [
    [{ plain: "Let me see" }, "Let me see"],
    [{ plain: "" }, null],
    [undefined, null],
  ] as const) {
    const outcome = told({ tool_calls: calls, ...(output === undefined ? {} : { output }) });
    assert.ok(outcome.kind === "answered");
    assert.deepEqual([outcome.answer.text, outcome.answer.toolCalls], [expected, calls.plain]);
  }
});

test("an answer that is sealed is not given out", () => {
  const outcome = told({ output: { key_id: "k", sealed: "AAAA" } });
  assert.ok(outcome.kind === "failed");
  assert.deepEqual([outcome.refusal.status, outcome.refusal.code], [503, "content_sealed"]);
});

test("an answer whose subject was erased is told as gone", () => {
  const outcome = told({ output: { key_id: "erased", sealed: "" } });
  assert.ok(outcome.kind === "failed");
  assert.deepEqual([outcome.refusal.status, outcome.refusal.code], [410, "erased"]);
});

for (const status of resultStatuses) {
  const reasons = [{ code: "injection", message: "reads like an attack" }];
  test(`${status} is an answer or the run's failure`, () => {
    const outcome = told({ status, reasons });
    const refusal = runFailure({ ...result, status, reasons }, nowMs);
    assert.deepEqual(outcome.kind === "failed" ? outcome.refusal : null, refusal);
    assert.equal(outcome.status, status);
  });
}

test("what has not ended is an error that says where to look", () => {
  for (const [kind, status, code] of [
    ["in_review", 409, "held_for_review"],
    ["running", 504, "still_running"],
  ] as const) {
    const outcome = outcomeOf({ kind }, { definition: text, nowMs });
    assert.ok(outcome.kind === "failed");
    assert.deepEqual([outcome.refusal.status, outcome.refusal.code], [status, code]);
    assert.match(outcome.refusal.message, /GET \/v1\/runs/);
  }
});
