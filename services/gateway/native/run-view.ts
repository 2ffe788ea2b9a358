/**
 * A run as the native API shows it: the same object whether it is answered at
 * once, fetched later or told with an error. Of an answer that is sealed under
 * its data subject's key only that is said.
 */
import { hiddenBy } from "../../../schemas/parts/content.ts";
import { z } from "zod";
import { providerName, resultStatus } from "../../../schemas/parts/codes.ts";
import { reason } from "../../../schemas/parts/finding.ts";
import { harnessRef } from "../../../schemas/parts/identity.ts";
import { toolCall } from "../../../schemas/parts/tools.ts";
import { spend } from "../../../schemas/parts/usage.ts";
import type { LedgerRun } from "../../ledger/timeline.ts";
import type { Standing } from "../runs/run-desk.ts";

export const runView = z
  .object({
    run_id: z.uuid(),
    state: z.enum(["running", "in_review", "ended"]),
    status: resultStatus.optional().describe("How it ended"),
    harness: harnessRef.nullable().optional().describe("What it ran; null when there is no such harness"),
    feature: z.string().optional(),
    correlation_id: z.string().optional().describe("As the request gave it"),
    output: z.json().optional().describe("Text as a string, structured output as a JSON value"),
    tool_calls: z.array(toolCall).optional().describe("Tools that the caller is to run"),
    ended_at_limit: z.literal(true).optional().describe("The output ends at the request's own max_output_tokens"),
    sealed: z
      .literal(true)
      .optional()
      .describe("The answer is sealed for its data subject, and this gateway has no key"),
    erased: z.literal(true).optional().describe("Its data subject was erased: nobody can read the answer any more"),
    not_kept: z
      .literal(true)
      .optional()
      .describe("The result is not on harness-results any more; its timeline is all there is"),
    reasons: z.array(reason).optional().describe("Why it is not ok"),
    attempts: z.int().optional(),
    spent: spend.optional(),
    answered_by: z.object({ provider: providerName, model: z.string() }).optional(),
    stale: z.object({ run_id: z.uuid(), finished_at_ms: z.int() }).optional().describe("An earlier run's answer"),
    received_at_ms: z.int().optional(),
    finished_at_ms: z.int().optional(),
  })
  .describe("A run");

/** Of a run whose result has left its topic. */
export function keptByLedger({ run_id, status, feature, attempts, ...run }: LedgerRun): RunView {
  const { harness: name, harness_version: version, answered_provider: provider, answered_model: model } = run;
  return runView.parse({
    run_id,
    state: "ended",
    status,
    harness: name === null || version === null ? null : { name, version },
    feature: feature ?? undefined,
    not_kept: true,
    attempts,
    answered_by: provider === null || model === null ? undefined : { provider, model },
    received_at_ms: Date.parse(run.received_at),
    finished_at_ms: Date.parse(run.finished_at),
  });
}

export type RunView = Readonly<z.infer<typeof runView>>;

export function viewOf(runId: string, standing: Standing): RunView {
  if (standing.kind !== "ended") return { run_id: runId, state: standing.kind };
  const { result } = standing;
  const { status, harness, feature, correlation_id, reasons, attempts, spent, answered_by, stale } = result;
  return {
    run_id: runId,
    state: "ended",
    status,
    harness,
    feature,
    correlation_id,
    ...contentOf(result),
    reasons,
    attempts,
    spent,
    answered_by,
    ended_at_limit: result.ended_at_limit,
    stale,
    received_at_ms: result.received_at_ms,
    finished_at_ms: result.finished_at_ms,
  };
}

function contentOf({
  output,
  tool_calls: calls,
}: Extract<Standing, { kind: "ended" }>["result"]): Pick<RunView, "output" | "tool_calls" | "sealed" | "erased"> {
  if (hiddenBy(output, calls) === "erased") return { erased: true };
  if ((output !== undefined && !("plain" in output)) || (calls !== undefined && !("plain" in calls)))
    return { sealed: true };
  return {
    ...(output === undefined ? {} : { output: output.plain }),
    ...(calls === undefined ? {} : { tool_calls: calls.plain }),
  };
}
