/** What an operator's order is in the audit. Pure. */
import type { CancelTarget, CommandRecord, PauseTarget } from "../../../schemas/control/command.ts";
import type { Change } from "./change-record.ts";

/** `order`: null withdraws what was ordered of the target. */
export function orderChange(target: PauseTarget | CancelTarget, order: Pick<CommandRecord, "why"> | null): Change {
  const why = order?.why === undefined ? {} : { why: order.why };
  const paused = order === null ? "resumed" : "paused";
  switch (target.scope) {
    case "run":
      return { action: "run.cancelled", target: target.run_id, run_id: target.run_id, ...why };
    case "batch":
      return { action: "batch.cancelled", target: target.batch_id, client_id: target.client_id, ...why };
    case "client":
      return { action: paused, target: `client ${target.client_id}`, client_id: target.client_id, ...why };
    case "harness":
      return { action: paused, target: `harness ${target.harness}`, ...why };
    case "provider":
      return { action: paused, target: `provider ${[target.provider, target.model ?? "*"].join("/")}`, ...why };
  }
}
