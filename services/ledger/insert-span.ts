/**
 * The span of one batch of the ledger. A batch belongs to many runs, so it has a
 * trace of its own: it links to the spans of the records that wait for it, and
 * each of them links to it. There is none when no record's trace is recorded.
 */
import { SpanKind, SpanStatusCode, trace, type Span } from "@opentelemetry/api";
import { attributes as names, insertSpan, tracerName } from "../runtime/telemetry/names.ts";
import type { StoreError } from "./clickhouse.ts";
import type { LedgerTable } from "./rows.ts";

/** As many as a span keeps. */
const mostLinks = 128;

export interface TracedBatch {
  readonly table: LedgerTable;
  readonly rows: number;
  /** Of the rows whose traces are recorded. */
  readonly spans: readonly Span[];
}

/** The span that a row of the batch belongs to; undefined when it is not recorded. */
export function rowSpan(): Span | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() === true ? span : undefined;
}

export async function inInsertSpan(
  { table, rows, spans }: TracedBatch,
  insert: () => Promise<StoreError | null>,
): Promise<StoreError | null> {
  if (spans.length === 0) return await insert();
  const span = trace.getTracer(tracerName).startSpan(insertSpan(table), {
    root: true,
    kind: SpanKind.CLIENT,
    links: spans.slice(0, mostLinks).map((one) => ({ context: one.spanContext() })),
    attributes: {
      [names.dbSystem]: "clickhouse",
      [names.dbOperation]: "INSERT",
      [names.dbCollection]: table,
      [names.dbBatchSize]: rows,
    },
  });
  if (span.isRecording()) for (const one of spans) one.addLink({ context: span.spanContext() });
  try {
    const failure = await insert();
    if (failure !== null) span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute(names.errorType, failure.fault);
    return failure;
  } finally {
    span.end();
  }
}
