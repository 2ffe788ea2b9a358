/** What the audit has of a call: whose, which model and version, how it ended, and hashes in place of its words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleFinish, sampleSettlement } from "../../../test/contract/sample-records.ts";
import { auditCall } from "../../../schemas/audit/call.ts";
import { openContentHasher } from "../../runtime/content/content-hash.ts";
import { callAuditOf } from "./call-audit.ts";

const hasher = openContentHasher("11".repeat(32));
const told = (answer: string | null) =>
  auditCall.parse(callAuditOf(sampleFinish(sampleSettlement(answer)), hasher).value);

test("the same input has the same hash, and another answer another", () => {
  const [one, two] = [told('{"count": 3}'), told('{"count": 4}')];
  assert.equal(one.input_hmac, two.input_hmac);
  assert.ok(one.output_hmac !== undefined && one.output_hmac !== two.output_hmac);
});

test("no word of the call is in it", () => {
  const { value, key, id } = callAuditOf(sampleFinish(sampleSettlement("the harbour wall")), hasher);
  assert.ok(!JSON.stringify(value).includes("harbour"));
  const { run_id: runId, call_id: callId } = auditCall.parse(value);
  assert.deepEqual([key, id], [runId, `${callId}/call`]);
});

test("where nothing came back there is no hash of it, and without a key there is none at all", () => {
  assert.equal(told(null).output_hmac, undefined);
  const bare = auditCall.parse(callAuditOf(sampleFinish(sampleSettlement("x")), null).value);
  assert.deepEqual([bare.input_hmac, bare.output_hmac], [undefined, undefined]);
});
