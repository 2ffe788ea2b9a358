/**
 * Shows a decision in the run's trace: run, batch, harness and outcome on the
 * record's span, how long deciding took, and what every guard said.
 */
import { trace } from "@opentelemetry/api";
import { inDecisionSpan } from "../runtime/telemetry/decision-span.ts";
import { noteOnSpan } from "../runtime/telemetry/in-span.ts";
import { attributes as names } from "../runtime/telemetry/names.ts";
import type { Decision, Ruling } from "./decide.ts";
import type { Arrival } from "./records.ts";

export function tracedDecision(arrival: Arrival, decide: () => Ruling): Ruling {
  const decision = inDecisionSpan(decide, (decided) => (decided.kind === "invalid" ? [] : decided.guards));
  noteDecision(arrival, decision);
  return decision;
}

export function noteDecision({ runId, harness, claims }: Arrival, { kind }: Pick<Decision, "kind">): void {
  if (trace.getActiveSpan()?.isRecording() !== true) return;
  const { document, replay_of: replay } = claims;
  noteOnSpan({
    [names.runId]: runId,
    [names.outcome]: kind,
    ...(harness === null ? {} : { [names.harness]: harness.name, [names.harnessVersion]: harness.version }),
    ...(document === undefined ? {} : { [names.batchId]: document.batch_id }),
    ...(replay === undefined ? {} : { [names.replayOf]: `${replay.topic}/${replay.partition}/${replay.offset}` }),
  });
}
