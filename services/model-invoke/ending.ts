/**
 * Ends an attempt here and not at a provider. The terminal result is
 * acknowledged before the attempt is marked as over, so that no run is lost;
 * what the operator must see is dead-lettered before the mark hides it.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { erasedReason, isErased } from "../../schemas/parts/content.ts";
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { Emission, Outcome, StageContext } from "../runtime/stage.ts";
import type { LastAnswers } from "./answers/last-answers.ts";
import type { AttemptHistory } from "./journal/attempt-history.ts";
import type { Journal } from "./journal/journal.ts";
import { auditEmission, joinedAudit, markEmission, givenWithout, resultEmission } from "./terminal.ts";

export interface AttemptAtWork {
  readonly task: AttemptTask;
  readonly attempt: AttemptHistory;
  readonly context: StageContext;
}

export interface EndingParts {
  readonly journal: Closing;
  readonly answers: LastAnswers;
  /** Told of every attempt that no model answered. */
  readonly onUnanswered: (task: AttemptTask, reasons: readonly Reason[]) => void;
}

type Closing = Pick<Journal, "close">;

/** The mark is acknowledged before the record counts as done: from then on the attempt is never paid again. */
export async function conclude(
  journal: Closing,
  { task, attempt, context }: AttemptAtWork,
  emissions: readonly Emission[],
): Promise<Outcome> {
  await context.publish([markEmission(task, attempt.settledOffset)]);
  journal.close(attempt);
  return { emissions };
}

interface Ended {
  readonly reasons: readonly Reason[];
  /** Of what was decided on the way. */
  readonly audits: readonly Emission[];
}

/** The result first: a mark without it would lose the run. */
export async function endWithout(
  { journal, answers, onUnanswered }: EndingParts,
  work: AttemptAtWork & { readonly definition: HarnessDefinition },
  { status, reasons: why, audits }: Ended & { readonly status: "degraded" | "expired" | "over_budget" | "cancelled" },
): Promise<Outcome> {
  const { task, definition, attempt, context } = work;
  const settings = status === "degraded" ? definition.degrade?.lastGoodAnswer : undefined;
  const found = settings === undefined ? null : await answers.find(task, settings);
  const last = found?.kind === "found" ? found : undefined;
  const reasons = found === null ? why : [...why, found.reason];
  const ending = { task, definition, reasons, nowMs: context.nowMs() };
  await context.publish([resultEmission({ ...ending, status, last, calls: attempt.calls })]);
  if (status === "degraded") onUnanswered(task, reasons);
  const { output } = givenWithout({ definition, status, last });
  attempt.ended = [...audits, auditEmission({ ...ending, decision: status, output })];
  return await conclude(journal, work, attempt.ended);
}

/** Somebody has to mend the request, the key or the chain: no declared answer stands in for that. */
export async function endFailedFast(
  { journal, onUnanswered }: EndingParts,
  work: AttemptAtWork & { readonly definition: HarnessDefinition },
  { reasons, audits }: Ended,
): Promise<Outcome> {
  const { task, definition, context } = work;
  const message = reasons.map((reason) => `${reason.rule ?? ""} ${reason.code}`.trim()).join("; ");
  onUnanswered(task, reasons);
  const audit = auditEmission({ task, definition, decision: "failed_fast", reasons, nowMs: context.nowMs() });
  return await endForOperator(journal, work, { code: "failed_fast", message, reasons, emissions: [...audits, audit] });
}

/**
 * What the run was asked is erased, by its data subject's wish or because its time was over: it ends, and nobody has to look at it. What is sealed
 * under a key that this process does not have, somebody must.
 */
export async function endUnreadable(
  parts: EndingParts,
  work: AttemptAtWork & { readonly definition: HarnessDefinition },
): Promise<Outcome> {
  const { task, attempt, context } = work;
  if (!isErased(task.messages)) return await endUnprocessed(parts.journal, work, "content_sealed");
  if (attempt.settledOffset !== null) return await conclude(parts.journal, work, [joinedAudit(task, context)]);
  return await endWithout(parts, work, { status: "cancelled", reasons: [erasedReason], audits: [] });
}

type UnprocessedCode = "definition_missing" | "content_sealed";

const unprocessedMessages: Readonly<Record<UnprocessedCode, string>> = {
  definition_missing: "the harness version that this run is pinned to is not on harness-definitions",
  content_sealed: "the run's content is sealed and this process holds no key for it",
};

/** The operator gets the record, the user a result: a run always ends. */
export async function endUnprocessed(journal: Closing, work: AttemptAtWork, code: UnprocessedCode): Promise<Outcome> {
  const { task, attempt, context } = work;
  if (attempt.settledOffset !== null) return await conclude(journal, work, [joinedAudit(task, context)]);
  const message = unprocessedMessages[code];
  const reasons = [{ code, message }];
  const audit = auditEmission({ task, definition: null, decision: "degraded", reasons, nowMs: context.nowMs() });
  return await endForOperator(journal, work, { code, message, reasons, emissions: [audit] });
}

interface ForOperator {
  readonly code: DeadLetterCode;
  /** For operators; never holds content. */
  readonly message: string;
  readonly reasons: readonly Reason[];
  readonly emissions: readonly Emission[];
}

/** The shell writes the dead letter first: a mark without it would hide the record from the operator for ever. */
async function endForOperator(
  journal: Closing,
  { task, attempt, context }: AttemptAtWork,
  { code, message, reasons, emissions }: ForOperator,
): Promise<Outcome> {
  const calls = attempt.calls;
  const ending = { task, definition: null, reasons, calls, nowMs: context.nowMs() };
  await context.publish([resultEmission({ ...ending, status: "degraded" })]);
  journal.close(attempt);
  return {
    emissions: [markEmission(task, null), ...emissions],
    deadLetter: { code, message, disposition: "rejected" },
  };
}
