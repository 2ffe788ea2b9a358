/**
 * The native API of runs: hand one in and wait for it or not, ask for it again
 * with all that happened to it, cancel it. A wait that ends answers 202, so no
 * answer is lost; a caller that leaves cancels what is not paid yet, unless it
 * said that it would come back.
 */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Admission, Refusal } from "../admission/admission.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import { idempotencyKey } from "../runs/idempotency-key.ts";
import type { RunDesk, Standing } from "../runs/run-desk.ts";
import { readPreference } from "./preference.ts";
import { runAnswer } from "./run-answer.ts";
import { newRunOf, runBody } from "./run-body.ts";
import { runView } from "./run-view.ts";
import { runDocument, shownRun, type ShownRunParts } from "./inspect/shown-run.ts";

export interface RunParts extends ShownRunParts {
  readonly admission: Admission;
  readonly desk: Pick<RunDesk, "find" | "cancel">;
  /** How long an answer is waited for at most, milliseconds. */
  readonly waitMs: number;
  readonly nowMs: () => number;
}

export function runRoutes(parts: RunParts): readonly GatewayRoute[] {
  return [startRoute(parts), showRoute(parts), cancelRoute(parts)];
}

const startHeaders = z.object({
  prefer: z.string().max(200).optional().describe("`respond-async`, `wait=<seconds>`, or both"),
  "idempotency-key": idempotencyKey,
});

const runHeaders = {
  "breakwater-run-id": "The run's id",
  "breakwater-status": "How the run ended, when it has",
  "idempotent-replayed": "`true` when an earlier request with the same Idempotency-Key started the run",
};
const goesOn = { description: "The run goes on", body: runView, headers: { ...runHeaders, location: "Where it is" } };

function startRoute({ admission, waitMs, nowMs }: RunParts): GatewayRoute {
  return keyedRoute({
    method: "POST",
    url: "/v1/runs",
    access: "run",
    dialect: "native",
    tag: "runs",
    summary: "Run a harness",
    accepts: { headers: startHeaders, body: runBody },
    answers: {
      200: { description: "The run ended with an answer", body: runView, headers: runHeaders },
      202: goesOn,
      422: { description: "No answer of the model kept to the harness's rules", headers: runHeaders },
      504: { description: "The run's time was over", headers: runHeaders },
    },
    handle: async ({ client, body, headers, over, isGone, refuse }, reply) => {
      const preference = readPreference(headers.prefer, waitMs);
      const key = headers["idempotency-key"];
      const run = newRunOf(body, client.clientId, nowMs());
      const { outcome, headers: limits } = await admission.admit(client, { run, idempotencyKey: key });
      void reply.headers(limits);
      if (outcome.kind === "refused") return refuse(outcome.refusal);
      if (preference.applied.length > 0) void reply.header("preference-applied", preference.applied.join(", "));
      if (outcome.joined) void reply.header("idempotent-replayed", "true");
      const comesBack = preference.isAsync || key !== undefined;
      try {
        const standing = await outcome.wait({ waitMs: preference.waitMs, signal: over });
        return send(reply, outcome.runId, standing, nowMs());
      } finally {
        await outcome.release({ left: isGone() && !comesBack });
      }
    },
  });
}

function send(reply: FastifyReply, runId: string, standing: Standing, nowMs: number): FastifyReply {
  const { status, headers, body } = runAnswer(runId, standing, nowMs);
  return reply.code(status).headers(headers).send(body);
}

const runParams = z.object({ id: z.uuid().toLowerCase().describe("The run's id") });

function showRoute(parts: ShownRunParts): GatewayRoute {
  return keyedRoute({
    method: "GET",
    url: "/v1/runs/:id",
    access: "key",
    dialect: "native",
    tag: "runs",
    summary: "A run: its result, its timeline, its costs",
    accepts: { params: runParams },
    answers: { 200: { description: "The run", body: runDocument }, 404: { description: "No such run of this client" } },
    handle: async ({ client, params: { id }, refuse }, reply) => {
      const run = await shownRun(parts, id, client);
      if (run === null) return refuse(noSuchRun);
      void reply.header("breakwater-run-id", id);
      return run;
    },
  });
}

function cancelRoute(parts: RunParts): GatewayRoute {
  return keyedRoute({
    method: "DELETE",
    url: "/v1/runs/:id",
    access: "key",
    dialect: "native",
    tag: "runs",
    summary: "Cancel a run: what is not paid yet is not done",
    accepts: { params: runParams },
    answers: {
      200: { description: "It had ended before", body: runView },
      202: goesOn,
      404: { description: "No such run of this client" },
    },
    handle: async ({ client, params: { id }, refuse }, reply) => {
      const run = await shownRun(parts, id, client);
      if (run === null) return refuse(noSuchRun);
      const { timeline: _, trace: __, ...view } = run;
      void reply.header("breakwater-run-id", id);
      if (view.state === "ended") return view;
      await parts.desk.cancel(id, "cancelled by its client", { kind: "api_key", id: client.keyId });
      return reply.code(202).header("location", `/v1/runs/${id}`).send(view);
    },
  });
}

const noSuchRun: Refusal = { status: 404, code: "run_not_found", message: "there is no such run of this client" };
