/**
 * Batches: uploaded, looked at, read, cancelled. A key opens its own client's;
 * an admin's opens all; of any other there is no batch.
 */
import { Readable } from "node:stream";
import { z } from "zod";
import { resultStatus } from "../../../schemas/parts/codes.ts";
import type { Refusal } from "../admission/admission.ts";
import type { Client } from "../clients/client.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import type { KnownBatch } from "./desk/batch-book.ts";
import type { BatchDesk } from "./desk/batch-desk.ts";
import { uploadRoute, type UploadParts } from "./upload-route.ts";
import { batchProgress } from "./view/batch-ledger.ts";
import { batchStatus, batchView, statusOfBatch, viewOfBatch } from "./view/batch-view.ts";
import { resultLine, resultLines, type ResultSource } from "./view/result-lines.ts";

export interface BatchParts extends UploadParts, ResultSource {
  readonly batches: Pick<BatchDesk, "find" | "latest" | "cancel">;
}

export function batchRoutes(parts: BatchParts): readonly GatewayRoute[] {
  return [uploadRoute(parts), listRoute(parts), statusRoute(parts), resultsRoute(parts), cancelRoute(parts)];
}

const described = { dialect: "native", access: "key", tag: "batches" } as const;
const params = z.object({ id: z.uuid().toLowerCase().describe("The batch's id") });
const notFound = { 404: { description: "No such batch of this client" } } as const;
const noSuchBatch: Refusal = { status: 404, code: "batch_not_found", message: "there is no such batch of this client" };

function findBatch({ batches }: BatchParts, id: string, { clientId, scopes }: Client): KnownBatch | null {
  const batch = batches.find(id);
  return batch?.taken.client_id === clientId || scopes.admin ? batch : null;
}

function listRoute({ batches }: BatchParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/v1/batches",
    summary: "The client's latest batches, newest first",
    accepts: { query: z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) }) },
    answers: { 200: { description: "The batches", body: z.object({ batches: z.array(batchView) }) } },
    handle: ({ client, query: { limit } }) =>
      Promise.resolve({ batches: batches.latest(client.clientId, limit).map(viewOfBatch) }),
  });
}

function statusRoute(parts: BatchParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/v1/batches/:id",
    summary: "A batch and how far it is",
    accepts: { params },
    answers: { 200: { description: "The batch", body: batchStatus }, ...notFound },
    handle: async ({ client, params: { id }, refuse }) => {
      const batch = findBatch(parts, id, client);
      if (batch === null) return refuse(noSuchBatch);
      return statusOfBatch(batch, await batchProgress(parts.ledger, batch.taken));
    },
  });
}

function resultsRoute(parts: BatchParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/v1/batches/:id/results",
    summary: "The results there are, in the order of finishing",
    accepts: { params, query: z.strictObject({ status: resultStatus.optional() }) },
    answers: {
      200: { description: "A result on each line", body: resultLine, contentType: "application/x-ndjson" },
      ...notFound,
    },
    handle: async ({ client, params: { id }, query: { status }, refuse }, reply) => {
      const batch = findBatch(parts, id, client);
      if (batch === null) return refuse(noSuchBatch);
      const lines = resultLines(parts, batch.taken, status);
      // A ledger that is away is an answer still: nothing is sent before the first lines are there.
      const first = await lines.next();
      const body = Readable.from(first.done === true ? [] : begun(first.value, lines), { objectMode: false });
      return reply.type("application/x-ndjson; charset=utf-8").send(body);
    },
  });
}

async function* begun(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

function cancelRoute(parts: BatchParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "POST",
    url: "/v1/batches/:id/cancel",
    summary: "Cancel a batch: what is not paid yet is not done",
    accepts: { params },
    answers: {
      202: { description: "It is ordered: runs without a result end as cancelled", body: batchView },
      ...notFound,
    },
    handle: async ({ client, params: { id }, refuse }, reply) => {
      const batch = findBatch(parts, id, client);
      if (batch === null) return refuse(noSuchBatch);
      await parts.batches.cancel(batch, "cancelled by its client");
      return reply.code(202).header("location", `/v1/batches/${id}`).send(viewOfBatch(batch));
    },
  });
}
