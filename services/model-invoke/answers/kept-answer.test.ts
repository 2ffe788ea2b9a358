import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import { harness, runIdOf, taskOf } from "../../../test/support/model-invoke-fixtures.ts";
import { keptAnswer } from "./kept-answer.ts";

const answerKey = "0123456789abcdef0123456789abcdef";
const finishedAtMs = 1_790_000_000_000;

const given: RunResult = {
  kind: "result",
  run_id: runIdOf(7),
  status: "ok",
  decided_by: "output-validate",
  client_id: "acme",
  harness,
  origin: { topic: "harness-requests", partition: 0, offset: "1" },
  received_at_ms: finishedAtMs - 1000,
  finished_at_ms: finishedAtMs,
  attempts: 1,
  spent: { calls: 1, input_tokens: 1, output_tokens: 1, cost_usd: "0.1", unpriced_calls: 0 },
  output: { plain: { title: "Ropes" } },
  answer_key: answerKey,
  reasons: [],
};

const wanted = { task: taskOf(1, { answer_key: answerKey }), maxAgeMs: 60_000, nowMs: finishedAtMs + 60_000 };

test("a good answer to the same input is given, with its run and its time", () => {
  const answer = keptAnswer(given, wanted);
  assert.deepEqual(answer, {
    kind: "found",
    output: { plain: { title: "Ropes" } },
    stale: { run_id: runIdOf(7), finished_at_ms: finishedAtMs },
    reason: {
      code: "stale_answer",
      message: `no model answered: what run ${runIdOf(7)} was answered at ${new Date(finishedAtMs).toISOString()}`,
    },
  });
});

test("an empty answer is one too", () => {
  assert.equal(keptAnswer({ ...given, output: { plain: null } }, wanted).kind, "found");
});

const { output: _output, answer_key: _key, ...bare } = given;
const refused: readonly (readonly [string, unknown, string])[] = [
  ["nothing stands there any more", null, "not kept"],
  ["another kind of record", { kind: "attempt" }, "not kept"],
  ["another client's", { ...given, client_id: "globex" }, "not kept"],
  ["another harness's", { ...given, harness: { ...harness, name: "other" } }, "not kept"],
  ["another version's", { ...given, harness: { ...harness, version: "f".repeat(16) } }, "not kept"],
  ["the answer to another input", { ...given, answer_key: "f".repeat(32) }, "not kept"],
  ["an answer without a key", { ...bare, output: given.output }, "not kept"],
  ["no good answer", { ...given, status: "degraded" }, "not kept"],
  [
    "a stale answer itself",
    { ...given, status: "degraded", stale: { run_id: runIdOf(6), finished_at_ms: 1 } },
    "not kept",
  ],
  ["a sealed one", { ...given, output: { key_id: "subject-1", sealed: "AAAA" } }, "sealed"],
  ["one that calls tools", { ...given, tool_calls: { plain: [{ id: "a", name: "weather", arguments: {} }] } }, "tools"],
  ["one without an output", { ...bare, answer_key: answerKey }, "sealed"],
];

describe("not given is", () => {
  for (const [name, record, why] of refused) {
    test(name, () => {
      const answer = keptAnswer(record, wanted);
      assert.equal(answer.kind, "none");
      assert.equal(answer.reason.code, "no_last_answer");
      assert.match(answer.reason.message, new RegExp(why));
    });
  }

  test("one that is a millisecond too old", () => {
    const answer = keptAnswer(given, { ...wanted, nowMs: wanted.nowMs + 1 });
    assert.match(answer.kind === "none" ? answer.reason.message : "", /too old/);
  });

  test("anything to a run whose own input has no key", () => {
    assert.equal(keptAnswer({ ...bare, output: given.output }, { ...wanted, task: taskOf(1) }).kind, "none");
  });
});
