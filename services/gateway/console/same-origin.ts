/**
 * Whether a page of this gateway sent a request, by what browsers add and no
 * page can change: Sec-Fetch-Site, or Origin where a browser leaves that out
 * (without TLS). A request with neither comes from no page of ours.
 */
import type { FastifyRequest } from "fastify";

export function isSameOrigin({ headers, host }: Pick<FastifyRequest, "headers" | "host">): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin";
  const { origin } = headers;
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host;
}
