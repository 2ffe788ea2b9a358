/**
 * Counts what was stored, for dashboards: runs by status, calls with their
 * time, tokens and cost, guards' verdicts, reviews, and how late a row is. Read
 * twice is counted twice, and money is a float here: the ledger has the books.
 * Labels come from closed sets and from published definitions, never from a
 * publisher: no client, no feature, no harness.
 */
import { metrics, type Attributes } from "@opentelemetry/api";
import type { AuditRow, CallRow, LedgerRow, RunRow } from "../ledger/rows.ts";
import { attributes as names, metricNames, moderation, tracerName } from "../runtime/telemetry/names.ts";

export interface LedgerMetrics {
  /** `tookMs`: from the record's time on its topic until its row was stored. */
  stored(entry: LedgerRow, tookMs: number): void;
}

const secondsBounds = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600];
const advice = { explicitBucketBoundaries: secondsBounds };

export function createLedgerMetrics(): LedgerMetrics {
  const meter = metrics.getMeter(tracerName);
  const delay = meter.createHistogram(metricNames.ledgerDelay, { unit: "s", advice });
  const reviews = meter.createCounter(metricNames.reviewEvents);
  const countRun = createRunCount();
  const countCall = createCallCount();
  const countGuards = createGuardCount();
  return {
    stored: ({ table, row }, tookMs) => {
      delay.record(Math.max(0, tookMs) / 1000);
      switch (table) {
        case "runs":
          return countRun(row);
        case "calls":
          return countCall(row);
        case "audit":
          return countGuards(row);
        case "reviews":
          return reviews.add(1, { [names.event]: row.event });
        case "audit_events":
        case "audit_heads":
          return undefined;
      }
    },
  };
}

function createRunCount(): (row: RunRow) => void {
  const meter = metrics.getMeter(tracerName);
  const runs = meter.createCounter(metricNames.runs);
  const duration = meter.createHistogram(metricNames.runDuration, { unit: "s", advice });
  return ({ status, duration_ms: tookMs }) => {
    const label = { [names.status]: status };
    runs.add(1, label);
    duration.record(Math.max(0, tookMs) / 1000, label);
  };
}

/** Of finished calls. */
function createCallCount(): (row: CallRow) => void {
  const meter = metrics.getMeter(tracerName);
  const duration = meter.createHistogram(metricNames.callDuration, { unit: "s", advice });
  const tokens = meter.createCounter(metricNames.tokens);
  const cost = meter.createCounter(metricNames.costUsd);
  const unpriced = meter.createCounter(metricNames.unpricedCalls);
  return (row) => {
    if (row.version !== 3) return;
    const label: Attributes = { [names.genAiProvider]: row.provider, [names.genAiRequestModel]: row.model };
    const failure = row.outcome === "ok" ? {} : { [names.errorType]: row.outcome ?? "unknown" };
    const operation = { [names.genAiOperation]: row.purpose === moderation ? moderation : "chat" };
    duration.record(Math.max(0, row.duration_ms ?? 0) / 1000, { ...operation, ...label, ...failure });
    for (const [bucket, count] of bucketsOf(row)) tokens.add(count ?? 0, { ...label, [names.tokenBucket]: bucket });
    if (row.cost_usd === null) unpriced.add(1, label);
    else cost.add(Number(row.cost_usd), label);
  };
}

function bucketsOf(row: CallRow): readonly (readonly [bucket: string, count: number | null])[] {
  return [
    ["input", row.input_tokens],
    ["cached_input", row.cached_input_tokens],
    ["cache_write", row.cache_write_tokens],
    ["output", row.output_tokens],
    ["reasoning", row.reasoning_tokens],
  ];
}

function createGuardCount(): (row: AuditRow) => void {
  const decisions = metrics.getMeter(tracerName).createCounter(metricNames.guardDecisions);
  return ({ stage, guard_names: guards, guard_verdicts: verdicts }) => {
    for (const [index, guard] of guards.entries())
      decisions.add(1, { [names.stage]: stage, [names.guard]: guard, [names.verdict]: verdicts[index] ?? "unknown" });
  };
}
