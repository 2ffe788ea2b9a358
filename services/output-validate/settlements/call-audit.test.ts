/** What the audit has of a call: whose, which model and version, how it ended, and what stands for its words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleFinish, sampleSettlement } from "../../../test/contract/sample-records.ts";
import { auditCall } from "../../../schemas/audit/call.ts";
import { erasedContent } from "../../../schemas/parts/content.ts";
import { callAuditOf } from "./call-audit.ts";

const settlement = sampleSettlement("the harbour wall");

test("no word of the call is in it", () => {
  const { value, key, id } = callAuditOf(sampleFinish(settlement));
  assert.ok(!JSON.stringify(value).includes("harbour"));
  const { run_id: runId, call_id: callId } = auditCall.parse(value);
  assert.deepEqual([key, id], [runId, `${callId}/call`]);
});

test("it stands for what was sent and what came back", () => {
  const { messages, context } = settlement.task;
  const { standsFor } = callAuditOf(sampleFinish(settlement));
  assert.deepEqual(standsFor?.input, { messages, ...(context && { context }) });
  assert.deepEqual(standsFor?.output, { answer: settlement.answer });
  assert.equal(callAuditOf(sampleFinish(sampleSettlement(null))).standsFor?.output, undefined);
});

test("a data subject's words are theirs, and stand for nothing when they are erased", () => {
  const task = { ...settlement.task, subject_id: "patient-4711" };
  const told = callAuditOf(sampleFinish({ ...settlement, task }));
  assert.deepEqual(told.standsFor?.owner, { client_id: task.client_id, subject_id: "patient-4711" });
  const erased = { ...settlement, task: { ...task, messages: erasedContent } };
  assert.equal(callAuditOf(sampleFinish(erased)).standsFor, undefined);
});
