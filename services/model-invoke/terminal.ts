/**
 * The records that end an attempt here and not at a provider: the mark that it
 * is over, the terminal result of a run that got no answer, and the audit of
 * decisions that the journal does not show. All ids derive from run and attempt.
 */
import { plainOf } from "../../schemas/parts/content.ts";
import { runIdentityOf } from "../../schemas/parts/identity.ts";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { AuditDecision } from "../../schemas/audit/decision.ts";
import type { CallFinished, CallStarted } from "../../schemas/records/call.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import type { SettledMark } from "../../schemas/records/settled.ts";
import { contentOwnerOf, type Emission } from "../runtime/stage.ts";
import type { LastAnswer } from "./answers/kept-answer.ts";
import type { KnownCall } from "./journal/known-call.ts";
import { spentBy } from "./interpret.ts";

export function callEmission(record: CallStarted | CallFinished): Emission {
  return {
    topic: "harness-calls",
    key: record.run_id,
    id: `${record.call_id}/${record.kind}`,
    type: `breakwater.${record.kind}`,
    value: record,
  };
}

/** `callsOffset`: of the settling finish; null when no call settled the attempt. */
export function markEmission(task: AttemptTask, callsOffset: bigint | null): Emission {
  const mark: SettledMark = {
    kind: "settled",
    run_id: task.run_id,
    attempt: task.attempt,
    body_sha256: task.body_sha256,
    calls_offset: callsOffset === null ? null : String(callsOffset),
  };
  const id = `${task.run_id}/${task.attempt}/settled`;
  return { topic: "harness-settled", key: task.run_id, id, type: "breakwater.attempt.settled", value: mark };
}

export interface NoAnswer {
  readonly task: AttemptTask;
  /** Null when it is not known: there is no declared answer then. */
  readonly definition: HarnessDefinition | null;
  readonly status: "degraded" | "expired" | "over_budget" | "cancelled";
  readonly reasons: readonly Reason[];
  /** The attempt's calls so far. */
  readonly calls: readonly KnownCall[];
  /** What an earlier run was answered: given before the declared answer. */
  readonly last?: Extract<LastAnswer, { readonly kind: "found" }> | undefined;
  readonly nowMs: number;
}

export function resultEmission({ task, definition, status, reasons, calls, last, nowMs }: NoAnswer): Emission {
  const { correlation_id, origin, received_at_ms } = task;
  const result: RunResult = {
    kind: "result",
    ...runIdentityOf(task),
    ...(correlation_id === undefined ? {} : { correlation_id }),
    status,
    decided_by: "model-invoke",
    origin,
    received_at_ms,
    finished_at_ms: nowMs,
    attempts: calls.length > 0 ? task.attempt : task.attempt - 1,
    spent: spentBy(task, calls),
    ...givenWithout({ definition, status, last }),
    reasons: [...reasons],
  };
  const id = `${task.run_id}/${task.attempt}/model-invoke/result`;
  return { topic: "harness-results", key: task.run_id, id, type: "breakwater.run.result", value: result };
}

/** The last good answer before the declared one. Who cancels a run wants none. */
export function givenWithout({
  definition,
  status,
  last,
}: Pick<NoAnswer, "definition" | "status" | "last">): Pick<RunResult, "output" | "stale"> {
  if (last !== undefined) return { output: last.output, stale: last.stale };
  const answer = status === "cancelled" ? undefined : definition?.fallbackAnswer;
  return answer === undefined ? {} : { output: { plain: answer } };
}

/** A repeat of an attempt that is over: nothing was paid for it. */
export function joinedAudit(task: AttemptTask, { nowMs }: { readonly nowMs: () => number }): Emission {
  return auditEmission({ task, definition: null, decision: "joined", reasons: [], nowMs: nowMs() });
}

export interface Decided {
  readonly task: AttemptTask;
  readonly definition: HarnessDefinition | null;
  readonly decision:
    | "tier_skipped"
    | "budget_exceeded"
    | "degraded"
    | "expired"
    | "cancelled"
    | "failed_fast"
    | "over_budget"
    | "joined";
  readonly reasons: readonly Reason[];
  /** That the run was given. */
  readonly output?: RunResult["output"];
  readonly nowMs: number;
}

export function auditEmission({ task, definition, decision, reasons, output, nowMs }: Decided): Emission {
  const { run_id, attempt, client_id, harness, feature, document } = task;
  const detail = decision === "tier_skipped" ? `/${reasons.map(({ rule }) => rule).join("+")}` : "";
  const event: AuditDecision = {
    kind: "decision",
    event_id: `${run_id}/${attempt}/model-invoke/${decision}${detail}`,
    run_id,
    stage: "model-invoke",
    attempt,
    decision,
    decided_at_ms: nowMs,
    client_id,
    harness,
    ...(feature === undefined ? {} : { feature }),
    ...(document === undefined ? {} : { document }),
    policy: definition?.policy ?? null,
    guards: [],
    reasons: [...reasons],
  };
  const standsFor = { output: plainOf(output), owner: contentOwnerOf(task) };
  return {
    topic: "harness-audit",
    key: run_id,
    id: event.event_id,
    type: "breakwater.decision",
    value: event,
    standsFor,
  };
}
