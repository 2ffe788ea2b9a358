/** Why an operator ended the run of a request; null when nobody did, and of what is no request. */
import type { Reason } from "../../../schemas/parts/finding.ts";
import type { Commands } from "../../runtime/commands/commands.ts";
import type { Envelope } from "../rules/envelope.ts";

export function cancellationOf(
  commands: Pick<Commands, "cancellation">,
  envelope: Envelope,
  runId: string,
): Reason | null {
  return envelope.kind === "request" ? commands.cancellation({ ...envelope.request, run_id: runId }) : null;
}
