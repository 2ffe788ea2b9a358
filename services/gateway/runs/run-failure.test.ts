/** The error of each way in which a run can end without an answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { noSpend } from "../../../schemas/parts/usage.ts";
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { ResultStatus } from "../../../schemas/parts/codes.ts";
import { runFailure } from "./run-failure.ts";

const nowMs = 1_800_000_000_000;
const failure = (status: ResultStatus, reasons: Reason[] = [], more: { output?: { plain: string } } = {}) =>
  runFailure(
    {
      kind: "result",
      run_id: "0198c5a0-0000-7000-8000-000000000001",
      status,
      decided_by: "output-validate",
      client_id: "acme",
      harness: null,
      origin: { topic: "harness-requests", partition: 0, offset: "1" },
      received_at_ms: 1,
      finished_at_ms: 2,
      attempts: 1,
      spent: noSpend,
      reasons,
      ...more,
    },
    nowMs,
  );

test("what has an answer is no failure", () => {
  assert.equal(failure("ok"), null);
  assert.equal(failure("released"), null);
  assert.equal(failure("degraded", [], { output: { plain: "x" } }), null);
});

const first: Reason = { code: "injection", message: "reads like an attack", path: "/turns/0" };
for (const [status, httpStatus, code] of [
  ["refused", 400, "injection"],
  ["invalid", 400, "injection"],
  ["failed_validation", 422, "failed_validation"],
  ["degraded", 503, "degraded"],
  ["expired", 504, "expired"],
  ["over_budget", 429, "over_budget"],
  ["cancelled", 409, "cancelled"],
  ["rejected", 403, "rejected"],
] as const) {
  test(`${status} is ${httpStatus} ${code}, with its first reason`, () => {
    const told = failure(status, [first, { code: "other", message: "other" }]);
    assert.deepEqual([told?.status, told?.code], [httpStatus, code]);
    assert.match(told?.message ?? "", /: reads like an attack$/);
    // What the caller sent is at fault in these alone.
    assert.equal(told?.param, httpStatus === 400 ? "/turns/0" : undefined);
    assert.equal(failure(status)?.code, httpStatus === 400 ? status : code);
  });
}

test("a run that ended because its subject was erased is told as gone", () => {
  const told = failure("cancelled", [{ code: "erased", message: "the content was erased" }]);
  assert.deepEqual([told?.status, told?.code], [410, "erased"]);
});

test("a limit that input-scan kept is a limit, and says when there is room again", () => {
  const told = failure("refused", [{ code: "rate_limited", message: "m", retry_after_ms: 30 }]);
  assert.deepEqual([told?.status, told?.code, told?.retryAfterMs], [429, "rate_limited", 30]);
});

test("the longest wait of all reasons counts, and one that is over is none", () => {
  const reset = (resetsInMs: number): Reason => ({ code: "b", message: "m", resets_at_ms: nowMs + resetsInMs });
  assert.equal(failure("over_budget", [reset(2500), { ...first, retry_after_ms: 900 }])?.retryAfterMs, 2500);
  assert.equal(failure("over_budget", [reset(-5)])?.retryAfterMs, 0);
  assert.equal(failure("over_budget", [first])?.retryAfterMs, undefined);
});
