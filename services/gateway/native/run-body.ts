/**
 * What `POST /v1/runs` takes, and the run that it becomes. Whose run it is, the
 * key says and never the body.
 */
import { z } from "zod";
import { runRequest } from "../../../schemas/records/run-request.ts";
import type { NewRun } from "../runs/run-desk.ts";

const { harness, harness_version, input, options, feature, subject_id, correlation_id } = runRequest.shape;

const longestDeadlineMs = 7 * 24 * 3_600_000;

export const runBody = z
  .strictObject({
    harness,
    harness_version,
    input,
    options,
    feature,
    subject_id,
    correlation_id,
    deadline_ms: z
      .int()
      .positive()
      .max(longestDeadlineMs)
      .optional()
      .describe("No paid step starts later than this from now, milliseconds; the harness's own time when absent"),
  })
  .describe("A run of a harness");

export type RunBody = z.infer<typeof runBody>;

export function newRunOf({ deadline_ms: deadlineMs, ...run }: RunBody, clientId: string, nowMs: number): NewRun {
  return { ...run, client_id: clientId, ...(deadlineMs === undefined ? {} : { deadline_at_ms: nowMs + deadlineMs }) };
}
