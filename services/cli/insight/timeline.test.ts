import assert from "node:assert/strict";
import { test } from "node:test";
import type { LedgerCall, LedgerDecision, LedgerReview, LedgerRun, RunTimeline } from "../../ledger/timeline.ts";
import { renderTimeline, timelineOf, waitingReview } from "./timeline.ts";

const nothing: RunTimeline = { result: null, calls: [], decisions: [], reviews: [] };
const at = (second: number): string => `2026-01-02T03:04:${String(second).padStart(2, "0")}.000Z`;

function call(fields: Partial<LedgerCall>): LedgerCall {
  return {
    call_id: "c",
    run_id: "r",
    attempt: 1,
    call_no: 1,
    tier: 0,
    hedge_of: null,
    purpose: null,
    state: "finished",
    client_id: "acme",
    feature: null,
    harness: "summarise",
    harness_version: "v",
    batch_id: null,
    document: null,
    provider: "openai",
    model: "gpt-4o",
    served_model: null,
    worker: "w",
    outcome: "ok",
    error_code: null,
    error_status: null,
    finish_reason: "stop",
    first_token_ms: 40,
    settles: true,
    input_tokens: 90,
    cached_input_tokens: 10,
    cache_write_tokens: 0,
    output_tokens: 20,
    reasoning_tokens: 5,
    usage_source: "provider",
    price_version: "p",
    cost_usd: "0.000451",
    bound_low_usd: "0.000451",
    bound_high_usd: "0.000451",
    started_at: at(2),
    deadline_at: at(59),
    finished_at: at(4),
    duration_ms: 2000,
    ...fields,
  };
}

function decision(fields: Partial<LedgerDecision>): LedgerDecision {
  return {
    event_id: "e",
    stage: "input-scan",
    attempt: 0,
    decision: "admitted",
    decided_at: at(1),
    policy: "standard",
    guards: [],
    reasons: [],
    source_partition: 0,
    source_offset: "0",
    ...fields,
  };
}

const result: LedgerRun = {
  run_id: "r",
  status: "ok",
  decided_by: "output-validate",
  client_id: "acme",
  feature: null,
  harness: "summarise",
  harness_version: "v",
  batch_id: null,
  document: null,
  replay_of: null,
  attempts: 1,
  calls: 1,
  input_tokens: 100,
  output_tokens: 25,
  cost_usd: "0.000451",
  unpriced_calls: 0,
  answered_provider: "openai",
  answered_model: "gpt-4o",
  reason_codes: [],
  reason_rules: [],
  reason_paths: [],
  received_at: at(0),
  finished_at: at(5),
  duration_ms: 5000,
  origin_topic: "harness-requests",
  origin_partition: 3,
  origin_offset: "41",
  result_partition: 1,
  result_offset: "7",
};

function linesOf(timeline: Partial<RunTimeline>): readonly string[] {
  return renderTimeline(timelineOf({ ...nothing, ...timeline })).split("\n");
}

test("a run reads in the order things happened: request, decisions, calls, result", () => {
  const decisions = [
    decision({}),
    decision({ stage: "output-validate", attempt: 1, decision: "passed", decided_at: at(5) }),
  ];
  const lines = linesOf({ result, calls: [call({})], decisions });
  assert.deepEqual(lines, [
    "03:04:00.000    +0.000 s  request          at harness-requests/3/41",
    "03:04:01.000    +1.000 s  input-scan       admitted (policy standard)",
    "03:04:02.000    +2.000 s  model-invoke     call 1 of attempt 1: openai gpt-4o (tier 0)",
    "03:04:04.000    +4.000 s  model-invoke     openai gpt-4o: ok",
    "                            2000 ms, 100 + 25 tokens, $0.000451, settles the attempt",
    "03:04:05.000    +5.000 s  output-validate  passed (attempt 1, policy standard)",
    "03:04:05.000    +5.000 s  output-validate  result: ok",
  ]);
});

test("a hedge is marked, and what a call that was given up cost is said to be a guess", () => {
  const slow = call({ outcome: "cancelled", usage_source: "estimated", settles: false, error_code: "cancelled" });
  const fast = call({ call_no: 2, tier: 1, model: "gpt-4o-mini", hedge_of: slow.call_id, started_at: at(3) });
  const lines = linesOf({ calls: [slow, fast] });
  assert.match(lines[1] ?? "", /call 2 of attempt 1: openai gpt-4o-mini \(tier 1\), a hedge$/);
  assert.match(lines.join("\n"), /cancelled, 2000 ms, about 100 \+ 25 tokens, \$0\.000451 or more, estimated\n/);
});

test("a moderation is output-validate's, and free", () => {
  const moderation = { purpose: "moderation", model: "omni-moderation-latest", usage_source: "unknown" } as const;
  const lines = linesOf({ calls: [call({ ...moderation, cost_usd: "0", settles: false, started_at: at(3) })] });
  const said = lines.join("\n");
  assert.match(said, /output-validate +moderation of attempt 1: openai omni-moderation-latest\n/);
  assert.match(said, /output-validate +openai omni-moderation-latest: ok\n +2000 ms, \$0/);
});

test("a guard's finding stands below its decision with rule, version, severity, place and what was done", () => {
  const finding = {
    rule: "pii.ssn",
    version: "1",
    severity: "high" as const,
    action: "redact",
    field: "text",
    span: { start: 5, end: 16 },
  };
  const guards = [{ guard: "pii", verdict: "redacted" as const, findings: [finding], detail: "1 replaced" }];
  const lines = linesOf({ decisions: [decision({ guards })] });
  assert.deepEqual(
    lines.slice(1).map((line) => line.trim()),
    ["pii: redacted (1 replaced)", "pii.ssn 1 high at text 5-16: redact"],
  );
});

test("what a version in shadow would have done is told with its version; a rule that scores, with its score", () => {
  const finding = {
    rule: "planted.instruction",
    version: "1",
    severity: "medium",
    score: 0.74,
    field: "/text",
  } as const;
  const shadow = decision({
    event_id: "run/0/input-scan/shadow/0123456789abcdef",
    decision: "shadow_refused",
    guards: [{ guard: "injection", verdict: "flagged", findings: [finding] }],
  });
  const [event] = timelineOf({ ...nothing, decisions: [shadow] });
  assert.equal(event?.what, "shadow_refused (policy standard, version 0123456789abcdef, without effect)");
  assert.deepEqual(event.details, ["injection: flagged", "  planted.instruction 1 medium (score 0.74) at /text"]);
});

test("a refusal's reasons say code, path and rule", () => {
  const reasons = [{ code: "input_contract", message: "must be string", path: "/text", rule: "type" }];
  const lines = linesOf({ decisions: [decision({ decision: "refused", reasons })] });
  assert.match(lines[1] ?? "", /input_contract {2}\/text {2}type {2}must be string/);
});

test("a failed call says how; the fallback's call follows it", () => {
  const failed = call({
    outcome: "server_error",
    error_code: "server_error",
    error_status: 500,
    settles: false,
    usage_source: "unknown",
    cost_usd: null,
  });
  const fallback = call({
    call_no: 2,
    tier: 1,
    provider: "anthropic",
    model: "claude",
    started_at: at(4),
    finished_at: at(5),
  });
  const text = linesOf({ calls: [failed, fallback] }).join("\n");
  assert.match(
    text,
    /openai gpt-4o: server_error\n +server_error \(HTTP 500\), 2000 ms, cost unknown\n.*call 2 of attempt 1: anthropic claude \(tier 1\)/,
  );
});

test("the result stands below the decision that led to it, though it was written before", () => {
  const expired = { ...result, status: "expired", decided_by: "model-invoke" };
  const decisions = [decision({ stage: "model-invoke", attempt: 1, decision: "expired", decided_at: at(6) })];
  const lines = linesOf({ result: expired, decisions });
  assert.match(lines.at(-2) ?? "", /expired \(attempt 1/);
  assert.match(lines.at(-1) ?? "", /result: expired$/);
});

test("a reason says a rule that is its code only once", () => {
  const reasons = [{ code: "schema_unknown", message: "no schema 7", rule: "schema_unknown" }];
  const lines = linesOf({ decisions: [decision({ decision: "invalid", reasons })] });
  assert.equal(lines[1]?.trim(), "schema_unknown  no schema 7");
});

test("in a narrow terminal a long line goes on below itself", () => {
  const reasons = [
    { code: "injection", path: "/document", rule: "core/x", message: "looks like an attempt to take over" },
  ];
  const events = timelineOf({ ...nothing, decisions: [decision({ decision: "refused", reasons })] });
  assert.deepEqual(renderTimeline(events, 80).split("\n").slice(1), [
    `${" ".repeat(28)}injection  /document  core/x  looks like an`,
    `${" ".repeat(30)}attempt to take over`,
  ]);
});

test("an orphan shows the bounds of its cost, a call in flight that it is", () => {
  const open = { finished_at: null, outcome: null, cost_usd: null };
  const orphan = linesOf({ calls: [call({ ...open, state: "orphan", bound_low_usd: "0.1", bound_high_usd: "0.9" })] });
  assert.match(orphan[1] ?? "", /orphan: its end was never seen; cost between \$0\.1 and \$0\.9/);
  assert.match(linesOf({ calls: [call({ ...open, state: "in_flight" })] })[1] ?? "", /in flight since/);
});

function review(fields: Partial<LedgerReview>): LedgerReview {
  const unknown = { decision: null, reviewer: null, reason: null, due_at: null, on_timeout: null };
  return { event: "held", at: at(5), ...unknown, ...fields };
}

test("a review reads as its steps: held until when, urgent, decided by whom", () => {
  const reviews = [
    review({ due_at: at(50), on_timeout: "reject" }),
    review({ event: "escalated", at: at(6) }),
    review({ event: "decided", at: at(7), decision: "approve", reviewer: "ines", reason: "fine" }),
    review({ event: "decided", at: at(50), decision: "timed_out" }),
  ];
  const events = timelineOf({ ...nothing, reviews });
  assert.deepEqual(
    events.map(({ what, details }) => [what, ...details].join(" | ")),
    [`waits until ${at(50)}, then reject`, "urgent: it has waited long", "approve by ines | fine", "timed_out"],
  );
  assert.equal(waitingReview({ ...nothing, reviews })?.due_at, at(50));
  assert.equal(waitingReview(nothing), null);
});
