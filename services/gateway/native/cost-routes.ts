/**
 * `GET /v1/costs`: what was paid, by what, from the ledger. A key sees its own
 * client's; an admin's sees all, or one client's.
 */
import { z } from "zod";
import type { Store } from "../../ledger/clickhouse.ts";
import { exactPeriod, moment, periodMeaning } from "../../ledger/asking/period.ts";
import { costDimensions } from "../../ledger/cost-reports/cost-query.ts";
import { costsDocument, costsView } from "../../ledger/cost-reports/costs-document.ts";
import { readCosts } from "../../ledger/cost-reports/read-costs.ts";
import { costDimension, runStatuses } from "../../ledger/costs.ts";
import { whose } from "../analytics/whose.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";

const name = z.string().min(1).max(128).optional();

const costQuery = z.strictObject({
  by: costDimensions
    .default(["harness", "model"])
    .describe(`Any of ${costDimension.options.join(", ")}, comma separated`),
  since: moment.optional().describe(periodMeaning.since),
  until: moment.optional().describe(periodMeaning.until),
  from: moment.optional().describe("The name that `since` had first"),
  to: moment.optional().describe("The name that `until` had first"),
  harness: name,
  version: name,
  feature: name,
  provider: name,
  model: name,
  batch: name,
  client: name.describe("Another client than the key's: for an admin's key"),
});

const costAnswer = costsView.extend({ run_statuses: z.array(z.object({ status: z.string(), runs: z.int() })) });
export type CostAnswer = z.output<typeof costAnswer>;

export interface CostParts {
  readonly ledger: Pick<Store, "query">;
  readonly nowMs: () => number;
}

export function costRoutes({ ledger, nowMs }: CostParts): readonly GatewayRoute[] {
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
      handle: async ({ client: caller, query, refuse }) => {
        const { by, from, to, since = from, until = to, client, ...which } = query;
        const seen = whose(caller, client);
        if (seen.kind === "refused") return refuse(seen.refusal);
        const { sinceMs: fromMs, untilMs: toMs } = exactPeriod({ since, until }, nowMs());
        const { model, provider, ...ofRuns } = { ...which, fromMs, toMs, client: seen.client };
        const [lines, statuses] = await Promise.all([
          readCosts(ledger, by, { ...ofRuns, model, provider }),
          runStatuses(ledger, ofRuns),
        ]);
        return { ...costsDocument(by, lines), run_statuses: statuses };
      },
    }),
  ];
}
