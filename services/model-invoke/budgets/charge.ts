/**
 * What a call counts for on budgets: before it is made, its worst case; after
 * it, what it cost. What nobody knows counts at its worst case; a model without
 * a price counts in tokens alone.
 */
import type { CallFinished, CallIdentity } from "../../../schemas/records/call.ts";
import { nothing, type Amount } from "../../budgets/amount.ts";
import { Decimal } from "../../pricing/usd.ts";

export type Bounded = Pick<CallIdentity, "input_tokens_estimate" | "max_output_tokens" | "cost_high_usd">;

export function worstCharge({ input_tokens_estimate, max_output_tokens, cost_high_usd }: Bounded): Amount {
  return { usd: new Decimal(cost_high_usd ?? 0), tokens: input_tokens_estimate + max_output_tokens };
}

export function chargeOf(call: Bounded & Pick<CallFinished, "usage" | "cost_usd">): Amount {
  const { usage, cost_usd: costUsd } = call;
  if (usage === null) return costUsd === "0" ? nothing : worstCharge(call);
  const input = usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens;
  const tokens = input + usage.output_tokens + usage.reasoning_tokens;
  return { usd: costUsd === null ? worstCharge(call).usd : new Decimal(costUsd), tokens };
}
