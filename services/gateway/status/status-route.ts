/** `GET /v1/status`: how the whole system stands, for an admin. A part that is down is unknown, and the answer 200. */
import type { ReadStatus } from "../../status/read-status.ts";
import { statusView } from "../../status/status-view.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";

export interface StatusParts {
  readonly status: ReadStatus;
  readonly nowMs: () => number;
}

export function statusRoute({ status, nowMs }: StatusParts): GatewayRoute {
  return keyedRoute({
    method: "GET",
    url: "/v1/status",
    access: "admin",
    dialect: "native",
    tag: "system",
    summary: "Whether the system works: stages, breakers, pauses, budgets, ledger",
    accepts: {},
    answers: { 200: { description: "The status; a part that cannot be asked for is null", body: statusView } },
    handle: () => status(nowMs()),
  });
}
