/**
 * Turns a record of the journal, the results, the audit or the reviews into a row
 * of the ledger. Pure: the same record at the same place gives the same row, so
 * reading a topic again changes nothing. Content, subjects and correlation ids
 * stay behind.
 */
import type { z } from "zod";
import type { RunIdentity } from "../../schemas/parts/identity.ts";
import { chainRecord, headRow } from "./chain-rows.ts";
import { eventRow } from "./event-rows.ts";
import { firstByOffset, timeText, type Place } from "./place.ts";
import type { AuditRow, CallRow, LedgerRow, ReviewRow, RunRow } from "../ledger/rows.ts";
import {
  auditRecord,
  journalRecord,
  resultRecord,
  reviewRecord,
  type DecisionRecord,
  type FinishedRecord,
  type JournalRecord,
  type ResultRecord,
  type ReviewRecord,
} from "./ledger-records.ts";

export type Reading =
  | { readonly kind: "row"; readonly entry: LedgerRow }
  /** No table has a place for it, and none needs one. */
  | { readonly kind: "passed over" }
  | { readonly kind: "invalid"; readonly message: string };

/** `text` is the record's value; null for a tombstone, which no table has a place for. */
export function ledgerRow(place: Place, text: string | null): Reading {
  const value = parsedJson(text);
  switch (place.topic) {
    case "harness-calls":
      return read(journalRecord, value, (record) => ({ table: "calls", row: callRow(place, record) }));
    case "harness-results":
      return read(resultRecord, value, (record) => ({ table: "runs", row: runRow(place, record) }));
    case "harness-audit":
      return read(auditRecord, value, (record) =>
        record.kind === "decision"
          ? { table: "audit", row: auditRow(place, record) }
          : { table: "audit_events", row: eventRow(place, record) },
      );
    case "harness-audit-chain":
      return read(chainRecord, value, (record) => {
        const row = headRow(record);
        return row && { table: "audit_heads", row };
      });
    case "harness-reviews":
      return read(reviewRecord, value, (record) => ({ table: "reviews", row: reviewRow(place, record) }));
    default:
      return { kind: "invalid", message: `the ledger has no table for ${place.topic}` };
  }
}

/** Undefined, which fits no schema, for what is not JSON. */
function parsedJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names the fields that do not fit, never their values. */
function read<Shape extends z.ZodType>(
  shape: Shape,
  value: unknown,
  toEntry: (record: z.output<Shape>) => LedgerRow | null,
): Reading {
  const parsed = shape.safeParse(value);
  if (parsed.success) {
    const entry = toEntry(parsed.data);
    return entry === null ? { kind: "passed over" } : { kind: "row", entry };
  }
  const fields = parsed.error.issues.map((issue) => `/${issue.path.map(String).join("/")} (${issue.code})`);
  return { kind: "invalid", message: `the record does not fit its schema at ${fields.slice(0, 5).join(", ")}` };
}

function callRow(place: Place, record: JournalRecord): CallRow {
  return {
    call_id: record.call_id,
    run_id: record.run_id,
    attempt: record.attempt,
    call_no: record.call_no,
    tier: record.tier,
    hedge_of: record.hedge_of ?? null,
    purpose: record.purpose ?? null,
    client_id: record.client_id,
    ...attributed(record),
    harness: record.harness.name,
    harness_version: record.harness.version,
    replay_of: replayOf(record.replay_of),
    provider: record.provider,
    model: record.model,
    worker: record.worker,
    input_tokens_estimate: record.input_tokens_estimate,
    max_output_tokens: record.max_output_tokens,
    cut_strategy: record.cut?.strategy ?? null,
    cut_tokens: record.cut?.tokens ?? null,
    cut_saved_usd: record.cut?.saved_usd ?? null,
    price_version: record.price_version,
    cost_low_usd: record.cost_low_usd,
    cost_high_usd: record.cost_high_usd,
    started_at: timeText(record.started_at_ms),
    deadline_at: timeText(record.deadline_at_ms),
    ...(record.kind === "call.finished" ? ending(record) : noEnding),
    source_topic: place.topic,
    source_partition: place.partition,
    source_offset: place.offset.toString(),
  };
}

/** The columns that only a finished call knows. */
const noEnding = {
  version: 1,
  served_model: null,
  input_tokens: null,
  cached_input_tokens: null,
  cache_write_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  usage_source: null,
  cost_usd: null,
  uncached_cost_usd: null,
  outcome: null,
  error_code: null,
  error_status: null,
  finish_reason: null,
  first_token_ms: null,
  provider_request_id: null,
  settles: null,
  finished_at: null,
  duration_ms: null,
} as const satisfies Partial<CallRow>;

function ending(record: FinishedRecord): Pick<CallRow, keyof typeof noEnding> {
  const { usage, error } = record;
  return {
    version: 3,
    served_model: record.served_model ?? null,
    input_tokens: usage?.input_tokens ?? null,
    cached_input_tokens: usage?.cached_input_tokens ?? null,
    cache_write_tokens: usage?.cache_write_tokens ?? null,
    output_tokens: usage?.output_tokens ?? null,
    reasoning_tokens: usage?.reasoning_tokens ?? null,
    usage_source: record.usage_source,
    cost_usd: record.cost_usd,
    uncached_cost_usd: record.uncached_cost_usd ?? null,
    outcome: record.outcome,
    error_code: error?.code ?? null,
    error_status: error?.status ?? null,
    finish_reason: record.finish_reason ?? null,
    first_token_ms: record.first_token_ms ?? null,
    provider_request_id: record.provider_request_id ?? null,
    settles: record.settles,
    finished_at: timeText(record.finished_at_ms),
    duration_ms: record.finished_at_ms - record.started_at_ms,
  };
}

function runRow(place: Place, record: ResultRecord): RunRow {
  return {
    run_id: record.run_id,
    version: firstByOffset(place.offset),
    status: record.status,
    decided_by: record.decided_by,
    client_id: record.client_id,
    ...attributed(record),
    harness: record.harness?.name ?? null,
    harness_version: record.harness?.version ?? null,
    replay_of: replayOf(record.replay_of),
    attempts: record.attempts,
    calls: record.spent.calls,
    input_tokens: record.spent.input_tokens,
    output_tokens: record.spent.output_tokens,
    cost_usd: record.spent.cost_usd,
    unpriced_calls: record.spent.unpriced_calls,
    answered_provider: record.answered_by?.provider ?? null,
    answered_model: record.answered_by?.model ?? null,
    reason_codes: record.reasons.map(({ code }) => code),
    reason_rules: record.reasons.map(({ rule }) => rule ?? ""),
    reason_paths: record.reasons.map(({ path }) => path ?? ""),
    received_at: timeText(record.received_at_ms),
    finished_at: timeText(record.finished_at_ms),
    duration_ms: record.finished_at_ms - record.received_at_ms,
    origin_topic: record.origin.topic,
    origin_partition: record.origin.partition,
    origin_offset: record.origin.offset,
    result_partition: place.partition,
    result_offset: place.offset.toString(),
  };
}

function auditRow(place: Place, record: DecisionRecord): AuditRow {
  return {
    run_id: record.run_id,
    event_id: record.event_id,
    version: firstByOffset(place.offset),
    stage: record.stage,
    attempt: record.attempt,
    decision: record.decision,
    decided_at: timeText(record.decided_at_ms),
    client_id: record.client_id,
    ...attributed(record),
    harness: record.harness?.name ?? null,
    harness_version: record.harness?.version ?? null,
    policy: record.policy,
    cut_strategy: record.cut_strategy ?? null,
    guard_names: record.guards.map(({ guard }) => guard),
    guard_verdicts: record.guards.map(({ verdict }) => verdict),
    finding_rules: record.guards.flatMap(({ findings }) => findings.map(({ rule }) => rule)),
    finding_guards: record.guards.flatMap(({ guard, findings }) => findings.map(() => guard)),
    guards: JSON.stringify(record.guards),
    reason_codes: record.reasons.map(({ code }) => code),
    reasons: JSON.stringify(record.reasons),
    spared_tokens: record.spared?.input_tokens ?? null,
    spared_usd: record.spared?.usd ?? null,
    input_hmac: record.input_hmac ?? null,
    output_hmac: record.output_hmac ?? null,
    source_partition: place.partition,
    source_offset: place.offset.toString(),
  };
}

function reviewRow(place: Place, record: ReviewRecord): ReviewRow {
  return {
    run_id: record.run_id,
    version: firstByOffset(place.offset),
    ...nothingOfReview,
    ...reviewEvent(record),
    source_partition: place.partition,
    source_offset: place.offset.toString(),
  };
}

const nothingOfReview = {
  decision: null,
  reviewer: null,
  reason: null,
  attempt: null,
  client_id: null,
  feature: null,
  harness: null,
  harness_version: null,
  batch_id: null,
  document: null,
  due_at: null,
  on_timeout: null,
  reason_codes: [],
} as const satisfies Partial<ReviewRow>;

function reviewEvent(record: ReviewRecord): Pick<ReviewRow, "event" | "event_id" | "at"> & Partial<ReviewRow> {
  switch (record.kind) {
    case "review.escalated":
      return { event: "escalated", event_id: "escalated", at: timeText(record.escalated_at_ms) };
    case "review.decided": {
      const { decision, decision_id: id, reviewer = null, reason = null } = record;
      return { event: "decided", event_id: id, at: timeText(record.decided_at_ms), decision, reviewer, reason };
    }
    case "review.held":
      return {
        event: "held",
        event_id: "held",
        at: timeText(record.held_at_ms),
        attempt: record.attempt,
        client_id: record.client_id,
        ...attributed(record),
        harness: record.harness.name,
        harness_version: record.harness.version,
        due_at: timeText(record.due_at_ms),
        on_timeout: record.on_timeout,
        reason_codes: record.reasons.map(({ code }) => code),
      };
  }
}

function attributed({ feature, document }: Pick<Partial<RunIdentity>, "feature" | "document">) {
  return { feature: feature ?? null, batch_id: document?.batch_id ?? null, document: document?.name ?? null };
}

function replayOf(replay: RunIdentity["replay_of"]): string | null {
  return replay === undefined ? null : `${replay.topic}/${replay.partition}/${replay.offset}#${replay.replay}`;
}
