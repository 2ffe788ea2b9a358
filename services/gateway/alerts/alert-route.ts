/**
 * `GET /v1/alerts`: what operators were told of budgets and of surges in spend,
 * newest first, as far back as the topic is kept. For an admin's key.
 */
import { z } from "zod";
import { alertRecord } from "../../../schemas/control/alert.ts";
import { exactPeriod, moment, periodMeaning } from "../../ledger/asking/period.ts";
import type { AlertBook } from "../../runtime/alerts/alert-book.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";

const alertQuery = z.strictObject({
  since: moment.optional().describe(periodMeaning.since),
  kind: z.enum(["budget.threshold", "budget.refusing", "spend.anomaly"]).optional(),
  client: z.string().min(1).max(128).optional().describe("Of budgets for this client, and of its spend"),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export interface AlertParts {
  readonly alerts: Pick<AlertBook, "list">;
  readonly nowMs: () => number;
}

export function alertRoute({ alerts, nowMs }: AlertParts): GatewayRoute {
  return keyedRoute({
    method: "GET",
    url: "/v1/alerts",
    access: "admin",
    dialect: "native",
    tag: "costs",
    summary: "Alerts of budgets and of surges in spend",
    accepts: { query: alertQuery },
    answers: {
      200: { description: "The alerts, newest first", body: z.object({ alerts: z.array(alertRecord) }) },
    },
    handle: ({ query: { since, limit, ...which } }) => {
      const { sinceMs } = exactPeriod({ since }, nowMs());
      return Promise.resolve({ alerts: [...alerts.list({ ...which, sinceMs }, limit)] });
    },
  });
}
