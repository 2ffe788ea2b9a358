/**
 * `GET /v1/analytics/<question>`: what the ledger's roll-ups say, as JSON, and
 * as CSV under `<question>.csv`. A key sees its own client's, an admin's all.
 */
import { z } from "zod";
import { answer, answerView } from "../../ledger/answers/answer.ts";
import { answerCsv } from "../../ledger/answers/answer-csv.ts";
import {
  askingOf,
  emptyPeriod,
  questionQuery,
  type LimitedAsking,
  type QuestionQuery,
} from "../../ledger/asking/query.ts";
import type { Store } from "../../ledger/clickhouse.ts";
import { questions, type Question } from "../../ledger/questions/questions.ts";
import type { Refusal } from "../admission/admission.ts";
import type { Client } from "../clients/client.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import { whose } from "./whose.ts";

export interface AnalyticsParts {
  readonly ledger: Pick<Store, "query">;
  readonly nowMs: () => number;
}

export function analyticsRoutes(parts: AnalyticsParts): readonly GatewayRoute[] {
  return questions.flatMap((question) => [jsonRoute(question, parts), csvRoute(question, parts)]);
}

const client = z.string().min(1).max(128).optional().describe("Another client than the key's: for an admin's key");

const shape = { method: "GET", access: "key", dialect: "native", tag: "costs" } as const;
const otherClients = { 403: { description: "Another client's costs" } } as const;

function jsonRoute(question: Question, { ledger, nowMs }: AnalyticsParts): GatewayRoute {
  return keyedRoute({
    ...shape,
    url: `/v1/analytics/${question.name}`,
    summary: question.summary,
    accepts: { query: questionQuery(question).extend({ client }) },
    answers: { 200: { description: "The rows", body: answerView(question) }, ...otherClients },
    handle: async ({ client: caller, query, refuse }) => {
      const read = readQuestion(question, { caller, query, nowMs: nowMs() });
      return read.kind === "refused" ? refuse(read.refusal) : answer(ledger, question, read.asking);
    },
  });
}

function csvRoute(question: Question, { ledger, nowMs }: AnalyticsParts): GatewayRoute {
  return keyedRoute({
    ...shape,
    url: `/v1/analytics/${question.name}.csv`,
    summary: `${question.summary}, as CSV`,
    accepts: { query: questionQuery(question).extend({ client }) },
    answers: { 200: { description: "A row on each line", body: z.string(), contentType: "text/csv" }, ...otherClients },
    handle: async ({ client: caller, query, refuse }, reply) => {
      const read = readQuestion(question, { caller, query, nowMs: nowMs() });
      if (read.kind === "refused") return refuse(read.refusal);
      const { by, rows, since, until } = await answer(ledger, question, read.asking);
      const name = `${question.name}-${since.slice(0, 10)}-${until.slice(0, 10)}.csv`;
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${name}"`)
        .send(answerCsv({ by, rows, figures: question.figures }));
    },
  });
}

interface Given {
  readonly caller: Client;
  readonly query: QuestionQuery & { readonly client?: string | undefined };
  readonly nowMs: number;
}

type Read =
  | { readonly kind: "asking"; readonly asking: LimitedAsking }
  | { readonly kind: "refused"; readonly refusal: Refusal };

function readQuestion(question: Question, { caller, query, nowMs }: Given): Read {
  const seen = whose(caller, query.client);
  if (seen.kind === "refused") return seen;
  const asking = askingOf(question, { ...query, client: seen.client }, nowMs);
  if (asking !== null) return { kind: "asking", asking };
  const message = `query since: ${emptyPeriod}`;
  return { kind: "refused", refusal: { status: 400, code: "invalid_request", message, param: "since" } };
}
