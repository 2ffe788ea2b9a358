/**
 * The queue of answers that wait for a person: what waits, one of them with its
 * answer, an edit tried against contract and guards, and the decision. A key
 * with the scope review sees the harnesses that it may run; an admin's sees
 * all. Who decided is whose key it was: nobody signs with another's name.
 */
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { guardReport, reason } from "../../../schemas/parts/finding.ts";
import { maxReviewReasonChars } from "../../../schemas/records/review.ts";
import { maxAnswerBytes } from "../../guards/output/answer-size.ts";
import { checkEdit } from "../../reviews/check-edit.ts";
import { decideReview, type DecisionOutcome } from "../../reviews/decide-review.ts";
import { findInEdit } from "../../reviews/find-in-edit.ts";
import type { HeldItem } from "../../reviews/read-reviews.ts";
import type { Review } from "../../reviews/review-book.ts";
import type { Definitions } from "../../runtime/definitions.ts";
import type { Publish } from "../../runtime/stage.ts";
import type { Refusal } from "../admission/admission.ts";
import type { Client } from "../clients/client.ts";
import { nativeError } from "../http/errors.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import type { LiveReviews } from "./live-reviews.ts";
import { decisionOf, decisionView, reviewDocument, reviewView, waitingReview, waitingView } from "./review-view.ts";

export interface ReviewParts {
  readonly reviews: Pick<LiveReviews, "waiting" | "find">;
  readonly publish: Publish;
  readonly definitions: Pick<Definitions, "get">;
  readonly nowMs: () => number;
}

export function reviewRoutes(parts: ReviewParts): readonly GatewayRoute[] {
  return [queueRoute(parts), openRoute(parts), checkRoute(parts), decisionRoute(parts)];
}

const native = { access: "review", dialect: "native", tag: "reviews" } as const;
const name = z.string().min(1).max(128).optional();

const queueQuery = z.strictObject({
  client: name,
  harness: name,
  feature: name,
  reason: name.describe("Code of a reason that it is held for"),
  escalated: z.enum(["true", "false"]).optional().describe("Whether it has waited long"),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

const queue = z
  .object({
    waiting: z.int().describe("How many wait that fit, also beyond `limit`"),
    escalated: z.int().describe("How many of these have waited long"),
    reviews: z.array(waitingReview),
  })
  .describe("What waits for a person, the one that is due first in front");

function queueRoute({ reviews }: ReviewParts): GatewayRoute {
  return keyedRoute({
    ...native,
    method: "GET",
    url: "/v1/reviews",
    summary: "Answers that wait for a person, the one that is due first in front",
    accepts: { query: queueQuery },
    answers: { 200: { description: "The queue", body: queue } },
    handle: async ({ client, query: { limit, ...filter } }) => {
      const all = reviews.waiting().filter((review) => maySee(client, review) && fits(filter, review));
      const escalated = all.filter((review) => review.escalated).length;
      return { waiting: all.length, escalated, reviews: all.slice(0, limit).map(waitingView) };
    },
  });
}

function maySee({ scopes }: Client, { harness }: Pick<Review, "harness">): boolean {
  return scopes.admin || scopes.harnesses === null || scopes.harnesses.includes(harness.name);
}

function fits(
  { client, harness, feature, reason: code, escalated }: Omit<z.infer<typeof queueQuery>, "limit">,
  review: Review,
): boolean {
  return (
    (client === undefined || review.client_id === client) &&
    (harness === undefined || review.harness.name === harness) &&
    (feature === undefined || review.feature === feature) &&
    (escalated === undefined || String(review.escalated) === escalated) &&
    (code === undefined || review.reasons.some((held) => held.code === code))
  );
}

const params = z.object({ id: z.uuid().toLowerCase().describe("The run's id") });
const unknown = { description: "No answer of this run is held, nor was one in the last 30 days" };
const notFound: Refusal = {
  status: 404,
  code: "review_not_found",
  message: "no answer of this run is held, nor was one in the last 30 days",
};

async function find({ reviews }: ReviewParts, client: Client, runId: string): Promise<HeldItem | null> {
  const item = await reviews.find(runId);
  return item !== null && maySee(client, item.held) ? item : null;
}

export type QueueAnswer = Readonly<z.infer<typeof queue>>;

function openRoute(parts: ReviewParts): GatewayRoute {
  return keyedRoute({
    ...native,
    method: "GET",
    url: "/v1/reviews/:id",
    summary: "A held answer, why it is held, and what was decided",
    accepts: { params },
    answers: { 200: { description: "The held answer", body: reviewDocument }, 404: unknown },
    handle: async ({ client, params: { id }, refuse }) => {
      const item = await find(parts, client, id);
      return item === null ? refuse(notFound) : reviewView(item);
    },
  });
}

const written = z
  .string()
  .max(maxAnswerBytes)
  .describe("The whole output as it is written: text, or JSON where the harness has a contract");

const checked = z
  .object({
    ok: z.boolean().describe("Whether it may be given"),
    reasons: z.array(reason).describe("Each field that breaks a rule"),
    guards: z.array(guardReport).describe("What guards note in it: it stops nothing"),
    given: z.json().optional().describe("As it would go out, made safe for its destination"),
  })
  .describe("What would become of an edit");

export type CheckAnswer = Readonly<z.infer<typeof checked>>;

function checkRoute(parts: ReviewParts): GatewayRoute {
  return keyedRoute({
    ...native,
    method: "POST",
    url: "/v1/reviews/:id/check",
    summary: "Try an edit against contract and guards, without deciding",
    accepts: { params, body: z.strictObject({ text: written }) },
    answers: { 200: { description: "What was found", body: checked }, 404: unknown },
    handle: async ({ client, params: { id }, body: { text }, refuse }) => {
      const item = await find(parts, client, id);
      if (item === null) return refuse(notFound);
      const { harness, contract } = item.held;
      const check = checkEdit(text, contract, parts.definitions.get(harness.name, harness.version));
      if (check.kind === "broken") return { ok: false, reasons: check.reasons, guards: check.guards };
      return { ok: true, reasons: [], guards: check.guards, given: check.given };
    },
  });
}

const why = z.string().min(1).max(maxReviewReasonChars).optional().describe("Comes with the result and the audit");
const decisionBody = z.discriminatedUnion("decision", [
  z.strictObject({ decision: z.literal("approve"), reason: why }),
  z.strictObject({ decision: z.literal("edit"), text: written, reason: why }),
  z.strictObject({ decision: z.literal("reject"), reason: why }),
]);

const errorOf = z.object({ code: z.string(), message: z.string(), run_id: z.uuid().optional() });
const decided = z.object({ run_id: z.uuid(), decision: decisionView, guards: z.array(guardReport) });
const tooLate = z.object({ error: errorOf, decision: decisionView });
const brokenEdit = z.object({ error: errorOf, reasons: z.array(reason) });

export type DecidedAnswer = Readonly<z.infer<typeof decided>>;

function decisionRoute(parts: ReviewParts): GatewayRoute {
  return keyedRoute({
    ...native,
    method: "POST",
    url: "/v1/reviews/:id/decision",
    summary: "Decide: approve, edit or reject; the first decision counts",
    accepts: { params, body: decisionBody },
    answers: {
      200: { description: "It counts; `guards` is what was noted in an edit", body: decided },
      404: unknown,
      409: { description: "Somebody else, or the clock, was first", body: tooLate },
      422: { description: "The edit breaks the contract; nothing was decided", body: brokenEdit },
    },
    handle: async ({ client, params: { id }, body, refuse }, reply) => {
      const { publish, nowMs } = parts;
      const desk = { find: (runId: string) => find(parts, client, runId), publish, nowMs };
      const outcome = await decideReview(desk, id, { ...body, reviewer: reviewerOf(client) });
      return outcome.kind === "unknown" ? refuse(notFound) : answer(parts, reply, { runId: id, outcome });
    },
  });
}

/** The client and what its key is for, within what a record takes. */
export function reviewerOf({ clientId, label }: Pick<Client, "clientId" | "label">): string {
  return (label === undefined ? clientId : `${clientId}/${label}`).slice(0, 128).toWellFormed();
}

interface Answered {
  readonly runId: string;
  readonly outcome: Exclude<DecisionOutcome, { readonly kind: "unknown" }>;
}

function answer(parts: ReviewParts, reply: FastifyReply, { runId, outcome }: Answered): FastifyReply {
  if (outcome.kind === "broken") {
    const message = "the edit breaks the contract; nothing was decided";
    const { body } = nativeError({ status: 422, code: "edit_broken", message }, runId);
    return reply.code(422).send({ ...body, reasons: outcome.reasons });
  }
  const { held, decision } = outcome.item;
  const view = decisionOf(decision);
  if (outcome.kind === "too_late") {
    const { body } = nativeError({ status: 409, code: "review_decided", message: sayDecided(view) }, runId);
    return reply.code(409).send({ ...body, decision: view });
  }
  const { name: harness, version } = held.harness;
  const output = decision.output;
  const isEdit = output !== undefined && "plain" in output;
  const guards = isEdit ? findInEdit(output.plain, parts.definitions.get(harness, version)) : [];
  return reply.send({ run_id: runId, decision: view, guards });
}

function sayDecided({ decision, reviewer, decided_at_ms: at }: z.infer<typeof decisionView>): string {
  return `it was decided before: ${decision}${reviewer === undefined ? "" : ` by ${reviewer}`} at ${new Date(at).toISOString()}`;
}
