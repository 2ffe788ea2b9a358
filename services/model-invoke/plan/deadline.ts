/**
 * When the last paid step of an attempt may start. A run of a batch has until
 * the batch's deadline to begin, and its harness's own time from its first call
 * on: waiting in the queue costs it nothing. The first call is the journal's, so
 * that a redelivery and a new owner find the same time.
 */
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import type { KnownCall } from "../journal/known-call.ts";

export interface Timed {
  readonly task: Pick<AttemptTask, "deadline_at_ms" | "work_ms">;
  readonly calls: readonly Pick<KnownCall, "startedAtMs">[];
  readonly nowMs: number;
}

/** Unix milliseconds. Another worker's clock may be ahead: a first call counts as begun by now at the latest. */
export function deadlineOf({ task: { deadline_at_ms: deadlineAtMs, work_ms: workMs }, calls, nowMs }: Timed): number {
  if (workMs === undefined) return deadlineAtMs;
  const begunAtMs = Math.min(calls[0]?.startedAtMs ?? nowMs, nowMs);
  return Math.min(deadlineAtMs, begunAtMs + workMs);
}

/** When the next call may start at the latest: a run that has not called has until its deadline to begin. */
export function lastStartOf(timed: Timed): number {
  return timed.calls.length === 0 ? timed.task.deadline_at_ms : deadlineOf(timed);
}
