/**
 * Shows guards at work: a span with the time that deciding took, and one for
 * each guard with its verdict. A guard's own span has no length, as what decides
 * knows no clock; what guards cost is measured by the bench.
 */
import { context, trace } from "@opentelemetry/api";
import type { GuardReport } from "../../../schemas/parts/finding.ts";
import { attributes as names, decisionSpan, guardSpan, tracerName } from "./names.ts";

/** `guardsOf`: those that spoke within `decide`, in their order. */
export function inDecisionSpan<Decided>(
  decide: () => Decided,
  guardsOf: (decided: Decided) => readonly Pick<GuardReport, "guard" | "verdict">[],
): Decided {
  if (trace.getActiveSpan()?.isRecording() !== true) return decide();
  const tracer = trace.getTracer(tracerName);
  const span = tracer.startSpan(decisionSpan);
  try {
    const decided = decide();
    const below = trace.setSpan(context.active(), span);
    for (const { guard, verdict } of guardsOf(decided)) {
      const attributes = { [names.guard]: guard, [names.verdict]: verdict };
      tracer.startSpan(guardSpan(guard), { attributes }, below).end();
    }
    return decided;
  } finally {
    span.end();
  }
}
