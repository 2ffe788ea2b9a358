/**
 * Logging in to the console and out of it. A key with the scope admin or review
 * becomes a session; every other key gets what a wrong one gets. The key is
 * read from the body and kept nowhere. Failures are counted by address, so that
 * nobody can try keys out.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Refusal } from "../admission/admission.ts";
import type { Client } from "../clients/client.ts";
import type { MinuteCounter } from "../clients/limits/minute-counter.ts";
import { keyedRoute, openRoute, type GatewayRoute } from "../route.ts";
import { isSameOrigin } from "./same-origin.ts";
import { endedCookie, sessionCookie } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";

export interface SessionParts {
  readonly sessions: Sessions;
  /** Whose a key is; null for every key that is not in force. */
  readonly clientOfKey: (key: string) => Client | null;
  readonly attempts: Pick<MinuteCounter, "take">;
  readonly nowMs: () => number;
}

/** Wrong keys of one address in a minute, on all gateways that share a Redis. */
const failuresPerMinute = 30;

const sessionView = z.object({
  client_id: z.string(),
  scopes: z.object({ admin: z.boolean(), review: z.boolean() }),
  expires_at_ms: z.int().nullable().describe("Null for a caller with a key"),
});
/** Who is logged in, as the console's page reads it. */
export type SessionView = z.output<typeof sessionView>;

const described = { url: "/console/session", dialect: "native", tag: "console" } as const;

export function sessionRoutes(parts: SessionParts): readonly GatewayRoute[] {
  return [loginRoute(parts), whoRoute, logoutRoute];
}

const wrongKey: Refusal = {
  status: 401,
  code: "unauthorized",
  message: "this key does not open the console: it takes a key with the scope admin or review",
};
const otherOrigin: Refusal = {
  status: 403,
  code: "forbidden",
  message: "only the console's own page can log in; programs send their key with each request",
};

function loginRoute({ sessions, clientOfKey, attempts, nowMs }: SessionParts): GatewayRoute {
  return openRoute({
    ...described,
    method: "POST",
    summary: "Log in to the console: a session in a cookie, for 12 hours",
    accepts: { body: z.strictObject({ key: z.string().min(1).max(200) }) },
    answers: {
      200: { description: "Logged in", body: sessionView, headers: { "set-cookie": "The session" } },
      401: { description: "A key that does not open the console" },
      403: { description: "Not asked by the console's page" },
      429: { description: "Too many wrong keys from this address", headers: { "retry-after": "Seconds" } },
    },
    handle: async ({ body, refuse }, reply) => {
      const { request } = reply;
      if (!isSameOrigin(request)) return refuse(otherOrigin);
      const attempt = await attempts.take({ key: `login/${request.ip}`, amount: 1, limit: failuresPerMinute });
      if (!attempt.fits) return refuse(tooMany(attempt.resetMs));
      const client = clientOfKey(body.key.trim());
      if (client === null || !(client.scopes.admin || client.scopes.review)) return refuse(wrongKey);
      await attempt.correct(-1);
      const { token, expiresAtMs } = sessions.begin(client.keyId, nowMs());
      setCookie(reply, sessionCookie(token, isSecure(request)));
      return viewOf({ ...client, session: { expiresAtMs } });
    },
  });
}

const whoRoute = keyedRoute({
  ...described,
  method: "GET",
  access: "key",
  summary: "Who is logged in",
  accepts: {},
  answers: { 200: { description: "The caller", body: sessionView } },
  handle: ({ client }, reply) => {
    void reply.header("cache-control", "no-store");
    return Promise.resolve(viewOf(client));
  },
});

const logoutRoute = keyedRoute({
  ...described,
  method: "DELETE",
  access: "key",
  summary: "Log out of the console",
  accepts: {},
  answers: { 204: { description: "Logged out" } },
  handle: (_, reply) => {
    setCookie(reply, endedCookie(isSecure(reply.request)));
    return Promise.resolve(reply.code(204).send());
  },
});

function tooMany(retryAfterMs: number): Refusal {
  return { status: 429, code: "rate_limited", message: "too many wrong keys: wait a minute", retryAfterMs };
}

function setCookie(reply: FastifyReply, cookie: string): void {
  void reply.headers({ "set-cookie": cookie, "cache-control": "no-store" });
}

/** By TLS here, or as a proxy that is trusted says. */
function isSecure({ protocol }: Pick<FastifyRequest, "protocol">): boolean {
  return protocol === "https";
}

function viewOf({ clientId, scopes: { admin, review }, session }: Client): SessionView {
  return {
    client_id: clientId,
    scopes: { admin, review: review || admin },
    expires_at_ms: session?.expiresAtMs ?? null,
  };
}
