/**
 * Whether a record of harness-results is an answer that may stand in for one
 * that no model gives now: good when it was given, to the same client, harness
 * version and input, readable, and not too old. Pure.
 */
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import { runResult, type RunResult } from "../../../schemas/records/run-result.ts";

type Output = Extract<NonNullable<RunResult["output"]>, { readonly plain: unknown }>;

export type LastAnswer =
  | {
      readonly kind: "found";
      readonly output: Output;
      /** The run whose answer it is. */
      readonly stale: NonNullable<RunResult["stale"]>;
      readonly reason: Reason;
    }
  | { readonly kind: "none"; readonly reason: Reason };

export interface Wanted {
  readonly task: Pick<AttemptTask, "answer_key" | "client_id" | "harness">;
  readonly maxAgeMs: number;
  readonly nowMs: number;
}

export function keptAnswer(record: unknown, { task, maxAgeMs, nowMs }: Wanted): LastAnswer {
  const { data: result } = runResult.safeParse(record);
  if (result === undefined || !answers(result, task)) return noAnswer("it is not kept any more");
  const { run_id, finished_at_ms, output } = result;
  if (nowMs - finished_at_ms > maxAgeMs) return noAnswer("it is too old");
  if (output === undefined || !("plain" in output)) return noAnswer("it is sealed or empty");
  if (result.tool_calls !== undefined)
    return noAnswer("it calls tools, and their results of then are not those of now");
  const message = `no model answered: what run ${run_id} was answered at ${new Date(finished_at_ms).toISOString()}`;
  return { kind: "found", output, stale: { run_id, finished_at_ms }, reason: { code: "stale_answer", message } };
}

function answers(result: RunResult, { answer_key: key, client_id, harness }: Wanted["task"]): boolean {
  return (
    result.status === "ok" &&
    key !== undefined &&
    result.answer_key === key &&
    result.client_id === client_id &&
    result.harness?.name === harness.name &&
    result.harness.version === harness.version
  );
}

export function noAnswer(why: string): LastAnswer {
  return { kind: "none", reason: { code: "no_last_answer", message: `the last good answer cannot be given: ${why}` } };
}
