/**
 * Records of the journal, the results and the audit, whole and valid, for tests
 * of the ledger: each takes the fields in which it is to differ.
 */
import type { AuditDecision } from "../../schemas/audit/decision.ts";
import type { CallFinished, CallStarted } from "../../schemas/records/call.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";

export const noon = Date.UTC(2026, 10, 22, 12);

/** A UUID that ends in this number. */
export function uuid(number: number): string {
  return `019a0000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

const harness = { name: "summarise", version: "0123456789abcdef" } as const;

export function startedCall(call: number, fields: Partial<CallStarted> = {}): CallStarted {
  return {
    kind: "call.started",
    call_id: uuid(call),
    run_id: uuid(call),
    client_id: "acme",
    feature: "digest",
    subject_id: "subject-7",
    correlation_id: "letter-7",
    document: { batch_id: "b1", name: "a/one.txt", sha256: "0".repeat(64) },
    harness,
    attempt: 1,
    call_no: 1,
    tier: 0,
    provider: "openai",
    model: "gpt-4o",
    body_sha256: "1".repeat(64),
    worker: "model-invoke-1",
    started_at_ms: noon + call,
    deadline_at_ms: noon + call + 30_000,
    input_tokens_estimate: 100,
    max_output_tokens: 500,
    price_version: "genai-prices@0.1.8#aaaaaaaaaaaa",
    cost_low_usd: "0.000125",
    cost_high_usd: "0.00525",
    ...fields,
  };
}

export function finishedCall(call: number, fields: Partial<CallFinished> = {}): CallFinished {
  return {
    ...startedCall(call),
    kind: "call.finished",
    finished_at_ms: noon + call + 850,
    outcome: "ok",
    served_model: "gpt-4o-2024-11-20",
    provider_request_id: "req-1",
    finish_reason: "stop",
    first_token_ms: 120,
    usage: { input_tokens: 90, cached_input_tokens: 10, cache_write_tokens: 0, output_tokens: 40, reasoning_tokens: 0 },
    usage_source: "provider",
    cost_usd: "0.0006375",
    settles: false,
    ...fields,
  };
}

export function resultOf(run: number, fields: Partial<RunResult> = {}): RunResult {
  return {
    kind: "result",
    run_id: uuid(run),
    status: "ok",
    decided_by: "output-validate",
    client_id: "acme",
    harness,
    feature: "digest",
    subject_id: "subject-7",
    correlation_id: "letter-7",
    document: { batch_id: "b1", name: "a/one.txt", sha256: "0".repeat(64) },
    origin: { topic: "harness-requests", partition: 2, offset: "17" },
    received_at_ms: noon,
    finished_at_ms: noon + 1200,
    attempts: 1,
    spent: { calls: 1, input_tokens: 100, output_tokens: 40, cost_usd: "0.0006375", unpriced_calls: 0 },
    answered_by: { provider: "openai", model: "gpt-4o" },
    output: { plain: "the answer, which no ledger holds" },
    reasons: [],
    ...fields,
  };
}

export function decisionOf(run: number, fields: Partial<AuditDecision> = {}): AuditDecision {
  return {
    kind: "decision",
    event_id: `${uuid(run)}/1/output-validate/passed`,
    run_id: uuid(run),
    stage: "output-validate",
    attempt: 1,
    decision: "passed",
    decided_at_ms: noon + 1100,
    client_id: "acme",
    harness,
    feature: "digest",
    policy: "standard",
    guards: [
      {
        guard: "pii",
        verdict: "redacted",
        findings: [{ rule: "pii.email", version: "1", severity: "medium", span: { start: 3, end: 9 }, field: "text" }],
      },
      { guard: "output_contract", verdict: "not_run", findings: [], detail: "text has no contract" },
    ],
    reasons: [{ code: "pii_redacted", message: "one e-mail address" }],
    ...fields,
  };
}
