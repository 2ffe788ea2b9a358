/**
 * The most that a replay can cost by the price table: at every attempt that the
 * harness allows, every model of its chain is asked, is billed, and writes all
 * that it may; each attempt reads the answer before it as well. An estimate of
 * the prompt that errs high; null where a model of the chain has no price. Pure.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { RunRequest } from "../../../schemas/records/run-request.ts";
import { optionTokens } from "../../guards/prompt/option-tokens.ts";
import { estimateTokens, tokensPerMessage } from "../../guards/tokens/estimate.ts";
import type { PricedModel } from "../../pricing/price-entry.ts";
import { Decimal, toUsd } from "../../pricing/usd.ts";
import { worstCase } from "../../pricing/worst-case.ts";

/** What an attempt adds to the prompt beside the rejected answer: what was wrong with it. */
const rejectionTokens = 1000;
/** Marks between all words of a document at most double it. */
const datamarked = 2;

/** `prices`: of which moment, and what was negotiated. */
export function mostOfReplay(
  request: RunRequest,
  definition: HarnessDefinition,
  prices: Pick<PricedModel, "atMs" | "negotiated">,
): string | null {
  const { models, maxAttempts, output, knobs } = definition;
  const maxOutputTokens = Math.min(output.maxTokens, request.options?.max_output_tokens ?? output.maxTokens);
  const asked = Object.values(knobs.retry).includes("retry") ? 2 : 1;
  let sum = new Decimal(0);
  for (const { provider, model, contextWindowTokens } of models) {
    const prompt = promptTokens(request, definition, provider);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const grown = prompt + (attempt - 1) * (maxOutputTokens + rejectionTokens);
      const inputTokens = Math.min(grown, contextWindowTokens);
      const { highUsd } = worstCase({ ...prices, provider, account: provider, model, inputTokens, maxOutputTokens });
      if (highUsd === null) return null;
      sum = sum.plus(new Decimal(highUsd).times(asked));
    }
  }
  return toUsd(sum);
}

function promptTokens(
  { input, options }: RunRequest,
  { prompt, knobs }: HarnessDefinition,
  provider: HarnessDefinition["models"][number]["provider"],
): number {
  const given = estimateTokens(JSON.stringify(input), provider);
  const marked = knobs.injection.spotlight === "datamark" ? datamarked : 1;
  const own = estimateTokens(prompt.system, provider) + estimateTokens(prompt.user, provider) + 2 * tokensPerMessage;
  return own + given * marked + optionTokens(options, provider);
}
