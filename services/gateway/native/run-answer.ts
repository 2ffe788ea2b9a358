/**
 * The answer to a run that was waited for, by where it stands: its status, its
 * headers and the run itself, beside an error where it is one. A run that goes
 * on is no error: 202, and where to ask for it. Pure and total.
 */
import { z } from "zod";
import { nativeError } from "../http/errors.ts";
import type { Standing } from "../runs/run-desk.ts";
import { runFailure } from "../runs/run-failure.ts";
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
  const error = runFailure(result, nowMs);
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
