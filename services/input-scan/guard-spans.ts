/**
 * Shows a decision in the run's trace: run, harness and outcome on the record's
 * span, and a span for every guard with its verdict. The spans have no length,
 * since deciding knows no clock; what guards cost is measured by the bench.
 */
import { trace } from "@opentelemetry/api";
import { noteOnSpan } from "../runtime/telemetry/in-span.ts";
import { attributes, guardSpan, tracerName } from "../runtime/telemetry/names.ts";
import type { Decision } from "./decide.ts";
import type { Arrival } from "./records.ts";

export function traceDecision({ runId, harness }: Arrival, decision: Decision): void {
  if (trace.getActiveSpan()?.isRecording() !== true) return;
  noteOnSpan({
    [attributes.runId]: runId,
    [attributes.outcome]: decision.kind,
    ...(harness === null ? {} : { [attributes.harness]: harness.name, [attributes.harnessVersion]: harness.version }),
  });
  if (decision.kind === "invalid") return;
  const tracer = trace.getTracer(tracerName);
  for (const { guard, verdict } of decision.guards) {
    tracer
      .startSpan(guardSpan(guard), { attributes: { [attributes.guard]: guard, [attributes.verdict]: verdict } })
      .end();
  }
}
