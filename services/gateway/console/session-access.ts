/**
 * Callers that are logged in to the console, beside those with a key: the
 * session's key is looked up at each request, so one that is revoked ends its
 * sessions at once. A session does what the console needs: it starts no runs,
 * and it writes only where a page of this gateway asks.
 */
import type { FastifyRequest } from "fastify";
import type { Refusal } from "../admission/admission.ts";
import { keyIn, type ClientKeys } from "../clients/authenticate.ts";
import type { Access, Client } from "../clients/client.ts";
import { unauthorized, type Authenticate } from "../http/access.ts";
import { isSameOrigin } from "./same-origin.ts";
import { tokenIn } from "./session-cookie.ts";
import type { Sessions } from "./sessions.ts";

export interface SessionAccess {
  readonly keys: Pick<ClientKeys, "clientOf" | "clientOfId">;
  readonly sessions: Pick<Sessions, "read">;
  readonly nowMs: () => number;
}

/** A request with a key is judged by it alone, whatever cookie comes with it. */
export function authenticateBy({ keys, sessions, nowMs }: SessionAccess): Authenticate {
  const bySession = (token: string): Client | null => {
    const session = sessions.read(token, nowMs());
    const client = session === null ? null : keys.clientOfId(session.keyId);
    return session === null || client === null ? null : { ...client, session: { expiresAtMs: session.expiresAtMs } };
  };
  return (headers) => {
    const client = keyIn(headers) === undefined ? bySession(tokenIn(headers) ?? "") : keys.clientOf(headers);
    return Promise.resolve(client ?? unauthorized);
  };
}

const noRuns: Refusal = {
  status: 403,
  code: "forbidden",
  message: "a session of the console starts no runs: send a key",
};
const otherOrigin: Refusal = {
  status: 403,
  code: "forbidden",
  message: "with a session, only the console's own page can change anything",
};

/** Why a session may not do this; null when it may, and for every caller with a key. */
export function sessionRefusal(
  access: Access,
  { session }: Pick<Client, "session">,
  request: Pick<FastifyRequest, "method" | "headers" | "host">,
): Refusal | null {
  if (session === undefined) return null;
  if (access === "run") return noRuns;
  return ["GET", "HEAD"].includes(request.method) || isSameOrigin(request) ? null : otherOrigin;
}
