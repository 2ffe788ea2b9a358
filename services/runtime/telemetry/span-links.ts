/**
 * How traces that are not one are joined: a run that somebody replays, or that
 * is one of a batch, has a trace of its own, whose first span links to where it
 * came from. The link travels in a header, so whoever publishes needs no
 * tracing itself; one that cannot be read is left out.
 */
import { context, propagation, ROOT_CONTEXT, trace, type Link } from "@opentelemetry/api";

/** W3C traceparents, with commas between them. */
export const linkHeader = "breakwater-trace-link";

const mostLinks = 8;

/** Headers of a request whose first span is to link there. */
export function linkedTo(...traceparents: readonly (string | undefined)[]): Readonly<Record<string, string>> {
  const known = traceparents.filter((one) => one !== undefined);
  return known.length === 0 ? {} : { [linkHeader]: known.join(",") };
}

/** The traceparent of the span in progress; undefined when none is recorded. */
export function spanHere(): string | undefined {
  if (trace.getActiveSpan()?.isRecording() !== true) return undefined;
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers["traceparent"];
}

export function linksIn(headers: Readonly<Record<string, string>>): Link[] {
  const written = headers[linkHeader];
  if (written === undefined) return [];
  return written.split(",", mostLinks).flatMap((traceparent) => {
    const there = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
    return there === undefined ? [] : [{ context: there }];
  });
}
