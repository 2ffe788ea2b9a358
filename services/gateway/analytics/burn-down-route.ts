/**
 * `GET /v1/analytics/burn-down`: how fast budgets are used up, and when they
 * will be. A key sees the budgets that are set for its own client; an admin's
 * all, or those of one client.
 */
import { z } from "zod";
import { burnDownAnswer, burnDownView } from "../../budgets/burn-down/burn-down-answer.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import type { Standings } from "./open-standings.ts";
import { whose } from "./whose.ts";

export interface BurnDownParts {
  readonly ledger: Pick<Store, "query">;
  readonly standings: Pick<Standings, "budgets" | "book">;
  readonly nowMs: () => number;
}

const client = z.string().min(1).max(128).optional().describe("Another client than the key's: for an admin's key");

export function burnDownRoute({ ledger, standings, nowMs }: BurnDownParts): GatewayRoute {
  return keyedRoute({
    method: "GET",
    url: "/v1/analytics/burn-down",
    access: "key",
    dialect: "native",
    tag: "costs",
    summary: "How fast budgets are used up, and when they will be",
    accepts: { query: z.strictObject({ client }) },
    answers: {
      200: { description: "A row for each limit", body: burnDownView },
      403: { description: "Another client's" },
    },
    handle: async ({ client: caller, query, refuse }) => {
      const seen = whose(caller, query.client);
      if (seen.kind === "refused") return refuse(seen.refusal);
      const { book } = standings;
      return burnDownAnswer(ledger, { budgets: standings.budgets(), book }, { nowMs: nowMs(), client: seen.client });
    },
  });
}
