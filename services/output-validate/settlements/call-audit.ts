/**
 * A call that is over, as the audit has it: derived from its finish in the
 * journal, so that none is missed and a repeat has the same id. What stands for
 * its words is said of the call that settles its attempt: the others carry none.
 */
import type { AuditCall } from "../../../schemas/audit/call.ts";
import type { CallFinished } from "../../../schemas/records/call.ts";
import { hiddenBy } from "../../../schemas/parts/content.ts";
import { contentOwnerOf, type Emission, type StandsFor } from "../../runtime/stage.ts";

export function callAuditOf(finish: CallFinished): Emission {
  const { run_id, call_id, attempt, started_at_ms, client_id, harness, provider, model, outcome, worker } = finish;
  const { served_model, purpose, error } = finish;
  const id = `${call_id}/call`;
  const value: AuditCall = {
    kind: "call",
    event_id: id,
    run_id,
    call_id,
    attempt,
    decided_at_ms: finish.finished_at_ms,
    started_at_ms,
    client_id,
    harness,
    provider,
    model,
    ...(served_model === undefined ? {} : { served_model }),
    ...(purpose === undefined ? {} : { purpose }),
    outcome,
    ...(error === undefined ? {} : { error_code: error.code }),
    worker,
  };
  return { topic: "harness-audit", key: run_id, id, type: "breakwater.call", value, ...wordsOf(finish) };
}

/** The input: messages and context as they were to be sent. The output: the answer's words, and the tools it calls. */
function wordsOf({ settlement }: CallFinished): { readonly standsFor?: StandsFor } {
  if (settlement === undefined) return {};
  const { task, answer, tool_calls: toolCalls } = settlement;
  const { messages, context } = task;
  if (hiddenBy(messages, context, answer ?? undefined, toolCalls) !== null) return {};
  const input = { messages, ...(context && { context }) };
  const output = answer === null ? {} : { output: { answer, ...(toolCalls && { tool_calls: toolCalls }) } };
  return { standsFor: { input, ...output, owner: contentOwnerOf(task) } };
}
