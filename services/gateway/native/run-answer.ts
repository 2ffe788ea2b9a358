/**
 * The answer to a run that was waited for, by where it stands: its status, its
 * headers and the run itself, beside an error where it is one. A run that goes
 * on is no error: 202, and where to ask for it. Pure and total.
 */
import { z } from "zod";
import type { RunResult } from "../../../schemas/records/run-result.ts";
import type { Refusal } from "../admission/admission.ts";
import { nativeError } from "../http/errors.ts";
import type { Standing } from "../runs/run-desk.ts";
import { runView, viewOf, type RunView } from "./run-view.ts";

export const errorBody = z
  .object({
    error: z.object({
      code: z.string().describe("A stable name for programs"),
      message: z.string().describe("For people"),
      param: z.string().optional().describe("The field at fault"),
      run_id: z.uuid().optional().describe("The run that the request became"),
    }),
    run: runView.optional().describe("The run as it ended"),
  })
  .describe("Why a request or its run failed");

export interface RunAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

export function runAnswer(runId: string, standing: Standing, nowMs: number): RunAnswer {
  const view = viewOf(runId, standing);
  const named = { "breakwater-run-id": runId };
  if (standing.kind !== "ended")
    return { status: 202, headers: { ...named, location: `/v1/runs/${runId}` }, body: view };
  const { result } = standing;
  const headers = { ...named, "breakwater-status": result.status };
  const error = errorOf(result, nowMs);
  if (error === null) return { status: 200, headers, body: view };
  return {
    status: error.status,
    headers: {
      ...headers,
      "x-should-retry": "false",
      ...(error.retryAfterMs === undefined ? {} : { "retry-after": String(Math.ceil(error.retryAfterMs / 1000)) }),
    },
    body: { ...nativeError(error, runId).body, run: view satisfies RunView },
  };
}

const failures = {
  refused: { status: 400, message: "the harness's guards or its input contract refuse this input" },
  invalid: { status: 400, message: "the request could not be read as a run" },
  failed_validation: { status: 422, message: "no answer of the model kept to the harness's rules" },
  degraded: { status: 503, message: "no model answered, and the harness declares no answer for that" },
  expired: { status: 504, message: "there was no time left for the next paid step" },
  over_budget: { status: 429, message: "a budget has no room for this run" },
  cancelled: { status: 409, message: "the run was cancelled" },
  rejected: { status: 403, message: "a reviewer rejected the answer" },
} as const;

/** Null for what is an answer. */
function errorOf({ status, output, reasons }: RunResult, nowMs: number): Refusal | null {
  if (status === "ok" || status === "released" || (status === "degraded" && output !== undefined)) return null;
  const [first] = reasons;
  const code = status === "refused" ? (first?.code ?? status) : status;
  const retryAfterMs = status === "over_budget" ? retryAfter(reasons, nowMs) : undefined;
  return { ...failures[status], code, param: first?.path, retryAfterMs };
}

/** The longest wait of those that the reasons name. */
function retryAfter(reasons: RunResult["reasons"], nowMs: number): number | undefined {
  const waits = reasons.flatMap(({ retry_after_ms: wait, resets_at_ms: at }) => [
    ...(wait === undefined ? [] : [wait]),
    ...(at === undefined ? [] : [Math.max(0, at - nowMs)]),
  ]);
  return waits.length === 0 ? undefined : Math.max(...waits);
}
