import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { exampleValue } from "../../test/contract/examples.ts";
import { decisionOf, finishedCall, noon, resultOf, startedCall, uuid } from "../../test/support/ledger-records.ts";
import { ledgerRow, type Reading } from "./rows.ts";

const at = (topic: string, offset = 5n, partition = 3) => ({ topic, partition, offset });

function entryOf(reading: Reading) {
  assert.equal(reading.kind, "row", reading.kind === "invalid" ? reading.message : "");
  return reading.entry;
}

function callOf(record: object, offset = 5n) {
  const entry = entryOf(ledgerRow(at("harness-calls", offset), JSON.stringify(record)));
  assert.equal(entry.table, "calls");
  return entry.row;
}

function runOf(record: object, offset = 5n) {
  const entry = entryOf(ledgerRow(at("harness-results", offset), JSON.stringify(record)));
  assert.equal(entry.table, "runs");
  return entry.row;
}

test("a started call is a row of the lowest rank, and knows nothing of its end", () => {
  const row = callOf(startedCall(1));
  assert.equal(row.version, 1);
  assert.equal(row.started_at, "2026-11-22 12:00:00.001");
  assert.equal(row.deadline_at, "2026-11-22 12:00:30.001");
  assert.deepEqual([row.cost_low_usd, row.cost_high_usd, row.cost_usd], ["0.000125", "0.00525", null]);
  assert.deepEqual([row.outcome, row.input_tokens, row.finished_at, row.settles], [null, null, null, null]);
  assert.deepEqual([row.source_topic, row.source_partition, row.source_offset], ["harness-calls", 3, "5"]);
});

test("a finished call outranks its start and has every bucket and the cost as it was stamped", () => {
  const row = callOf(finishedCall(1));
  assert.equal(row.version, 3);
  assert.deepEqual([row.input_tokens, row.cached_input_tokens, row.output_tokens], [90, 10, 40]);
  assert.deepEqual([row.cost_usd, row.price_version], ["0.0006375", "genai-prices@0.1.8#aaaaaaaaaaaa"]);
  assert.deepEqual([row.served_model, row.outcome, row.duration_ms], ["gpt-4o-2024-11-20", "ok", 850]);
});

test("start and finish of one call share the whole key", () => {
  const key = ({ client_id, started_at, call_id }: ReturnType<typeof callOf>) => [client_id, started_at, call_id];
  assert.deepEqual(key(callOf(startedCall(1))), key(callOf(finishedCall(1))));
});

test("unknown usage and cost are null, never zero", () => {
  const failed = finishedCall(1, {
    outcome: "timeout",
    usage: null,
    usage_source: "unknown",
    cost_usd: null,
    error: { code: "request_timeout", status: 504 },
  });
  const row = callOf(failed);
  assert.deepEqual([row.input_tokens, row.output_tokens, row.reasoning_tokens, row.cost_usd], [null, null, null, null]);
  assert.deepEqual([row.error_code, row.error_status], ["request_timeout", 504]);
  assert.equal(callOf(finishedCall(1, { cost_usd: "0" })).cost_usd, "0");
});

test("what the record does not say is null", () => {
  const row = callOf(startedCall(1, { feature: undefined, document: undefined }));
  assert.deepEqual([row.feature, row.batch_id, row.document, row.replay_of], [null, null, null, null]);
});

test("a moderation is marked as one", () => {
  assert.equal(callOf(startedCall(1)).purpose, null);
  assert.equal(callOf(startedCall(1, { purpose: "moderation" })).purpose, "moderation");
});

test("a replay names its dead letter", () => {
  const replay_of = { topic: "harness-requests-dlq", partition: 1, offset: "9", replay: 2 };
  assert.equal(callOf(startedCall(1, { replay_of })).replay_of, "harness-requests-dlq/1/9#2");
});

test("a settling finish is read though its envelope is of a newer kind", () => {
  const record = { ...finishedCall(1), settles: true, settlement: { task: "of another version" }, added_later: 1 };
  assert.equal(callOf(record).settles, true);
});

test("no row holds content, a data subject or a correlation id", () => {
  const rows = [
    callOf({ ...finishedCall(1), settlement: { answer: { plain: "secret answer" } } }),
    runOf(resultOf(1, { output: { plain: "secret answer" } })),
    entryOf(ledgerRow(at("harness-audit"), JSON.stringify(decisionOf(1)))),
  ];
  assert.doesNotMatch(JSON.stringify(rows), /secret answer|subject-7|letter-7|no ledger holds/);
});

test("a result has its place on the topic, its spend and its reasons without their words", () => {
  const reasons = [
    { code: "input_contract", message: "must be a number", path: "/amount", rule: "type" },
    { code: "injection", message: "a known phrase" },
  ];
  const row = runOf(resultOf(1, { status: "refused", decided_by: "input-scan", reasons }), 41n);
  assert.deepEqual(
    [row.status, row.decided_by, row.result_partition, row.result_offset],
    ["refused", "input-scan", 3, "41"],
  );
  assert.deepEqual(row.reason_codes, ["input_contract", "injection"]);
  assert.deepEqual(row.reason_rules, ["type", ""]);
  assert.deepEqual(row.reason_paths, ["/amount", ""]);
  assert.deepEqual([row.calls, row.input_tokens, row.cost_usd, row.duration_ms], [1, 100, "0.0006375", 1200]);
  assert.doesNotMatch(JSON.stringify(row), /a known phrase/);
});

test("a result of a request that could not be read has nulls", () => {
  const row = runOf(
    resultOf(1, { status: "invalid", client_id: null, harness: null, document: undefined, answered_by: undefined }),
  );
  assert.deepEqual([row.client_id, row.harness, row.harness_version, row.answered_model], [null, null, null, null]);
});

test("the earlier of two results has the higher version, to the last offset there can be", () => {
  const offsets = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(offsets, offsets, (left, right) => {
      const [one, two] = [runOf(resultOf(1), left), runOf(resultOf(1), right)].map(({ version }) => BigInt(version));
      assert.ok(one !== undefined && two !== undefined && one > 0n && one < 2n ** 64n);
      assert.equal(one > two, left < right);
    }),
  );
});

test("a decision keeps its guards whole, and their names, verdicts and rules apart", () => {
  const entry = entryOf(ledgerRow(at("harness-audit", 8n), JSON.stringify(decisionOf(1))));
  assert.equal(entry.table, "audit");
  const { row } = entry;
  assert.deepEqual(row.guard_names, ["pii", "output_contract"]);
  assert.deepEqual(row.guard_verdicts, ["redacted", "not_run"]);
  assert.deepEqual(row.finding_rules, ["pii.email"]);
  assert.deepEqual(JSON.parse(row.guards), decisionOf(1).guards);
  assert.deepEqual([row.decided_at, row.source_offset], ["2026-11-22 12:00:01.100", "8"]);
});

test("times beyond what a column holds become the nearest it holds", () => {
  assert.equal(
    callOf(startedCall(1, { started_at_ms: Number.MAX_SAFE_INTEGER })).started_at,
    "9999-12-31 23:59:59.999",
  );
  assert.equal(
    callOf(startedCall(1, { started_at_ms: Number.MIN_SAFE_INTEGER })).started_at,
    "1900-01-01 00:00:00.000",
  );
  assert.equal(callOf(startedCall(1, { started_at_ms: noon })).started_at, "2026-11-22 12:00:00.000");
});

const invalid: readonly (readonly [string, string, string | null, RegExp])[] = [
  ["a tombstone", "harness-calls", null, /does not fit/],
  ["what is not JSON", "harness-calls", "{", /does not fit/],
  ["a record of another topic", "harness-calls", JSON.stringify(resultOf(1)), /\/kind/],
  ["a run id that is none", "harness-results", JSON.stringify(resultOf(1, { run_id: "secret text" })), /\/run_id/],
  ["a cost that is a float", "harness-calls", JSON.stringify({ ...finishedCall(1), cost_usd: 0.1 }), /\/cost_usd/],
  [
    "a decision without a verdict",
    "harness-audit",
    JSON.stringify({ ...decisionOf(1), guards: [{ guard: "pii" }] }),
    /\/guards\/0\/verdict/,
  ],
  ["a topic without a table", "harness-scanned", JSON.stringify(startedCall(1)), /no table for harness-scanned/],
];

for (const [what, topic, text, message] of invalid) {
  test(`${what} is invalid, and said to be without its words`, () => {
    const reading = ledgerRow(at(topic), text);
    assert.equal(reading.kind, "invalid");
    assert.match(reading.message, message);
    assert.doesNotMatch(reading.message, /secret text/);
  });
}

test("the same record at the same place gives the same row", () => {
  assert.deepEqual(callOf(finishedCall(9)), callOf(finishedCall(9)));
  assert.equal(callOf(finishedCall(9)).call_id, uuid(9));
});

test("what is held, and each decision, is a row without content; a repeat has the same key", () => {
  const rowOf = (name: string, offset = 5n) => {
    const entry = entryOf(
      ledgerRow(at("harness-reviews", offset), JSON.stringify(exampleValue("harness-reviews", name))),
    );
    assert.equal(entry.table, "reviews");
    return entry.row;
  };
  const held = rowOf("held");
  assert.deepEqual(
    [held.event, held.event_id, held.client_id, held.harness],
    ["held", "held", "acme", "extract-invoice"],
  );
  assert.deepEqual([held.on_timeout, held.reason_codes], ["reject", ["grounding.number"]]);
  assert.doesNotMatch(JSON.stringify(held), /268\.5|INV-2041/);
  const edited = rowOf("decided-edit");
  assert.deepEqual([edited.event, edited.decision, edited.reviewer], ["decided", "edit", "ines"]);
  assert.doesNotMatch(JSON.stringify(edited), /286\.5/);
  assert.notEqual(edited.event_id, rowOf("decided-reject").event_id);
  const repeated = rowOf("held", 9n);
  assert.deepEqual([repeated.run_id, repeated.event_id], [held.run_id, held.event_id]);
  assert.ok(BigInt(repeated.version) < BigInt(held.version), "the first by offset stays");
  assert.deepEqual([rowOf("escalated").event_id, rowOf("escalated").client_id], ["escalated", null]);
});
