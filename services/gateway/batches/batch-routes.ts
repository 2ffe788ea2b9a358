/**
 * Batches: uploaded, looked at, read, cancelled. A key opens its own client's;
 * an admin's opens all, those of the command line included; of any other there
 * is no batch.
 */
import { Readable } from "node:stream";
import { z } from "zod";
import { documentRef } from "../../../schemas/parts/identity.ts";
import { resultStatus } from "../../../schemas/parts/codes.ts";
import { StoreError } from "../../ledger/clickhouse.ts";
import { batchProgress } from "../../ledger/operations/batch-progress.ts";
import type { Refusal } from "../admission/admission.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import type { BatchDesk } from "./desk/batch-desk.ts";
import { uploadRoute, type UploadParts } from "./upload-route.ts";
import {
  batchList,
  batchStatus,
  batchView,
  nameOf,
  progressOf,
  type BatchView,
  type ProgressView,
} from "./view/batch-view.ts";
import { findBatch, listBatches } from "./view/find-batch.ts";
import { resultLine, resultLines, type ResultSource } from "./view/result-lines.ts";

export interface BatchParts extends UploadParts, ResultSource {
  readonly batches: Pick<BatchDesk, "find" | "latest" | "cancel">;
  readonly nowMs: () => number;
}

export function batchRoutes(parts: BatchParts): readonly GatewayRoute[] {
  return [uploadRoute(parts), listRoute(parts), statusRoute(parts), resultsRoute(parts), cancelRoute(parts)];
}

const described = { dialect: "native", access: "key", tag: "batches" } as const;
const params = z.object({ id: documentRef.shape.batch_id.describe("The batch's id") });
const notFound = { 404: { description: "No such batch of this client" } } as const;
const noSuchBatch: Refusal = { status: 404, code: "batch_not_found", message: "there is no such batch of this client" };

function listRoute(parts: BatchParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/v1/batches",
    summary: "The client's latest batches, newest first; for an admin's key everybody's",
    accepts: {
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(100).default(20),
        client: z.string().min(1).max(128).optional().describe("One client's: for an admin's key"),
      }),
    },
    answers: {
      200: { description: "The batches", body: batchList },
      403: { description: "Another client's batches" },
    },
    handle: async ({ client: { clientId, scopes }, query: { limit, client }, refuse }) => {
      if (!scopes.admin && client !== undefined && client !== clientId)
        return refuse({ status: 403, code: "forbidden", message: "only an admin's key sees other clients' batches" });
      const batches = await listBatches(parts, { client: scopes.admin ? client : clientId, limit });
      const progress = await progressIfKnown(parts, batches);
      return { batches: batches.map((batch, at) => ({ ...batch, progress: progress?.[at] ?? null })) };
    },
  });
}

/** Null when the ledger does not answer. */
async function progressIfKnown(
  { ledger, nowMs }: BatchParts,
  batches: readonly BatchView[],
): Promise<readonly (ProgressView | null)[] | null> {
  try {
    const found = await batchProgress(ledger, batches.map(nameOf));
    return batches.map((batch, at) => {
      const own = found[at];
      return own === undefined ? null : progressOf(batch, own, nowMs());
    });
  } catch (error) {
    if (error instanceof StoreError) return null;
    throw error;
  }
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
      const batch = await findBatch(parts, id, client);
      if (batch === null) return refuse(noSuchBatch);
      const [progress] = await batchProgress(parts.ledger, [nameOf(batch)]);
      return progress === undefined ? refuse(noSuchBatch) : { ...batch, ...progressOf(batch, progress, parts.nowMs()) };
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
      const batch = await findBatch(parts, id, client);
      if (batch === null) return refuse(noSuchBatch);
      const lines = resultLines(parts, nameOf(batch), status);
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
      const batch = await findBatch(parts, id, client);
      if (batch === null) return refuse(noSuchBatch);
      const why = client.clientId === batch.client_id ? "cancelled by its client" : "cancelled by an operator";
      await parts.batches.cancel(batch, why, { kind: "api_key", id: client.keyId });
      return reply
        .code(202)
        .header("location", `/v1/batches/${encodeURIComponent(id)}`)
        .send(batch);
    },
  });
}
