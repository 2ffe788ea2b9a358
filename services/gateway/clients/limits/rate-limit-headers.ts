/**
 * RateLimit and RateLimit-Policy, as draft-ietf-httpapi-ratelimit-headers-11
 * writes them: what a minute holds, and what is left of it for how many seconds.
 */
import type { Limits } from "./limits-in-force.ts";
import type { Taken } from "./minute-counter.ts";

export interface Minute {
  readonly requests?: Taken | undefined;
  readonly tokens?: Taken | undefined;
}

export function rateLimitHeaders(
  { requestsPerMinute, tokensPerMinute }: Limits,
  { requests, tokens }: Minute,
): Readonly<Record<string, string>> {
  const left = [...standing("requests", requests), ...standing("tokens", tokens)];
  return {
    "ratelimit-policy": `"requests";q=${requestsPerMinute};w=60, "tokens";q=${tokensPerMinute};w=60`,
    ...(left.length === 0 ? {} : { ratelimit: left.join(", ") }),
  };
}

function standing(name: string, taken: Taken | undefined): readonly string[] {
  return taken === undefined ? [] : [`"${name}";r=${taken.left};t=${Math.ceil(taken.resetMs / 1000)}`];
}
