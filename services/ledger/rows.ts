/**
 * The rows of the ledger's tables as they are inserted: one field a column,
 * under the column's name. Unknown is null. Money is a decimal string, a time
 * is `YYYY-MM-DD hh:mm:ss.mmm` in UTC, a 64-bit number a string.
 */

interface Attributed {
  readonly feature: string | null;
  readonly batch_id: string | null;
  readonly document: string | null;
}

export interface CallRow extends Attributed {
  readonly call_id: string;
  /** State by rank: 1 started, 3 finished. */
  readonly version: 1 | 3;
  readonly run_id: string;
  readonly attempt: number;
  readonly call_no: number;
  readonly tier: number;
  readonly hedge_of: string | null;
  readonly purpose: string | null;
  readonly client_id: string;
  readonly harness: string;
  readonly harness_version: string;
  readonly replay_of: string | null;
  readonly provider: string;
  readonly model: string;
  readonly served_model: string | null;
  readonly worker: string;
  readonly input_tokens_estimate: number;
  readonly max_output_tokens: number;
  readonly cut_strategy: string | null;
  readonly cut_tokens: number | null;
  readonly cut_saved_usd: string | null;
  readonly input_tokens: number | null;
  readonly cached_input_tokens: number | null;
  readonly cache_write_tokens: number | null;
  readonly output_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly usage_source: string | null;
  readonly price_version: string;
  readonly cost_usd: string | null;
  readonly cost_low_usd: string | null;
  readonly cost_high_usd: string | null;
  readonly uncached_cost_usd: string | null;
  readonly outcome: string | null;
  readonly error_code: string | null;
  readonly error_status: number | null;
  readonly finish_reason: string | null;
  readonly first_token_ms: number | null;
  readonly provider_request_id: string | null;
  readonly settles: boolean | null;
  readonly started_at: string;
  readonly deadline_at: string;
  readonly finished_at: string | null;
  readonly duration_ms: number | null;
  readonly source_topic: string;
  readonly source_partition: number;
  readonly source_offset: string;
}

export interface RunRow extends Attributed {
  readonly run_id: string;
  /** 2^63 - result_offset: the first by offset wins. */
  readonly version: string;
  readonly status: string;
  readonly decided_by: string;
  readonly client_id: string | null;
  readonly harness: string | null;
  readonly harness_version: string | null;
  readonly replay_of: string | null;
  readonly attempts: number;
  readonly calls: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_usd: string | null;
  readonly unpriced_calls: number;
  readonly answered_provider: string | null;
  readonly answered_model: string | null;
  readonly reason_codes: readonly string[];
  readonly reason_rules: readonly string[];
  readonly reason_paths: readonly string[];
  readonly received_at: string;
  readonly finished_at: string;
  readonly duration_ms: number;
  readonly origin_topic: string;
  readonly origin_partition: number;
  readonly origin_offset: string;
  readonly result_partition: number;
  readonly result_offset: string;
}

export interface AuditRow extends Attributed {
  readonly run_id: string;
  readonly event_id: string;
  /** 2^63 - source_offset: the first by offset wins. */
  readonly version: string;
  readonly stage: string;
  readonly attempt: number;
  readonly decision: string;
  readonly decided_at: string;
  readonly client_id: string | null;
  readonly harness: string | null;
  readonly harness_version: string | null;
  readonly policy: string | null;
  readonly cut_strategy: string | null;
  readonly guard_names: readonly string[];
  readonly guard_verdicts: readonly string[];
  readonly finding_rules: readonly string[];
  readonly finding_guards: readonly string[];
  readonly guards: string;
  readonly reason_codes: readonly string[];
  readonly reasons: string;
  readonly spared_tokens: number | null;
  readonly spared_usd: string | null;
  readonly input_hmac: string | null;
  readonly output_hmac: string | null;
  readonly source_partition: number;
  readonly source_offset: string;
}

/** Of the audit, what is no decision: a call, a change. */
export interface AuditEventRow {
  readonly kind: string;
  readonly event_id: string;
  readonly at: string;
  /** 2^63 - source_offset: the first by offset wins. */
  readonly version: string;
  readonly by_kind: string | null;
  readonly by_id: string | null;
  readonly action: string;
  readonly target: string;
  readonly target_version: string | null;
  readonly previous_version: string | null;
  readonly run_id: string | null;
  readonly client_id: string | null;
  readonly outcome: string | null;
  readonly why: string | null;
  readonly input_hmac: string | null;
  readonly output_hmac: string | null;
  readonly source_partition: number;
  readonly source_offset: string;
}

export interface ReviewRow extends Attributed {
  readonly run_id: string;
  /** `held`, `escalated`, or the id of the decision. */
  readonly event_id: string;
  /** 2^63 - source_offset: the first by offset wins. */
  readonly version: string;
  readonly event: "held" | "escalated" | "decided";
  readonly at: string;
  readonly decision: string | null;
  readonly reviewer: string | null;
  readonly reason: string | null;
  /** This and what follows is known of what was held alone. */
  readonly attempt: number | null;
  readonly client_id: string | null;
  readonly harness: string | null;
  readonly harness_version: string | null;
  readonly due_at: string | null;
  readonly on_timeout: string | null;
  readonly reason_codes: readonly string[];
  readonly source_partition: number;
  readonly source_offset: string;
}

/** A signed head of the sealed audit. */
export interface AuditHeadRow {
  readonly partition: number;
  readonly sequence: number;
  readonly hash: string;
  readonly signed_at_ms: number;
  readonly public_key: string;
  readonly signature: string;
}

/** A row and the table it belongs to. */
export type LedgerRow =
  | { readonly table: "calls"; readonly row: CallRow }
  | { readonly table: "runs"; readonly row: RunRow }
  | { readonly table: "audit"; readonly row: AuditRow }
  | { readonly table: "audit_events"; readonly row: AuditEventRow }
  | { readonly table: "reviews"; readonly row: ReviewRow }
  | { readonly table: "audit_heads"; readonly row: AuditHeadRow };

export type LedgerTable = LedgerRow["table"];
