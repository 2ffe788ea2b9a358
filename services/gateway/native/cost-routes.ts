/**
 * `GET /v1/costs`: what was paid, by what, from the ledger. A key sees its own
 * client's; an admin's sees all, or one client's.
 */
import { z } from "zod";
import type { Store } from "../../ledger/clickhouse.ts";
import { costDimensions, costTime } from "../../ledger/cost-reports/cost-query.ts";
import { costsDocument, costsView } from "../../ledger/cost-reports/costs-document.ts";
import { costs, runStatuses } from "../../ledger/costs.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";

const name = z.string().min(1).max(128).optional();

const costQuery = z.strictObject({
  by: costDimensions
    .default(["harness", "model"])
    .describe("Any of harness, version, client, feature, provider, model, day, batch, document, outcome, hedge"),
  from: costTime.describe("A day (its start, UTC) or an RFC 3339 time"),
  to: costTime.describe("Likewise, exclusive"),
  harness: name,
  feature: name,
  model: name,
  batch: name,
  client: name.describe("Another client than the key's: for an admin's key"),
});

const costAnswer = costsView.extend({ run_statuses: z.array(z.object({ status: z.string(), runs: z.int() })) });

export interface CostParts {
  readonly ledger: Pick<Store, "query">;
}

export function costRoutes({ ledger }: CostParts): readonly GatewayRoute[] {
  return [
    keyedRoute({
      method: "GET",
      url: "/v1/costs",
      access: "key",
      dialect: "native",
      tag: "costs",
      summary: "What was paid, by what",
      accepts: { query: costQuery },
      answers: { 200: { description: "The sums", body: costAnswer }, 403: { description: "Another client's costs" } },
      handle: async ({ client: { clientId, scopes }, query, refuse }) => {
        const { by, from: fromMs, to: toMs, client, ...which } = query;
        if (!scopes.admin && client !== undefined && client !== clientId)
          return refuse({ status: 403, code: "forbidden", message: "only an admin's key sees other clients' costs" });
        const filter = { ...which, fromMs, toMs, client: scopes.admin ? client : clientId };
        const { model: _, ...ofRuns } = filter;
        const [lines, statuses] = await Promise.all([costs(ledger, by, filter), runStatuses(ledger, ofRuns)]);
        return { ...costsDocument(by, lines), run_statuses: statuses };
      },
    }),
  ];
}
