/**
 * The records this stage writes about an attempt: the terminal result, the next
 * attempt's task and the audited decision. Their ids are derived from run,
 * attempt and stage, so a repeat is recognised by whoever reads it.
 */
import { runIdentityOf } from "../../schemas/parts/identity.ts";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { ResultStatus } from "../../schemas/parts/codes.ts";
import type { Reason } from "../../schemas/parts/finding.ts";
import type { AnswerPointer } from "../../schemas/records/answer-pointer.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import type { AuditDecision } from "../../schemas/audit/decision.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { endsAsAsked } from "../guards/prompt/output-limit.ts";
import { clientHeader, contentOwnerOf, type Ack, type Emission } from "../runtime/stage.ts";
import type { Decision, SettlingFinish } from "./decide.ts";
import { reasonsOfRun } from "./retry.ts";
import type { JsonValue } from "../guards/output/json-value.ts";

export interface Ending {
  readonly status: ResultStatus;
  readonly output?: JsonValue | undefined;
  readonly nowMs: number;
}

const stage = "output-validate";

export function resultOf(finish: SettlingFinish, decision: Decision, ending: Ending): Emission {
  const { task, spent } = finish.settlement;
  const { run_id } = task;
  const answered = decision.kind === "accepted";
  const value: RunResult = {
    kind: "result",
    ...runIdentityOf(task),
    status: ending.status,
    decided_by: stage,
    origin: task.origin,
    received_at_ms: task.received_at_ms,
    finished_at_ms: ending.nowMs,
    attempts: task.attempt,
    spent,
    ...(answered ? { answered_by: { provider: finish.provider, model: finish.served_model ?? finish.model } } : {}),
    ...(answered && decision.restored > 0 ? { values_restored: decision.restored } : {}),
    ...(ending.output === undefined ? {} : { output: { plain: ending.output } }),
    ...(answered && decision.calls.length > 0 ? { tool_calls: { plain: [...decision.calls] } } : {}),
    ...(answered && endedAtLimit(finish, decision) ? { ended_at_limit: true } : {}),
    ...(keptAs(finish, decision) === undefined ? {} : { answer_key: task.answer_key }),
    reasons: [...reasonsOf(finish, decision)],
  };
  const id = `${run_id}/${task.attempt}/${stage}/result`;
  return { topic: "harness-results", key: run_id, id, type: "breakwater.run.result", value };
}

/** Words only: a cut anywhere else is no answer. */
function endedAtLimit(
  { finish_reason: finishReason, settlement }: SettlingFinish,
  { output }: { readonly output: JsonValue },
): boolean {
  const format = typeof output === "string" ? "text" : "json";
  return endsAsAsked({ output: { format, maxTokens: 1 } }, settlement.task.options, finishReason);
}

/** Under which key the answer may be given again; undefined when it may not: what tools were to do is over by then. */
export function keptAs({ settlement }: SettlingFinish, decision: Decision): string | undefined {
  return decision.kind === "accepted" && decision.calls.length === 0 ? settlement.task.answer_key : undefined;
}

/** Of a run that ends for what its answers were, what was wrong with each of them. */
export function reasonsOf({ settlement }: SettlingFinish, { kind, reasons }: Decision): readonly Reason[] {
  return kind === "failed" || kind === "expired" ? reasonsOfRun(settlement.task, reasons) : reasons;
}

/** Says where the answer to an input stands, so that it can be given again when no model answers. */
export function pointersTo(
  place: Ack | undefined,
  { runId, key, nowMs }: { readonly runId: string; readonly key: string; readonly nowMs: number },
): Emission[] {
  if (place === undefined) throw new Error("the producer acknowledged a result without saying where it is");
  const { partition, offset } = place;
  const at = { partition, offset: String(offset), finished_at_ms: nowMs };
  const value: AnswerPointer = { kind: "answer", answer_key: key, run_id: runId, ...at };
  return [{ topic: "harness-answers", key, id: `${runId}/${stage}/answer`, type: "breakwater.answer", value }];
}

export function retryOf(task: AttemptTask): Emission {
  const id = `${task.run_id}/${task.attempt}/${stage}/attempt`;
  const headers = { [clientHeader]: task.client_id };
  return { topic: "harness-retries", key: task.run_id, id, type: "breakwater.attempt", value: task, headers };
}

const words = {
  accepted: "passed",
  held: "in_review",
  retry: "retried",
  failed: "failed",
  degraded: "degraded",
  expired: "expired",
  cancelled: "cancelled",
  undecidable: "undecidable",
} as const satisfies Record<Decision["kind"], string>;

export function auditOf(
  finish: SettlingFinish,
  decision: Decision,
  definition: HarnessDefinition | undefined,
  nowMs: number,
): Emission {
  const { run_id, attempt, client_id, harness, feature, document } = finish.settlement.task;
  const repaired = decision.kind === "accepted" && decision.guards.some(({ verdict }) => verdict === "repaired");
  const id = `${run_id}/${attempt}/${stage}/decision`;
  const value: AuditDecision = {
    kind: "decision",
    event_id: id,
    run_id,
    stage,
    attempt,
    decision: repaired ? "repaired" : words[decision.kind],
    decided_at_ms: nowMs,
    client_id,
    harness,
    ...(feature === undefined ? {} : { feature }),
    ...(document === undefined ? {} : { document }),
    policy: definition?.policy ?? null,
    ...(finish.cut === undefined ? {} : { cut_strategy: finish.cut.strategy }),
    guards: [...decision.guards],
    reasons: [...decision.reasons],
  };
  const output = "output" in decision ? decision.output : undefined;
  const standsFor = { output, owner: contentOwnerOf(finish.settlement.task) };
  return { topic: "harness-audit", key: run_id, id, type: "breakwater.decision", value, standsFor };
}
