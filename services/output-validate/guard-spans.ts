/**
 * Shows a decision in the run's trace: run, attempt and outcome on the record's
 * span, and a span for every guard with its verdict. The spans have no length,
 * since deciding knows no clock; what guards cost is measured by the bench.
 */
import { trace } from "@opentelemetry/api";
import { noteOnSpan } from "../runtime/telemetry/in-span.ts";
import { attributes, guardSpan, tracerName } from "../runtime/telemetry/names.ts";
import type { Decision, SettlingFinish } from "./decide.ts";

export function traceDecision({ run_id, harness, attempt }: SettlingFinish, { kind, guards }: Decision): void {
  if (trace.getActiveSpan()?.isRecording() !== true) return;
  noteOnSpan({
    [attributes.runId]: run_id,
    [attributes.attempt]: attempt,
    [attributes.harness]: harness.name,
    [attributes.harnessVersion]: harness.version,
    [attributes.outcome]: kind,
  });
  const tracer = trace.getTracer(tracerName);
  for (const { guard, verdict } of guards) {
    tracer
      .startSpan(guardSpan(guard), { attributes: { [attributes.guard]: guard, [attributes.verdict]: verdict } })
      .end();
  }
}
