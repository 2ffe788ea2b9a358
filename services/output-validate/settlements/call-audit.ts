/**
 * A call that is over, as the audit has it: derived from its finish in the
 * journal, so that none is missed and a repeat has the same id. What stands for
 * its words is said of the call that settles its attempt: the others carry none.
 */
import type { AuditCall } from "../../../schemas/audit/call.ts";
import type { CallFinished } from "../../../schemas/records/call.ts";
import type { ContentHasher } from "../../runtime/content/content-hash.ts";
import type { Emission } from "../../runtime/stage.ts";

export function callAuditOf(finish: CallFinished, hasher: ContentHasher | null): Emission {
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
    ...(hasher === null ? {} : hashesOf(finish, hasher)),
  };
  return { topic: "harness-audit", key: run_id, id, type: "breakwater.call", value };
}

/** The input: messages and context as they were to be sent. The output: the answer's words, and the tools it calls. */
function hashesOf({ settlement }: CallFinished, hasher: ContentHasher): Pick<AuditCall, "input_hmac" | "output_hmac"> {
  if (settlement === undefined) return {};
  const { task, answer, tool_calls: toolCalls } = settlement;
  const output =
    answer === null ? {} : { output_hmac: hasher.hashOf({ answer, ...(toolCalls && { tool_calls: toolCalls }) }) };
  return {
    input_hmac: hasher.hashOf({ messages: task.messages, ...(task.context && { context: task.context }) }),
    ...output,
  };
}
