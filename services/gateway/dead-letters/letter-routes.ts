/**
 * Dead letters over HTTP, for an admin: the newest in groups by cause, a
 * group's letters, one letter as far as it may be shown; what replaying some
 * of them would cost, and the replay itself.
 */
import { z } from "zod";
import type { Refusal } from "../admission/admission.ts";
import { keyedRoute, type GatewayRoute } from "../route.ts";
import type { LetterDesk } from "./letter-desk.ts";
import {
  estimateView,
  groupId,
  groupsView,
  letterDocument,
  letterPlace,
  letterQuery,
  lettersPage,
  replaySelection,
  replaysView,
} from "./letter-views.ts";
import type { ReplayDesk } from "./replay-desk.ts";

export interface LetterParts {
  readonly letters: Pick<LetterDesk, "groups" | "ofGroup" | "show">;
  readonly replays: Pick<ReplayDesk, "estimate" | "replay">;
}

export function letterRoutes(parts: LetterParts): readonly GatewayRoute[] {
  return [groupsRoute(parts), groupRoute(parts), letterRoute(parts), estimateRoute(parts), replayRoute(parts)];
}

const described = { dialect: "native", access: "admin", tag: "dead letters" } as const;

const noSuchLetter: Refusal = { status: 404, code: "dead_letter_not_found", message: "no dead letter stands there" };
const noSuchGroup: Refusal = {
  status: 404,
  code: "dead_letter_group_not_found",
  message: "none of the newest dead letters is of this group",
};
const groupNotFound = { 404: { description: "No such group" } } as const;

function groupsRoute({ letters }: LetterParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/v1/dead-letters",
    summary: "The newest dead letters, grouped by what made them",
    accepts: { query: letterQuery },
    answers: { 200: { description: "The groups, the largest first", body: groupsView } },
    handle: ({ query }) => letters.groups(query),
  });
}

function groupRoute({ letters }: LetterParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/v1/dead-letters/groups/:group",
    summary: "The letters of a group, newest first",
    accepts: {
      params: z.object({ group: groupId }),
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(200).default(50),
        skip: z.coerce.number().int().min(0).max(100_000).default(0),
      }),
    },
    answers: { 200: { description: "The letters, and how many there are", body: lettersPage }, ...groupNotFound },
    handle: async ({ params: { group }, query, refuse }) =>
      (await letters.ofGroup(group, query)) ?? refuse(noSuchGroup),
  });
}

function letterRoute({ letters }: LetterParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "GET",
    url: "/v1/dead-letters/:topic/:partition/:offset",
    summary: "A dead letter, as far as its harness's policy lets it be shown",
    accepts: { params: letterPlace },
    answers: { 200: { description: "The letter", body: letterDocument }, 404: { description: "No such letter" } },
    handle: async ({ params: { topic, partition, offset }, refuse }) =>
      (await letters.show({ topic, partition, offset: BigInt(offset) })) ?? refuse(noSuchLetter),
  });
}

function estimateRoute({ replays }: LetterParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "POST",
    url: "/v1/dead-letters/replays/estimate",
    summary: "What a replay would do and cost",
    accepts: { body: replaySelection },
    answers: { 200: { description: "The estimate; nothing is published", body: estimateView }, ...groupNotFound },
    handle: async ({ body, refuse }) => (await replays.estimate(body)) ?? refuse(noSuchGroup),
  });
}

function replayRoute({ replays }: LetterParts): GatewayRoute {
  return keyedRoute({
    ...described,
    method: "POST",
    url: "/v1/dead-letters/replays",
    summary: "Run dead letters again, each as a new run",
    accepts: { body: replaySelection },
    answers: { 202: { description: "The new runs are acknowledged", body: replaysView }, ...groupNotFound },
    handle: async ({ client, body, refuse }, reply) => {
      const done = await replays.replay(body, { kind: "api_key", id: client.keyId });
      return done === null ? refuse(noSuchGroup) : reply.code(202).send(done);
    },
  });
}
