/**
 * A span around one step of a stage, below the span of its record: a guard, a
 * provider call, an insert. Costs next to nothing while tracing is off.
 */
import { SpanStatusCode, trace, type Attributes, type Span, type SpanKind } from "@opentelemetry/api";
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
