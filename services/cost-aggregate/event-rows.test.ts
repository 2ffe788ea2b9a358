/** Calls and changes of the audit as rows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleValue } from "../../test/contract/examples.ts";
import { ledgerRow } from "./rows.ts";

function eventOf(name: string, fields: object = {}) {
  const value = exampleValue("harness-audit", name);
  const record = { ...(typeof value === "object" ? value : {}), ...fields };
  const reading = ledgerRow({ topic: "harness-audit", partition: 3, offset: 5n }, JSON.stringify(record));
  assert.ok(reading.kind === "row" && reading.entry.table === "audit_events");
  return reading.entry.row;
}

test("a call says which process asked which model under which version, how it ended, and what stands for its words", () => {
  const row = eventOf("call");
  assert.deepEqual(
    [row.kind, row.by_kind, row.by_id, row.action, row.target, row.target_version, row.outcome],
    ["call", "worker", "model-invoke-1", "called", "openai/gpt-4o", "summarise@79abbfca44caa716", "ok"],
  );
  assert.match(`${row.input_hmac} ${row.output_hmac}`, /^0123456789abcdef:a{64} 0123456789abcdef:b{64}$/);
  assert.deepEqual([row.at, row.source_partition, row.source_offset], ["2026-11-20 09:30:01.850", 3, "5"]);
});

test("a call that failed says why, and one without a secret key has no hash", () => {
  const row = eventOf("call", { outcome: "timeout", error_code: "request_timeout", input_hmac: undefined });
  assert.deepEqual([row.outcome, row.why, row.input_hmac], ["timeout", "request_timeout", null]);
  assert.equal(eventOf("call", { purpose: "moderation" }).action, "moderated");
});

test("a change says who changed what from which version to which", () => {
  const row = eventOf("change-harness");
  assert.deepEqual(
    [row.by_kind, row.by_id, row.action, row.target, row.target_version, row.previous_version],
    ["user", "ines", "harness.applied", "summarise", "79abbfca44caa716", "0123456789abcdef"],
  );
  assert.deepEqual([row.run_id, row.client_id, row.outcome, row.why], [null, null, null, null]);
});

test("a change about a run names it, its client and the operator's words", () => {
  const row = eventOf("change-cancel");
  assert.deepEqual(
    [row.by_kind, row.run_id, row.client_id, row.why],
    ["api_key", "019aa0f1-2c00-7000-8000-000000000001", "acme", "asked for by mistake"],
  );
});

test("an erasure names the key that went, and the subject by its hash alone", () => {
  const row = eventOf("erasure-complete");
  assert.deepEqual(
    [row.kind, row.by_id, row.action, row.previous_version, row.client_id, row.outcome, row.run_id],
    ["erasure", "ines", "key.erasure_complete", "s-0f3c5d6e7a8b49c0a1b2c3d4e5f60718", "acme", "complete", null],
  );
  assert.match(row.target, /^2f1e0d3c4b5a6978:0{64}$/);
});
