/**
 * A span around one step of a stage, below the span of its record: an attempt,
 * a provider call; and what is noted on the span in progress. Costs next to
 * nothing while tracing is off.
 */
import { SpanStatusCode, trace, type Attributes, type Span, type SpanKind } from "@opentelemetry/api";
import { z } from "zod";
import { resultStatus } from "../../../schemas/parts/codes.ts";
import type { Emission } from "../stage.ts";
import { attributes as names, tracerName } from "./names.ts";

/** The span ends with the work; an error is noted by its name, never by its message. */
export async function inSpan<T>(
  name: string,
  options: { readonly kind?: SpanKind; readonly attributes?: Attributes },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return trace.getTracer(tracerName).startActiveSpan(name, options, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute(names.errorType, error instanceof Error ? error.name : "unknown");
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Facts about the record in progress, onto its span: run, harness, outcome. */
export function noteOnSpan(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** For a line of the log, by OpenTelemetry's names for logs that go other ways than its own. */
export function traceFields(span = trace.getActiveSpan()): { readonly trace_id?: string; readonly span_id?: string } {
  const here = span?.spanContext();
  return here === undefined ? {} : { trace_id: here.traceId, span_id: here.spanId };
}

const ending = z.object({ status: resultStatus, spent: z.object({ cost_usd: z.string() }) });

/** How a run ended and what it cost, of a result that is about to be written: by these a collector keeps a trace or not. */
export function noteResults(emissions: readonly Emission[]): void {
  const span = trace.getActiveSpan();
  if (span?.isRecording() !== true) return;
  for (const { topic, value } of emissions) {
    const { success, data } = ending.safeParse(topic === "harness-results" ? value : null);
    if (success) span.setAttributes({ [names.status]: data.status, [names.costUsd]: Number(data.spent.cost_usd) });
  }
}
