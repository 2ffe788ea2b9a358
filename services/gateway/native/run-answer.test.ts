import assert from "node:assert/strict";
import { test } from "node:test";
import { noSpend } from "../../../schemas/parts/usage.ts";
import { resultStatuses } from "../../../schemas/parts/codes.ts";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import { errorBody, runAnswer } from "./run-answer.ts";
import { runView } from "./run-view.ts";

const runId = "0198c5a0-0000-7000-8000-000000000001";
const nowMs = 1_800_000_000_000;

function resultOf(fields: Partial<RunResult>): RunResult {
  return {
    kind: "result",
    run_id: runId,
    status: "ok",
    decided_by: "output-validate",
    client_id: "acme",
    harness: { name: "summarise", version: "0123456789abcdef" },
    origin: { topic: "harness-requests", partition: 0, offset: "1" },
    received_at_ms: nowMs - 1000,
    finished_at_ms: nowMs,
    attempts: 1,
    spent: noSpend,
    output: { plain: "fine" },
    reasons: [],
    ...fields,
  };
}

const answerOf = (fields: Partial<RunResult>) => runAnswer(runId, { kind: "ended", result: resultOf(fields) }, nowMs);

for (const { name, fields, status } of [
  { name: "ok", fields: { status: "ok" }, status: 200 },
  { name: "released by a reviewer", fields: { status: "released" }, status: 200 },
  { name: "degraded, with the harness's declared answer", fields: { status: "degraded" }, status: 200 },
  { name: "degraded without an answer", fields: { status: "degraded", output: undefined }, status: 503 },
  { name: "refused by a guard", fields: { status: "refused", output: undefined }, status: 400 },
  { name: "invalid", fields: { status: "invalid", output: undefined }, status: 400 },
  { name: "failed validation", fields: { status: "failed_validation", output: undefined }, status: 422 },
  { name: "expired", fields: { status: "expired", output: undefined }, status: 504 },
  { name: "over budget", fields: { status: "over_budget", output: undefined }, status: 429 },
  { name: "cancelled", fields: { status: "cancelled", output: undefined }, status: 409 },
  { name: "rejected by a reviewer", fields: { status: "rejected", output: undefined }, status: 403 },
] as const) {
  test(`a run that is ${name} answers ${status}`, () => {
    const answer = answerOf(fields);
    assert.equal(answer.status, status);
    assert.equal(answer.headers["breakwater-run-id"], runId);
    assert.equal(answer.headers["breakwater-status"], fields.status);
    // What was paid for or accepted is never tried again by an SDK of its own accord.
    assert.equal(answer.headers["x-should-retry"], status === 200 ? undefined : "false");
    (status === 200 ? runView : errorBody).parse(answer.body);
  });
}

test("every status has an answer in the documented shape", () => {
  for (const status of resultStatuses) {
    const { status: code, body } = answerOf({ status, output: undefined });
    (code === 200 ? runView : errorBody).parse(body);
  }
});

for (const kind of ["running", "in_review"] as const) {
  test(`a run that is ${kind} answers 202 and where to ask`, () => {
    const { status, headers, body } = runAnswer(runId, { kind }, nowMs);
    assert.deepEqual([status, headers["location"]], [202, `/v1/runs/${runId}`]);
    assert.deepEqual(body, { run_id: runId, state: kind });
  });
}

test("a refusal is named by its first reason, and says which field it is about", () => {
  const reasons = [{ code: "injection", message: "no", path: "/text" }];
  const { body } = answerOf({ status: "refused", output: undefined, reasons });
  const { error } = errorBody.parse(body);
  assert.deepEqual([error.code, error.param, error.run_id], ["injection", "/text", runId]);
});

test("a budget says when it starts anew: the longest wait of its reasons, in whole seconds", () => {
  const reasons = [
    { code: "over_budget", message: "day", resets_at_ms: nowMs + 2500 },
    { code: "over_budget", message: "minute", retry_after_ms: 900 },
  ];
  assert.equal(answerOf({ status: "over_budget", output: undefined, reasons }).headers["retry-after"], "3");
  const none = answerOf({
    status: "over_budget",
    output: undefined,
    reasons: [{ code: "over_budget", message: "run" }],
  });
  assert.equal(none.headers["retry-after"], undefined);
});

test("an erased answer is said to be", () => {
  const { body } = answerOf({ output: { key_id: "erased", sealed: "" } });
  const { sealed, erased, output } = runView.parse(body);
  assert.deepEqual([sealed, erased, output], [undefined, true, undefined]);
});

test("a sealed answer is not shown", () => {
  const { body } = answerOf({ output: { key_id: "k", sealed: "AAAA" } });
  const { sealed, output } = runView.parse(body);
  assert.deepEqual([sealed, output], [true, undefined]);
});
