import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, GuardReport } from "../../../schemas/parts/finding.ts";
import { findsIn } from "../../ledger/audit/pii-findings.ts";
import { piiTable } from "./pii-log.ts";

const finding = (fields: Partial<Finding>): Finding => ({
  rule: "pii.email",
  version: "1",
  severity: "medium",
  action: "redact",
  field: "text",
  ...fields,
});
const report = (findings: Finding[], guard = "pii"): GuardReport => ({ guard, verdict: "redacted", findings });

test("finds of one kind in one field that were treated alike are one line, with each place", () => {
  const spans = [
    { start: 3, end: 9 },
    { start: 20, end: 31 },
  ] as const;
  const finds = findsIn([
    report([
      finding({ span: spans[0] }),
      finding({ span: spans[1] }),
      finding({ field: "subject" }),
      finding({ action: "hash" }),
      finding({ rule: "pii.card" }),
    ]),
    report([finding({ rule: "core/ignore-previous" })], "injection"),
  ]);
  assert.deepEqual(finds, [
    { entity: "email", field: "text", action: "redact", count: 2, spans },
    { entity: "email", field: "subject", action: "redact", count: 1, spans: [] },
    { entity: "email", field: "text", action: "hash", count: 1, spans: [] },
    { entity: "card", field: "text", action: "redact", count: 1, spans: [] },
  ]);
});

test("what a decision counts beyond the findings that it lists is told without a place", () => {
  const listed = [finding({ span: { start: 3, end: 9 } }), finding({ rule: "pii.card", action: "block" })];
  const detail = "email: 150 redact, card: 1 block, ssn: 2 hash";
  assert.deepEqual(findsIn([{ ...report(listed), detail }]).slice(2), [
    { entity: "email", field: null, action: "redact", count: 149, spans: [] },
    { entity: "ssn", field: null, action: "hash", count: 2, spans: [] },
  ]);
  assert.deepEqual(findsIn([{ ...report([], "content"), detail }]), [], "another guard's words are none");
});

test("what leaked into an answer is told, where no action is named as the verdict says", () => {
  const { action: _, field: _field, ...leaked } = finding({ rule: "leak.pii.email", span: { start: 8, end: 20 } });
  assert.deepEqual(findsIn([{ guard: "leaks", verdict: "flagged", findings: [leaked] }]), [
    { entity: "email", field: "answer", action: "flagged", count: 1, spans: [{ start: 8, end: 20 }] },
  ]);
});

test("a line says when, of whose run, what, how often, what was done and where", () => {
  const decided = { decided_at: "2026-11-22T12:00:00.000Z", stage: "input-scan", harness_version: null } as const;
  const who = { run_id: "r1", client_id: "acme", harness: null } as const;
  const where = { entity: "email", field: "text", action: "redact", count: 1, spans: [{ start: 3, end: 9 }] } as const;
  assert.deepEqual(piiTable([{ ...decided, ...who, ...where }]).rows, [
    ["2026-11-22 12:00:00", "r1", "acme", "-", "email", "1", "redact", "text 3-9"],
  ]);
});
