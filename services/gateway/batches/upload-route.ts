/**
 * `POST /v1/batches`: an upload of lines becomes runs on the lane for batches.
 * It is read and checked whole before anything is published, and answered when
 * every run is acknowledged.
 */
import { z } from "zod";
import { runRequest } from "../../../schemas/records/run-request.ts";
import type { BatchAdmission, Refusal } from "../admission/admission.ts";
import { refusals } from "../admission/refusals.ts";
import type { Harnesses } from "../chat/request/find-harness.ts";
import type { Client } from "../clients/client.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import { idempotencyKey } from "../runs/idempotency-key.ts";
import { maxUploadBytes, maxUploadLines, readUpload } from "./upload/read-upload.ts";
import { batchView, viewOfBatch } from "./view/batch-view.ts";

export interface UploadParts {
  readonly admission: BatchAdmission;
  readonly harnesses: Pick<Harnesses, "current" | "catchUp">;
}

const dayMs = 86_400_000;
const { harness, feature } = runRequest.shape;

const uploadQuery = z.strictObject({
  harness,
  feature,
  deadline_ms: z.coerce
    .number()
    .int()
    .positive()
    .max(7 * dayMs)
    .default(dayMs)
    .describe("For all of its runs, from now on, milliseconds: what is not paid by then ends as expired"),
});

const uploadBody = z
  .custom<Buffer>((value) => Buffer.isBuffer(value), "one run as JSON on each line")
  .meta({
    type: "string",
    description: `On each line a run, {"id"?, "input", "options"?, "subject_id"?}; at most ${maxUploadLines} lines of 1 MiB, 64 MiB in all`,
  });

const taken = {
  description: "Every run is acknowledged",
  body: batchView,
  headers: {
    location: "Where it is",
    "idempotent-replayed": "`true` when an earlier upload with the same Idempotency-Key began the batch",
  },
};

export function uploadRoute({ admission, harnesses }: UploadParts): GatewayRoute {
  return keyedRoute({
    method: "POST",
    url: "/v1/batches",
    access: "run",
    dialect: "native",
    tag: "batches",
    summary: "Run a harness on every line of an upload",
    bodyLimitBytes: maxUploadBytes,
    uploadTypes: ["application/x-ndjson", "application/jsonl"],
    accepts: { query: uploadQuery, headers: z.object({ "idempotency-key": idempotencyKey }), body: uploadBody },
    answers: { 202: taken },
    handle: async ({ client, query, headers, body, refuse }, reply) => {
      const known = await knownHarness(harnesses, query.harness, client);
      if ("status" in known) return refuse(known);
      const upload = await readUpload(body, known.definition.models[0]?.provider ?? "openai");
      if ("status" in upload) return refuse(upload);
      const { outcome, headers: limits } = await admission.admitBatch(client, {
        clientId: client.clientId,
        harness: { name: query.harness, version: known.version },
        feature: query.feature,
        deadlineMs: query.deadline_ms,
        upload,
        idempotencyKey: headers["idempotency-key"],
      });
      void reply.headers(limits);
      if (outcome.kind === "refused") return refuse(outcome.refusal);
      if (outcome.joined) void reply.header("idempotent-replayed", "true");
      const view = viewOfBatch(outcome.batch);
      return reply.code(202).header("location", `/v1/batches/${view.batch_id}`).send(view);
    },
  });
}

type Known = NonNullable<ReturnType<Harnesses["current"]>>;

/** Before a name counts as unknown, what was published is read to its end. */
async function knownHarness(
  harnesses: UploadParts["harnesses"],
  name: string,
  { scopes }: Client,
): Promise<Known | Refusal> {
  if (scopes.harnesses !== null && !scopes.harnesses.includes(name)) return refusals.harnessNotPermitted();
  const known = harnesses.current(name);
  if (known !== undefined) return known;
  await harnesses.catchUp();
  return harnesses.current(name) ?? refusals.harnessUnknown();
}
