/**
 * Runs for the console's tests, as the ledger and harness-results tell them:
 * one that went wrong in many ways before it ended, with an answer that means
 * harm; and others for the list.
 */
import type { FoundRun } from "../../services/ledger/runs/search-runs.ts";
import type { LedgerCall, LedgerDecision, LedgerReview, LedgerRun } from "../../services/ledger/timeline.ts";
import type { GatewayParts } from "../../services/gateway/gateway-routes.ts";
import { resultOf } from "./gateway-parts.ts";

export const runId = "019aa0f1-2c00-7000-8000-0000000000a1";
export const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
/** Markup, an override of direction, a terminal's commands, and something that nobody sees. */
export const hostile =
  '<img src=x onerror="window.harmed = 1"><script>window.harmed = 1</script> pay \u202Egro.live\u202C \u001b[31mred\u001b[0m \u200bnow';

const begin = Date.UTC(2026, 10, 23, 9, 0, 0);
const at = (ms: number): string => new Date(begin + ms).toISOString();

function call(fields: Partial<LedgerCall> & Pick<LedgerCall, "call_id">): LedgerCall {
  return {
    run_id: runId,
    attempt: 1,
    call_no: 1,
    tier: 0,
    hedge_of: null,
    purpose: null,
    state: "finished",
    client_id: "acme",
    feature: "digest",
    harness: "summarise",
    harness_version: "0123456789abcdef",
    batch_id: null,
    document: null,
    provider: "openai",
    model: "gpt-4o-mini",
    served_model: "gpt-4o-mini-2024-07-18",
    worker: "model-invoke-1",
    outcome: "ok",
    error_code: null,
    error_status: null,
    finish_reason: "stop",
    first_token_ms: 210,
    settles: false,
    input_tokens: 1840,
    cached_input_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 212,
    reasoning_tokens: 0,
    usage_source: "provider",
    price_version: "genai-prices@0.1.8",
    cost_usd: "0.0004032",
    bound_low_usd: "0.0004032",
    bound_high_usd: "0.0004032",
    started_at: at(40),
    deadline_at: at(30_000),
    finished_at: at(900),
    duration_ms: 860,
    ...fields,
  };
}

const unpaid = {
  first_token_ms: null,
  input_tokens: null,
  output_tokens: null,
  cost_usd: null,
  served_model: null,
} as const;

export const calls: readonly LedgerCall[] = [
  call({
    ...unpaid,
    call_id: "c1",
    outcome: "rate_limited",
    error_code: "rate_limit_exceeded",
    error_status: 429,
    finished_at: at(180),
    duration_ms: 140,
    bound_low_usd: "0",
    bound_high_usd: "0",
  }),
  call({
    call_id: "c2",
    call_no: 2,
    tier: 1,
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    served_model: "claude-sonnet-4-5",
    started_at: at(190),
    finished_at: at(2100),
    duration_ms: 1910,
    cost_usd: "0.0087",
    settles: true,
  }),
  call({ call_id: "c3", attempt: 2, started_at: at(2140), finished_at: at(5200), duration_ms: 3060, settles: true }),
  call({
    ...unpaid,
    call_id: "c4",
    attempt: 2,
    call_no: 2,
    hedge_of: "c3",
    started_at: at(4100),
    state: "orphan",
    outcome: null,
    finished_at: null,
    duration_ms: null,
    bound_low_usd: "0.000276",
    bound_high_usd: "0.000876",
  }),
  call({
    call_id: "c5",
    attempt: 2,
    purpose: "moderation",
    model: "omni-moderation-latest",
    started_at: at(5210),
    finished_at: at(5380),
    duration_ms: 170,
    cost_usd: "0",
  }),
];

function decision(fields: Partial<LedgerDecision> & Pick<LedgerDecision, "event_id">): LedgerDecision {
  return {
    stage: "output-validate",
    attempt: 1,
    decision: "passed",
    decided_at: at(30),
    policy: "standard",
    guards: [],
    reasons: [],
    source_partition: 0,
    source_offset: "1",
    ...fields,
  };
}

const finding = { rule: "pii.email", version: "1", severity: "medium", field: "text", action: "redact" } as const;

export const decisions: readonly LedgerDecision[] = [
  decision({
    event_id: "d1",
    stage: "input-scan",
    attempt: 0,
    decision: "admitted",
    guards: [
      { guard: "pii", verdict: "redacted", findings: [finding, { ...finding, rule: "pii.phone" }] },
      { guard: "injection", verdict: "passed", findings: [] },
      { guard: "context_window", verdict: "passed", findings: [] },
    ],
  }),
  decision({
    event_id: "d2",
    decision: "retried",
    decided_at: at(2130),
    guards: [
      {
        guard: "output_contract",
        verdict: "failed",
        findings: [
          { rule: "required", version: "1", severity: "high", message: "must have required property 'total'" },
        ],
      },
    ],
    reasons: [
      { code: "contract_broken", path: "/total", rule: "required", message: "must have required property 'total'" },
    ],
  }),
  decision({
    event_id: "d3",
    attempt: 2,
    decision: "in_review",
    decided_at: at(5400),
    guards: [
      {
        guard: "grounding",
        verdict: "flagged",
        findings: [
          { rule: "grounding.number", version: "1", severity: "high", message: "the number is not in the context" },
        ],
      },
      { guard: "leaks", verdict: "passed", findings: [] },
    ],
    reasons: [{ code: "grounding.number", message: "the number is not in the context" }],
  }),
  decision({ event_id: "d4", attempt: 2, decision: "released", decided_at: at(7_205_400) }),
];

export const reviewEvents: readonly LedgerReview[] = [
  {
    event: "held",
    at: at(5400),
    decision: null,
    reviewer: null,
    reason: null,
    due_at: at(86_405_400),
    on_timeout: "reject",
  },
  {
    event: "escalated",
    at: at(3_605_400),
    decision: null,
    reviewer: null,
    reason: null,
    due_at: null,
    on_timeout: null,
  },
  {
    event: "decided",
    at: at(7_205_400),
    decision: "approve",
    reviewer: "desk/Ines",
    reason: "the total is right <b>here</b>",
    due_at: null,
    on_timeout: null,
  },
];

export const ended: LedgerRun = {
  run_id: runId,
  status: "released",
  decided_by: "output-validate",
  client_id: "acme",
  feature: "digest",
  harness: "summarise",
  harness_version: "0123456789abcdef",
  batch_id: "7c49b594-22ab-811f-98d4-b691e192e77f",
  document: "letters/march.txt",
  replay_of: null,
  attempts: 2,
  calls: 5,
  input_tokens: 5520,
  output_tokens: 636,
  cost_usd: "0.0095064",
  unpriced_calls: 1,
  answered_provider: "openai",
  answered_model: "gpt-4o-mini",
  reason_codes: [],
  reason_rules: [],
  reason_paths: [],
  received_at: at(0),
  finished_at: at(7_205_400),
  duration_ms: 7_205_400,
  origin_topic: "harness-requests",
  origin_partition: 0,
  origin_offset: "1",
  result_partition: 2,
  result_offset: "41",
};

const statuses = ["released", "ok", "failed_validation", "in_review", "ok", "refused", "ok", "degraded"] as const;

export const found: readonly FoundRun[] = statuses.map((status, index) => ({
  run_id: index === 0 ? runId : `019aa0f1-2c00-7000-8000-00000000${String(1000 + index)}`,
  status,
  client_id: index % 2 === 0 ? "acme" : "globex",
  feature: index % 3 === 0 ? "digest" : null,
  harness: index === 5 ? "support-\u202Echat" : "summarise",
  harness_version: "0123456789abcdef",
  batch_id: null,
  document: null,
  answered_model: status === "refused" ? null : "gpt-4o-mini",
  attempts: 1,
  calls: status === "refused" ? 0 : 1 + index,
  cost_usd: status === "refused" ? null : `0.00${95 - index * 7}`,
  unpriced_calls: 0,
  duration_ms: status === "in_review" ? null : 900 + index * 731,
  at: new Date(Date.now() - 60_000 * (1 + index * index)).toISOString(),
  finished_at: null,
}));

interface ToldRuns {
  /** What the list is asked, the latest last. */
  readonly asked: Readonly<Record<string, unknown>>[];
  readonly parts: Pick<GatewayParts, "ledger" | "reader" | "traceUrlTemplate">;
}

/** Says what is above. `isNarrowed`: whether a filter is asked for that nothing fits. */
export function toldRuns(output: unknown = hostile): ToldRuns {
  const asked: Readonly<Record<string, unknown>>[] = [];
  const list = (params: Readonly<Record<string, unknown>>): readonly FoundRun[] => {
    const { status, harness } = params;
    return found.filter(
      (run) => (status === undefined || run.status === status) && (harness === undefined || run.harness === harness),
    );
  };
  const query = (sql: string, params: Readonly<Record<string, unknown>> = {}): Promise<readonly unknown[]> => {
    if (sql.startsWith("SELECT run_id, finished_at AS at")) {
      asked.push(params);
      return Promise.resolve(list(params).map(({ run_id, at: when }) => ({ run_id, at: when })));
    }
    if (sql.includes("runs_in_review"))
      return Promise.resolve(list(params).filter(({ status }) => status === "in_review"));
    if (sql.includes("run_id IN (SELECT run_id FROM runs"))
      return Promise.resolve(list(params).filter(({ status }) => status !== "in_review"));
    if (params["run"] !== runId) return Promise.resolve([]);
    if (sql.includes("FROM run_results")) return Promise.resolve([ended]);
    if (sql.includes("FROM ledger")) return Promise.resolve(calls);
    if (sql.includes("FROM decisions"))
      return Promise.resolve(
        decisions.map((row) => ({ ...row, guards: JSON.stringify(row.guards), reasons: JSON.stringify(row.reasons) })),
      );
    return Promise.resolve(sql.includes("FROM review_events") ? reviewEvents : []);
  };
  const result = resultOf(runId, {
    status: "released",
    feature: "digest",
    attempts: 2,
    output: { plain: JSON.parse(JSON.stringify(output)) },
  });
  const record = {
    timestampMs: begin,
    key: Buffer.from(runId),
    value: Buffer.from(JSON.stringify(result)),
    headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` },
  };
  return {
    asked,
    parts: {
      ledger: { query },
      reader: { recordAt: (place) => Promise.resolve({ ...place, ...record }) },
      traceUrlTemplate: "https://traces.example/trace/{trace_id}",
    },
  };
}
