/** The span of one attempt: from its record to its end here, with its calls below it. */
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { inSpan } from "../runtime/telemetry/in-span.ts";
import { attemptSpan, attributes as names } from "../runtime/telemetry/names.ts";

type Attempt = Pick<AttemptTask, "run_id" | "attempt" | "first_tier" | "harness">;

export function inAttemptSpan<T>(
  { run_id: runId, attempt, first_tier: tier, harness }: Attempt,
  work: () => Promise<T>,
): Promise<T> {
  const attributes = {
    [names.runId]: runId,
    [names.attempt]: attempt,
    [names.tier]: tier,
    [names.harness]: harness.name,
    [names.harnessVersion]: harness.version,
  };
  return inSpan(attemptSpan(attempt), { attributes }, work);
}
