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
import { TransientError } from "../runtime/errors.ts";
import type { ConsumedRecord, Emission, Outcome, StageContext } from "../runtime/stage.ts";
import { budgetAudit, budgetReason } from "./call/budget-reason.ts";
import { writeFinish } from "./call/make-call.ts";
import { makePaidCall } from "./call/paid-call.ts";
import { crowdedTiers } from "./capacity/with-slot.ts";
import { putBack, type StandingOrders } from "./commands/standing-orders.ts";
import type { HedgeParts } from "./hedging/hedged-call.ts";
import type { Journal } from "./journal/journal.ts";
import { nextStep } from "./plan/plan.ts";
import { tierReasons } from "./plan/reasons.ts";
import type { Situation, SkippedTier } from "./plan/situation.ts";
import { conclude, endFailedFast, endWithout, type AttemptAtWork, type EndingParts } from "./ending.ts";
import { auditEmission, joinedAudit } from "./terminal.ts";

export interface AttemptParts extends HedgeParts, EndingParts {
  readonly journal: Journal;
  readonly orders: Pick<StandingOrders, "of" | "mustMakeRoom">;
}

export interface AttemptRun extends AttemptAtWork {
  readonly record: ConsumedRecord;
  readonly messages: readonly Message[];
  readonly definition: HarnessDefinition;
}

export async function runAttempt(parts: AttemptParts, run: AttemptRun): Promise<Outcome> {
  const { attempt, context } = run;
  const audits = new Map<number | "budgets", Emission>();
  const decided = (): readonly Emission[] => [...audits.values()];
  const situation = (): Situation => situationOf(parts, run);
  if (attempt.ended !== null) return await conclude(parts.journal, run, attempt.ended);
  for (const finished of attempt.unacknowledged) await writeFinish(attempt, finished, context);
  for (;;) {
    await context.confirmed?.();
    const step = nextStep(situation());
    if (step.kind !== "join") stopIfLost(context);
    switch (step.kind) {
      case "join":
        return await conclude(parts.journal, run, [joinedAudit(run.task, context)]);
      case "wait":
      case "pause":
        await attempt.changed(step.untilMs - context.nowMs(), context.signal);
        break;
      case "hold":
        if (await parts.orders.mustMakeRoom(attempt, step.untilMs, context)) return putBack(run.record, run.task);
        break;
      case "cancelled":
      case "expired":
      case "degraded":
        return await endWithout(parts, run, { status: step.kind, reasons: step.reasons, audits: decided() });
      case "failed_fast":
        return await endFailedFast(parts, run, { reasons: step.reasons, audits: decided() });
      case "call": {
        for (const skipped of step.skipped) audits.set(skipped.tier, skipAudit(run, skipped));
        const { refusal, exceeded } = await makePaidCall(parts, { ...run, step, situation });
        if (exceeded.length > 0) audits.set("budgets", budgetAudit(run, exceeded));
        const reasons = refusal === null ? [] : [budgetReason(refusal), ...tierReasons(situation())];
        if (refusal !== null)
          return await endWithout(parts, run, { status: "over_budget", reasons, audits: decided() });
        if (attempt.settledOffset !== null) return await conclude(parts.journal, run, decided());
        break;
      }
    }
  }
}

export function stopIfLost({ signal }: StageContext): void {
  if (signal.aborted) throw new TransientError("partition_lost", "the record is left to the partition's next owner");
}

function situationOf(
  { journal, resilience, providers, capacity, orders }: AttemptParts,
  { task, definition, attempt, context }: AttemptRun,
): Situation {
  return {
    definition,
    task,
    calls: attempt.calls,
    settled: attempt.settles,
    running: attempt.running,
    openTiers: new Set(
      definition.models.flatMap((model, tier) =>
        resilience.isOpen(model) || providers.keys.isOut(model) ? [tier] : [],
      ),
    ),
    crowdedTiers: crowdedTiers(capacity, { definition, task }),
    orders: orders.of(task, definition.models),
    otherWorkers: journal.otherWorkers,
    nowMs: context.nowMs(),
  };
}

function skipAudit(run: AttemptRun, skipped: SkippedTier): Emission {
  const { task, definition, context } = run;
  const reasons = [skipReason(run, skipped)];
  return auditEmission({ task, definition, decision: "tier_skipped", reasons, nowMs: context.nowMs() });
}

const skipMessages: Readonly<Record<SkippedTier["why"], string>> = {
  breaker_open: "its breaker is open",
  paused: "an operator paused it",
  context_window: "the prompt does not fit its context window",
  no_capacity: "it takes no more calls for now",
};

function skipReason({ definition }: AttemptRun, { tier, why }: SkippedTier): Reason {
  const model = definition.models[tier];
  const name = model === undefined ? "" : `${model.provider}/${model.model}: `;
  return { code: why, message: name + skipMessages[why], rule: `tier_${tier}` };
}
