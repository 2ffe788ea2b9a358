/**
 * Shows a decision in the run's trace: run, attempt and outcome on the record's
 * span, the answer where its harness wants it there, how long deciding took, and what every guard said. A moderation that was
 * asked stands between two spans of deciding.
 */
import { trace } from "@opentelemetry/api";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { tracedOutput } from "../runtime/content/traced-content.ts";
import { inDecisionSpan } from "../runtime/telemetry/decision-span.ts";
import { noteOnSpan } from "../runtime/telemetry/in-span.ts";
import { attributes as names } from "../runtime/telemetry/names.ts";
import type { Opinion } from "./guards/judge-moderation.ts";
import type { Asking, Decision, Heard, SettlingFinish } from "./decide.ts";

export type AskModeration = (asking: Asking) => Promise<Opinion>;

export interface Judged {
  readonly settled: SettlingFinish;
  /** Undefined when it is gone. */
  readonly definition: HarnessDefinition | undefined;
}

/** `ask` is called when a provider's moderation is to be heard. */
export async function tracedDecision(
  { settled, definition }: Judged,
  decide: () => Decision | Asking,
  ask: AskModeration,
): Promise<Heard> {
  const first = inDecisionSpan(decide, ({ guards }) => guards);
  const heard = first.kind === "asking" ? await hearing(first, ask) : { finish: settled, decision: first };
  noteDecision({ settled, definition }, heard.decision);
  return heard;
}

async function hearing(asking: Asking, ask: AskModeration): Promise<Heard> {
  const opinion = await ask(asking);
  const known = asking.guards.length;
  return inDecisionSpan(
    () => asking.hear(opinion),
    ({ decision: { guards } }) => guards.slice(known),
  );
}

function noteDecision({ settled, definition }: Judged, decision: Decision): void {
  if (trace.getActiveSpan()?.isRecording() !== true) return;
  const { run_id: runId, harness, attempt } = settled;
  noteOnSpan({
    [names.runId]: runId,
    [names.attempt]: attempt,
    [names.harness]: harness.name,
    [names.harnessVersion]: harness.version,
    [names.outcome]: decision.kind,
    ...tracedOutput(definition, settled.settlement.task, decision.kind === "accepted" ? decision : null),
  });
}
