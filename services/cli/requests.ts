/**
 * A request as a record on harness-requests. The same request is always the
 * same bytes, so that a repeat has the same body hash and is recognised.
 */
import type { RunRequest } from "../../schemas/records/run-request.ts";
import type { Emission } from "../runtime/stage.ts";

export function requestEmission(request: RunRequest & { readonly run_id: string }): Emission {
  return {
    topic: "harness-requests",
    key: request.run_id,
    id: request.run_id,
    type: "breakwater.run.requested",
    value: request,
  };
}
