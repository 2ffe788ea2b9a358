/**
 * `GET /v1/runs`: runs found in the ledger, newest first, a page at a time. A
 * key finds its own client's; an admin's finds all, or one client's. No content
 * is in the answer: that is at each run's own address.
 */
import { z } from "zod";
import { resultStatuses } from "../../../../schemas/parts/codes.ts";
import type { Store } from "../../../ledger/clickhouse.ts";
import { costTime } from "../../../ledger/cost-reports/cost-query.ts";
import type { RunPlace } from "../../../ledger/runs/run-conditions.ts";
import { foundRun, nextPlace, searchRuns } from "../../../ledger/runs/search-runs.ts";
import { keyedRoute, type GatewayRoute } from "../../route.ts";

const name = z.string().min(1).max(128).optional();
const longest = 200;

/** `<Unix milliseconds>.<run id>` of the page's last run. */
const cursor = z
  .string()
  .regex(/^\d{1,13}\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "as `next` of the page before gives it")
  .transform((text): RunPlace => {
    const [atMs = "", runId = ""] = text.split(".");
    return { atMs: Number(atMs), runId };
  })
  .optional();

const runQuery = z.strictObject({
  client: name.describe("Another client than the key's: for an admin's key"),
  feature: name,
  harness: name,
  version: name.describe("Of the harness"),
  status: z.enum([...resultStatuses, "in_review"]).optional(),
  batch: name,
  document: name.describe("A part of the document's name, in any case"),
  model: name.describe("Of any of the run's calls: asked for, or answered"),
  from: costTime.describe("When it ended or was held: a day (its start, UTC) or an RFC 3339 time"),
  to: costTime.describe("Likewise, exclusive"),
  run: z
    .string()
    .max(36)
    .toLowerCase()
    .regex(/^[0-9a-f][0-9a-f-]*$/, "the first characters of a run's id")
    .optional()
    .describe("How the run's id begins"),
  min_cost_usd: z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,12})?$/, "US dollars, for example 0.05")
    .optional()
    .describe("Costs at least this, US dollars"),
  limit: z.coerce.number().int().min(1).max(longest).default(50),
  cursor: cursor.describe("`next` of the page before"),
});

const runPage = z
  .object({
    runs: z.array(foundRun),
    next: z.string().nullable().describe("The next page's `cursor`; null when this is the last"),
  })
  .describe("Runs, newest first");
export type RunPage = Readonly<z.infer<typeof runPage>>;

export type RunsAnswer = Readonly<z.infer<typeof runPage>>;

export interface RunSearchParts {
  readonly ledger: Pick<Store, "query">;
}

export function runSearchRoute({ ledger }: RunSearchParts): GatewayRoute {
  return keyedRoute({
    method: "GET",
    url: "/v1/runs",
    access: "key",
    dialect: "native",
    tag: "runs",
    summary: "Search runs: those that ended, and those that wait for a person",
    accepts: { query: runQuery },
    answers: {
      200: { description: "A page of them; the ledger follows by a second or two", body: runPage },
      403: { description: "Another client's runs" },
    },
    handle: async ({ client: { clientId, scopes }, query, refuse }) => {
      const { limit, cursor: after, client, from: fromMs, to: toMs, min_cost_usd: minCostUsd, ...named } = query;
      if (!scopes.admin && client !== undefined && client !== clientId)
        return refuse({ status: 403, code: "forbidden", message: "only an admin's key sees other clients' runs" });
      const filter = { ...named, fromMs, toMs, minCostUsd, client: scopes.admin ? client : clientId };
      const runs = await searchRuns(ledger, filter, { limit, after });
      const next = nextPlace(runs, limit);
      return { runs, next: next === null ? null : `${next.atMs}.${next.runId}` };
    },
  });
}
