/**
 * What refusing a run keeps from being sent: the prompt that the first model of
 * the chain would have got, estimated and priced as input. It is the least that
 * the run would have cost: the answer is not in it. Null when no prompt can be
 * made of the input.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { SparedPrompt } from "../../../schemas/audit/decision.ts";
import type { PricedModel } from "../../pricing/price-entry.ts";
import { savedInputUsd } from "../../pricing/saved-input.ts";
import { estimateTokens, tokensPerMessage } from "../tokens/estimate.ts";
import { messageText } from "./conversation.ts";
import { renderPrompt } from "./render.ts";

/** `atMs`: when the request came; the price of then counts. */
export function sparedPromptOf(
  definition: Pick<HarnessDefinition, "prompt" | "input" | "callers" | "models">,
  input: Readonly<Record<string, unknown>>,
  prices: Pick<PricedModel, "atMs" | "negotiated">,
): SparedPrompt | null {
  const prompt = renderPrompt(definition, input);
  const [first] = definition.models;
  if (prompt === null || first === undefined) return null;
  const { provider, model } = first;
  const tokens = prompt.messages.reduce(
    (sum, message) => sum + tokensPerMessage + estimateTokens(messageText(message), provider),
    0,
  );
  const usd = savedInputUsd(
    { provider, account: provider, model, ...prices },
    { tokensBefore: tokens, tokensAfter: 0 },
  );
  return { provider, model, input_tokens: tokens, usd };
}
