/**
 * A client's month, as JSON, as CSV and as a page to print, and its charges in
 * FOCUS's columns. A key sees its own client's; an admin's names whose.
 */
import { z } from "zod";
import type { Store } from "../../ledger/clickhouse.ts";
import { focusCsv } from "../../ledger/statements/focus-csv.ts";
import { readFocus } from "../../ledger/statements/read-focus.ts";
import { readStatement, statement, type Statement } from "../../ledger/statements/read-statement.ts";
import { statementCsv } from "../../ledger/statements/statement-csv.ts";
import { statementMonth } from "../../ledger/statements/statement-month.ts";
import { statementPage, statementPolicy } from "../../ledger/statements/statement-page.ts";
import type { Refusal } from "../admission/admission.ts";
import type { Client } from "../clients/client.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import { whose } from "./whose.ts";

export interface StatementParts {
  readonly ledger: Pick<Store, "query">;
  readonly nowMs: () => number;
}

const client = z.string().min(1).max(128).optional().describe("Whose: for an admin's key, which must say so");
const accepts = { params: z.object({ month: statementMonth }), query: z.strictObject({ client }) } as const;
const shape = { method: "GET", access: "key", dialect: "native", tag: "costs", accepts } as const;
const charges = {
  200: { description: "A charge on each line, under FOCUS's names", body: z.string(), contentType: "text/csv" },
} as const;
const refusals = { 403: { description: "Another client's costs" } } as const;

export function statementRoutes({ ledger, nowMs }: StatementParts): readonly GatewayRoute[] {
  const read: Read = async ({ client: caller, params, query }) => {
    const seen = whose(caller, query.client);
    if (seen.kind === "refused") return seen.refusal;
    if (seen.client === undefined) return unnamed;
    return readStatement(ledger, { client: seen.client, month: params.month, nowMs: nowMs() });
  };
  return [jsonRoute(read), csvRoute(read), pageRoute(read), focusRoute(ledger)];
}

function jsonRoute(read: Read): GatewayRoute {
  return keyedRoute({
    ...shape,
    url: "/v1/statements/:month",
    summary: "What a client's month cost",
    answers: { 200: { description: "The statement", body: statement }, ...refusals },
    handle: async (call) => {
      const made = await read(call);
      return "code" in made ? call.refuse(made) : made;
    },
  });
}

function csvRoute(read: Read): GatewayRoute {
  return keyedRoute({
    ...shape,
    url: "/v1/statements/:month/csv",
    summary: "What a client's month cost, as CSV",
    answers: { 200: { description: "A row on each line", body: z.string(), contentType: "text/csv" }, ...refusals },
    handle: async (call, reply) => {
      const made = await read(call);
      return "code" in made
        ? call.refuse(made)
        : reply.headers(csvFile(`statement-${made.month}.csv`)).send(statementCsv(made));
    },
  });
}

/** An admin who names nobody gets everybody's: each row says whose it is. */
function focusRoute(ledger: StatementParts["ledger"]): GatewayRoute {
  return keyedRoute({
    ...shape,
    url: "/v1/statements/:month/focus",
    summary: "What a month cost by day, for FinOps tools: CSV with the columns of FOCUS 1.2",
    accepts: { ...accepts, query: z.strictObject({ client: client.describe("Only whose; all, with an admin's key") }) },
    answers: { ...charges, ...refusals },
    handle: async ({ client: caller, params: { month }, query, refuse }, reply) => {
      const seen = whose(caller, query.client);
      if (seen.kind === "refused") return refuse(seen.refusal);
      const charged = await readFocus(ledger, { client: seen.client, month });
      return reply.headers(csvFile(`focus-${month}.csv`)).send(focusCsv(charged));
    },
  });
}

function csvFile(name: string): Readonly<Record<string, string>> {
  return { "content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="${name}"` };
}

function pageRoute(read: Read): GatewayRoute {
  return keyedRoute({
    ...shape,
    url: "/v1/statements/:month/page",
    summary: "What a client's month cost, as a page to print",
    answers: { 200: { description: "The page", body: z.string(), contentType: "text/html" }, ...refusals },
    handle: async (call, reply) => {
      const made = await read(call);
      if ("code" in made) return call.refuse(made);
      const headers = { "content-security-policy": statementPolicy, "cache-control": "no-store" };
      return reply.type("text/html; charset=utf-8").headers(headers).send(statementPage(made));
    },
  });
}

type Read = (given: Given) => Promise<Statement | Refusal>;

interface Given {
  readonly client: Client;
  readonly params: { readonly month: string };
  readonly query: { readonly client?: string | undefined };
}

const unnamed: Refusal = { status: 400, code: "invalid_request", message: "query client: say whose", param: "client" };
