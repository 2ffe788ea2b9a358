/**
 * The cookie that carries a session: no script reads it, no other site's
 * request brings it, and over TLS it never travels without.
 */
import type { IncomingHttpHeaders } from "node:http";
import { sessionMs } from "./sessions.ts";

const cookieName = "breakwater_session";
const attributes = "Path=/; HttpOnly; SameSite=Strict";

/** The first by that name, as browsers send the one with the longest path first. */
export function tokenIn({ cookie }: Pick<IncomingHttpHeaders, "cookie">): string | undefined {
  const pairs = (cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
}

export function sessionCookie(token: string, isSecure: boolean): string {
  return `${cookieName}=${token}; Max-Age=${sessionMs / 1000}; ${attributes}${isSecure ? "; Secure" : ""}`;
}

export function endedCookie(isSecure: boolean): string {
  return `${cookieName}=; Max-Age=0; ${attributes}${isSecure ? "; Secure" : ""}`;
}
