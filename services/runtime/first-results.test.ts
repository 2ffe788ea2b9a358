import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { noSpend } from "../../schemas/parts/usage.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { firstResults, parseResult } from "./first-results.ts";

const runs = [
  "0190f2c4-0000-7000-8000-000000000001",
  "0190f2c4-0000-7000-8000-000000000002",
  "0190f2c4-0000-7000-8000-000000000003",
] as const;

function result(runId: string, finishedAtMs: number): RunResult {
  return {
    kind: "result",
    run_id: runId,
    status: "ok",
    decided_by: "output-validate",
    client_id: "c",
    harness: null,
    origin: { topic: "harness-requests", partition: 0, offset: "0" },
    received_at_ms: 0,
    finished_at_ms: finishedAtMs,
    attempts: 1,
    spent: noSpend,
    reasons: [],
  };
}

const record = (value: unknown, offset: number) => ({
  partition: 0,
  offset: BigInt(offset),
  value: Buffer.from(JSON.stringify(value)),
});

test("of each run the first record by offset is given, and no other", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...runs)), (log) => {
      const reader = firstResults(() => true);
      const given = log.flatMap((runId, offset) => reader.take(record(result(runId, offset), offset)) ?? []);
      const expected = [...new Set(log)].map((runId) => ({ runId, at: log.indexOf(runId) }));
      assert.deepEqual(
        given.map(({ run_id: runId, finished_at_ms: at }) => ({ runId, at })),
        expected,
      );
    }),
  );
});

test("runs that nobody waits for are passed over", () => {
  const reader = firstResults((runId) => runId === runs[1]);
  assert.equal(reader.take(record(result(runs[0], 1), 0)), null);
  assert.equal(reader.take(record(result(runs[1], 2), 1))?.finished_at_ms, 2);
});

test("what is no result is passed over: nothing, no JSON, another record, a field of the wrong type", () => {
  assert.equal(parseResult(null), null);
  assert.equal(parseResult(Buffer.from("{")), null);
  assert.equal(parseResult(Buffer.from('{"kind":"decision"}')), null);
  assert.equal(parseResult(record({ ...result(runs[0], 1), attempts: 9 }, 0).value), null);
});

test("a field that a newer version added does not hide a result", () => {
  assert.equal(parseResult(record({ ...result(runs[0], 1), new_field: 1 }, 0).value)?.run_id, runs[0]);
});
