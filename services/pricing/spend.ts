/**
 * Adds one call to what a run has spent. Tokens that nobody reported add
 * nothing; a call whose cost is unknown is counted as unpriced, so that a sum
 * is never taken for the whole.
 */
import type { Spend, Usage } from "../../schemas/parts/usage.ts";
import { addKnownUsd } from "./usd.ts";

export function addSpend(spend: Spend, call: { readonly usage: Usage | null; readonly costUsd: string | null }): Spend {
  const { usage, costUsd } = call;
  const input = usage === null ? 0 : usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens;
  const output = usage === null ? 0 : usage.output_tokens + usage.reasoning_tokens;
  return {
    calls: spend.calls + 1,
    input_tokens: spend.input_tokens + input,
    output_tokens: spend.output_tokens + output,
    cost_usd: addKnownUsd(spend.cost_usd, costUsd),
    unpriced_calls: spend.unpriced_calls + (costUsd === null ? 1 : 0),
  };
}
