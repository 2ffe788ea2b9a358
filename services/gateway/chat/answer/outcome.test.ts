/** What a chat client is told of each way in which a run can stand. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { resultStatuses } from "../../../../schemas/parts/codes.ts";
import type { RunResult } from "../../../../schemas/records/run-result.ts";
import { sampleHarness } from "../../../../test/support/sample-definition.ts";
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
  assert.deepEqual([outcome.refusal.status, outcome.refusal.code], [500, "content_sealed"]);
});

const answered = ["ok", "released", "degraded"];
const statuses: Readonly<Record<string, readonly [status: number, code: string]>> = {
  refused: [400, "injection"],
  invalid: [400, "injection"],
  failed_validation: [422, "failed_validation"],
  degraded: [503, "degraded"],
  expired: [504, "expired"],
  over_budget: [429, "over_budget"],
  cancelled: [409, "cancelled"],
  rejected: [403, "rejected"],
};
for (const status of resultStatuses) {
  const expected = statuses[status];
  if (answered.includes(status))
    test(`${status} with an output is an answer`, () => assert.equal(textOf({ status, output: { plain: "x" } }), "x"));
  if (expected === undefined) continue;
  test(`${status} without one is ${expected.join(" ")}, with its reason`, () => {
    const reasons = [{ code: "injection", message: "reads like an attack", path: "/turns/0" }];
    const outcome = told({ status, reasons });
    assert.ok(outcome.kind === "failed");
    assert.deepEqual([outcome.refusal.status, outcome.refusal.code], expected);
    assert.match(outcome.refusal.message, /: reads like an attack$/);
    assert.equal(outcome.refusal.param, expected[0] === 400 ? "/turns/0" : undefined);
    assert.doesNotMatch(JSON.stringify(told({ status })), /undefined|: null/);
  });
}

test("a budget says when it starts anew, a limit when it has room again", () => {
  const over = told({
    status: "over_budget",
    reasons: [{ code: "over_budget", message: "m", resets_at_ms: nowMs + 7 }],
  });
  assert.ok(over.kind === "failed");
  assert.equal(over.refusal.retryAfterMs, 7);
  const limited = told({ status: "refused", reasons: [{ code: "rate_limited", message: "m", retry_after_ms: 30 }] });
  assert.ok(limited.kind === "failed");
  assert.deepEqual(
    [limited.refusal.status, limited.refusal.code, limited.refusal.retryAfterMs],
    [429, "rate_limited", 30],
  );
});

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
