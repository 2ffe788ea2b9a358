/**
 * Everything the ledger knows about one run: its result, its calls and the
 * decisions about it, each in order; and the calls nobody saw the end of.
 */
import { z } from "zod";
import { guardReport, reason } from "../../schemas/parts/finding.ts";
import type { Store } from "./clickhouse.ts";

const count = z.coerce.number().int();
const maybe = z.string().nullable();
const maybeCount = count.nullable();

const ledgerCall = z.object({
  call_id: z.string(),
  run_id: z.string(),
  attempt: count,
  call_no: count,
  tier: count,
  hedge_of: maybe,
  purpose: maybe,
  state: z.enum(["finished", "in_flight", "orphan"]),
  client_id: z.string(),
  feature: maybe,
  harness: z.string(),
  harness_version: z.string(),
  batch_id: maybe,
  document: maybe,
  provider: z.string(),
  model: z.string(),
  served_model: maybe,
  worker: z.string(),
  outcome: maybe,
  error_code: maybe,
  error_status: maybeCount,
  finish_reason: maybe,
  first_token_ms: maybeCount,
  settles: z.boolean().nullable(),
  input_tokens: maybeCount,
  cached_input_tokens: maybeCount,
  cache_write_tokens: maybeCount,
  output_tokens: maybeCount,
  reasoning_tokens: maybeCount,
  usage_source: maybe,
  price_version: z.string(),
  cost_usd: maybe,
  bound_low_usd: maybe,
  bound_high_usd: maybe,
  started_at: z.string(),
  deadline_at: z.string(),
  finished_at: maybe,
  duration_ms: maybeCount,
});
export type LedgerCall = Readonly<z.infer<typeof ledgerCall>>;

const runResultRow = z.object({
  run_id: z.string(),
  status: z.string(),
  decided_by: z.string(),
  client_id: maybe,
  feature: maybe,
  harness: maybe,
  harness_version: maybe,
  batch_id: maybe,
  document: maybe,
  replay_of: maybe,
  attempts: count,
  calls: count,
  input_tokens: count,
  output_tokens: count,
  cost_usd: maybe,
  unpriced_calls: count,
  answered_provider: maybe,
  answered_model: maybe,
  reason_codes: z.array(z.string()),
  reason_rules: z.array(z.string()),
  reason_paths: z.array(z.string()),
  received_at: z.string(),
  finished_at: z.string(),
  duration_ms: count,
  origin_topic: z.string(),
  origin_partition: count,
  origin_offset: z.string(),
  result_partition: count.describe("Where the result can be read from harness-results"),
  result_offset: z.string(),
});
export type LedgerRun = Readonly<z.infer<typeof runResultRow>>;

const json = z.string().transform((text): unknown => JSON.parse(text));

const ledgerDecision = z.object({
  event_id: z.string(),
  stage: z.string(),
  attempt: count,
  decision: z.string(),
  decided_at: z.string(),
  policy: maybe,
  guards: json.pipe(z.array(guardReport)),
  reasons: json.pipe(z.array(reason)),
  source_partition: count,
  source_offset: z.string(),
});
export type LedgerDecision = Readonly<z.infer<typeof ledgerDecision>>;

const ledgerReview = z.object({
  event: z.enum(["held", "escalated", "decided"]),
  at: z.string(),
  decision: maybe,
  reviewer: maybe,
  reason: maybe,
  due_at: maybe,
  on_timeout: maybe,
});
export type LedgerReview = Readonly<z.infer<typeof ledgerReview>>;

export const runTimelineDocument = z.object({
  result: runResultRow.nullable().describe("Null while the run goes on, or before its result has reached the ledger"),
  calls: z.array(ledgerCall),
  decisions: z.array(ledgerDecision),
  reviews: z.array(ledgerReview).describe("Of an answer that was held: when, and who decided what about it"),
});

export interface RunTimeline {
  /** Null while the run goes on, or before its result has reached the ledger. */
  readonly result: LedgerRun | null;
  readonly calls: readonly LedgerCall[];
  readonly decisions: readonly LedgerDecision[];
  /** Of an answer that was held: when, and who decided what about it. */
  readonly reviews: readonly LedgerReview[];
}

const columns = (row: z.ZodObject): string => Object.keys(row.shape).join(", ");

/** Clients and days come first in the table's order and never change, so FINAL need not read the others. */
const amongItsDays =
  "AND (client_id, day) IN (SELECT client_id, toDate(started_at) FROM calls WHERE run_id = {run:UUID})";

/** Errors: StoreError. An unknown run has neither result nor calls nor decisions. */
export async function runTimeline(store: Pick<Store, "query">, runId: string): Promise<RunTimeline> {
  const read = (shape: z.ZodObject, view: string, order: string, and = "") =>
    store.query(`SELECT ${columns(shape)} FROM ${view} WHERE run_id = {run:UUID} ${and} ORDER BY ${order}`, {
      run: runId,
    });
  const [results, calls, decisions, reviews] = await Promise.all([
    read(runResultRow, "run_results", "run_id"),
    read(ledgerCall, "ledger", "attempt, started_at, call_no", amongItsDays),
    read(ledgerDecision, "decisions", "decided_at, source_offset"),
    read(ledgerReview, "review_events", "source_offset"),
  ]);
  return {
    result: z.array(runResultRow).parse(results)[0] ?? null,
    calls: z.array(ledgerCall).parse(calls),
    decisions: z.array(ledgerDecision).parse(decisions),
    reviews: z.array(ledgerReview).parse(reviews),
  };
}

/** Calls whose end nobody saw, a minute past their deadline, newest first. Errors: StoreError. */
export async function orphans(store: Store, limit = 1000): Promise<readonly LedgerCall[]> {
  const rows = await store.query(
    `SELECT ${columns(ledgerCall)} FROM ledger WHERE state = 'orphan' ORDER BY started_at DESC LIMIT {limit:UInt32}`,
    { limit },
  );
  return z.array(ledgerCall).parse(rows);
}
