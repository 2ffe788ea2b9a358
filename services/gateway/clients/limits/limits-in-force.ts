/** The limits that hold for a client: its key's, and the gateway's own where the key names none. */
import type { Config } from "../../../runtime/config.ts";
import type { VariableName } from "../../../runtime/variables.ts";
import type { ClientLimits } from "../client.ts";

export type Limits = { readonly [Name in keyof ClientLimits]-?: number };

export const limitVariables = [
  "BREAKWATER_GATEWAY_REQUESTS_PER_MINUTE",
  "BREAKWATER_GATEWAY_TOKENS_PER_MINUTE",
  "BREAKWATER_GATEWAY_CONCURRENCY",
  "BREAKWATER_GATEWAY_BODY_BYTES",
  "BREAKWATER_GATEWAY_PROMPT_TOKENS",
] as const satisfies readonly VariableName[];

export function defaultLimits(config: Pick<Config, (typeof limitVariables)[number]>): Limits {
  return {
    requestsPerMinute: config.BREAKWATER_GATEWAY_REQUESTS_PER_MINUTE,
    tokensPerMinute: config.BREAKWATER_GATEWAY_TOKENS_PER_MINUTE,
    concurrency: config.BREAKWATER_GATEWAY_CONCURRENCY,
    bodyBytes: config.BREAKWATER_GATEWAY_BODY_BYTES,
    promptTokens: config.BREAKWATER_GATEWAY_PROMPT_TOKENS,
  };
}

/** A prompt of more tokens than a minute's would wait for ever, so that is the most that a prompt may be. */
export function limitsInForce(own: ClientLimits, defaults: Limits): Limits {
  const tokensPerMinute = own.tokensPerMinute ?? defaults.tokensPerMinute;
  return {
    requestsPerMinute: own.requestsPerMinute ?? defaults.requestsPerMinute,
    tokensPerMinute,
    concurrency: own.concurrency ?? defaults.concurrency,
    bodyBytes: own.bodyBytes ?? defaults.bodyBytes,
    promptTokens: Math.min(own.promptTokens ?? defaults.promptTokens, tokensPerMinute),
  };
}
