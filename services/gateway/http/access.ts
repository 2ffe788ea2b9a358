/**
 * Who may call a route: one check, before anything of the body is read. No
 * key, a wrong one and a revoked one get the same answer; a key that does not
 * open the route gets 403. Bodies above the client's own limit end here too.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Refusal } from "../admission/admission.ts";
import type { Access, Client } from "../clients/client.ts";

/** From `Authorization: Bearer <key>` or `x-api-key`; a refusal for every key that is not good, always the same. */
export type Authenticate = (headers: IncomingHttpHeaders) => Promise<Client | Refusal>;

export const unauthorized: Refusal = {
  status: 401,
  code: "unauthorized",
  message: "a valid API key is needed: Authorization: Bearer <key>, or x-api-key: <key>",
};

export function isRefusal(answer: Client | Refusal): answer is Refusal {
  return "status" in answer;
}

/** Why this client may not call a route of this access; null when it may. */
export function accessRefusal(access: Exclude<Access, "open">, { scopes }: Client): Refusal | null {
  switch (access) {
    case "key":
    case "run":
      return null;
    case "review":
      return scopes.review || scopes.admin ? null : forbidden("review");
    case "admin":
      return scopes.admin ? null : forbidden("admin");
  }
}

function forbidden(scope: string): Refusal {
  return { status: 403, code: "forbidden", message: `this key lacks the scope ${scope}` };
}
