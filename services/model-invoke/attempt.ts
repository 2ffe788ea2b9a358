/**
 * Carries an attempt to its end: asks the plan for the next step, takes it, and
 * asks again. It ends with a settling finish in the journal, or with a terminal
 * result that is acknowledged before the attempt is marked as over. When the
 * partition is lost it starts nothing more and leaves the record to the next
 * owner.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { Message } from "../../schemas/parts/content.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { TransientError } from "../runtime/errors.ts";
import type { Emission, Outcome, StageContext } from "../runtime/stage.ts";
import { makeCall, writeFinish, type CallParts } from "./call/make-call.ts";
import type { Capacity } from "./capacity/capacity.ts";
import { crowdedTiers, withSlot } from "./capacity/with-slot.ts";
import type { AttemptHistory } from "./journal/attempt-history.ts";
import type { Journal } from "./journal/journal.ts";
import { nextStep } from "./plan/plan.ts";
import type { Situation, SkippedTier } from "./plan/situation.ts";
import { auditEmission, joinedAudit, markEmission, resultEmission, type Decided } from "./terminal.ts";

export interface AttemptParts extends CallParts {
  readonly journal: Journal;
  readonly capacity: Capacity;
}

export interface AttemptRun {
  readonly task: AttemptTask;
  readonly messages: readonly Message[];
  readonly definition: HarnessDefinition;
  readonly attempt: AttemptHistory;
  readonly context: StageContext;
}

export async function runAttempt(parts: AttemptParts, run: AttemptRun): Promise<Outcome> {
  const { attempt, context } = run;
  const audits = new Map<number, Emission>();
  const situation = (): Situation => situationOf(parts, run);
  if (attempt.ended !== null) return await conclude(parts, run, attempt.ended);
  if (attempt.unacknowledged !== null) await writeFinish(attempt, attempt.unacknowledged, context);
  for (;;) {
    await context.confirmed?.();
    const step = nextStep(situation());
    if (step.kind !== "join") stopIfLost(context);
    switch (step.kind) {
      case "join":
        return await conclude(parts, run, [joinedAudit(run.task, context)]);
      case "wait":
      case "pause":
        await attempt.changed(step.untilMs - context.nowMs(), context.signal);
        break;
      case "expired":
      case "degraded":
        return await endWithout(parts, run, { status: step.kind, reasons: step.reasons, audits: [...audits.values()] });
      case "call":
        for (const skipped of step.skipped)
          audits.set(skipped.tier, auditOf(run, "tier_skipped", [skipReason(run, skipped)]));
        await withSlot({ ...seekerOf(parts, run), step, situation }, (chosen, slot) =>
          makeCall(parts, { ...run, step: chosen, slot, situation }),
        );
        if (attempt.settledOffset !== null) return await conclude(parts, run, [...audits.values()]);
        break;
    }
  }
}

export function stopIfLost({ signal }: StageContext): void {
  if (signal.aborted) throw new TransientError("partition_lost", "the record is left to the partition's next owner");
}

function seekerOf({ capacity }: AttemptParts, { context }: AttemptRun) {
  return { capacity, confirmed: context.confirmed ?? (() => Promise.resolve()), signal: context.signal };
}

function situationOf(
  { journal, resilience, capacity }: AttemptParts,
  { task, definition, attempt, context }: AttemptRun,
): Situation {
  return {
    definition,
    task,
    calls: attempt.calls,
    settled: attempt.settledOffset !== null,
    openTiers: new Set(definition.models.flatMap((model, tier) => (resilience.isOpen(model) ? [tier] : []))),
    crowdedTiers: crowdedTiers(capacity, { definition, task }),
    otherWorkers: journal.otherWorkers,
    nowMs: context.nowMs(),
  };
}

export interface Unprocessed extends Pick<AttemptRun, "task" | "attempt" | "context"> {
  readonly code: "definition_missing" | "content_sealed";
}

const unprocessedMessages: Readonly<Record<Unprocessed["code"], string>> = {
  definition_missing: "the harness version that this run is pinned to is not on harness-definitions",
  content_sealed: "the run's content is sealed and this process holds no key for it",
};

/** The operator gets the record, the user a result: a run always ends. */
export async function endUnprocessed(
  parts: AttemptParts,
  { task, attempt, context, code }: Unprocessed,
): Promise<Outcome> {
  if (attempt.settledOffset !== null)
    return await conclude(parts, { task, attempt, context }, [joinedAudit(task, context)]);
  const message = unprocessedMessages[code];
  const reasons = [{ code, message }];
  const nowMs = context.nowMs();
  const ending = { task, definition: null, reasons, nowMs };
  await context.publish([resultEmission({ ...ending, status: "degraded", calls: attempt.calls })]);
  parts.journal.close(attempt);
  // The shell writes the dead letter first: a mark without it would hide the record from the operator for ever.
  const emissions = [markEmission(task, null), auditEmission({ ...ending, decision: "degraded" })];
  return { emissions, deadLetter: { code, message, disposition: "rejected" } };
}

/** The mark is acknowledged before the record counts as done: from then on the attempt is never paid again. */
async function conclude(
  { journal }: Pick<AttemptParts, "journal">,
  { task, attempt, context }: Pick<AttemptRun, "task" | "attempt" | "context">,
  emissions: readonly Emission[],
): Promise<Outcome> {
  await context.publish([markEmission(task, attempt.settledOffset)]);
  journal.close(attempt);
  return { emissions };
}

interface Ending {
  readonly status: "degraded" | "expired";
  readonly reasons: readonly Reason[];
  readonly audits: readonly Emission[];
}

/** The result first: a mark without it would lose the run. */
async function endWithout(parts: AttemptParts, run: AttemptRun, { status, reasons, audits }: Ending): Promise<Outcome> {
  const { task, definition, attempt, context } = run;
  const nowMs = context.nowMs();
  await context.publish([resultEmission({ task, definition, status, reasons, calls: attempt.calls, nowMs })]);
  attempt.ended = [...audits, auditOf(run, status, reasons)];
  return await conclude(parts, run, attempt.ended);
}

function auditOf(
  { task, definition, context }: AttemptRun,
  decision: Decided["decision"],
  reasons: readonly Reason[],
): Emission {
  return auditEmission({ task, definition, decision, reasons, nowMs: context.nowMs() });
}

const skipMessages: Readonly<Record<SkippedTier["why"], string>> = {
  breaker_open: "its breaker is open",
  context_window: "the prompt does not fit its context window",
  no_capacity: "it takes no more calls for now",
};

function skipReason({ definition }: AttemptRun, { tier, why }: SkippedTier): Reason {
  const model = definition.models[tier];
  const name = model === undefined ? "" : `${model.provider}/${model.model}: `;
  return { code: why, message: name + skipMessages[why], rule: `tier_${tier}` };
}
