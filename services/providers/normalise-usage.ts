/**
 * A provider's usage report, turned into our disjoint buckets. What does not
 * add up against the provider's own totals is not trusted: the usage is then
 * unknown (null) with a code that says why, never a guess and never zero.
 */
import { z } from "zod";
import type { Usage } from "../../schemas/parts/usage.ts";
import type { UsageCode } from "./outcome.ts";

export type NormalisedUsage =
  | { readonly usage: Usage; readonly usageCode?: undefined }
  | { readonly usage: null; readonly usageCode: UsageCode };

const tokens = z.int().nonnegative();
const optionalTokens = tokens.nullish();

const openaiReport = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  total_tokens: tokens,
  prompt_tokens_details: z.object({ cached_tokens: optionalTokens, cache_write_tokens: optionalTokens }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: optionalTokens }).nullish(),
});

const anthropicReport = z.object({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_read_input_tokens: optionalTokens,
  cache_creation_input_tokens: optionalTokens,
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: optionalTokens, ephemeral_1h_input_tokens: optionalTokens })
    .nullish(),
  output_tokens_details: z.object({ thinking_tokens: optionalTokens }).nullish(),
});

const missing: NormalisedUsage = { usage: null, usageCode: "usage_missing" };
const mismatch: NormalisedUsage = { usage: null, usageCode: "usage_mismatch" };

/** OpenAI: prompt and completion totals include their cached and reasoning parts. */
export function openaiUsage(report: unknown): NormalisedUsage {
  if (report === undefined || report === null) return missing;
  const parsed = openaiReport.safeParse(report);
  if (!parsed.success) return mismatch;
  const { prompt_tokens, completion_tokens, total_tokens, prompt_tokens_details, completion_tokens_details } =
    parsed.data;
  const cached = prompt_tokens_details?.cached_tokens ?? 0;
  const written = prompt_tokens_details?.cache_write_tokens ?? 0;
  const reasoning = completion_tokens_details?.reasoning_tokens ?? 0;
  if (prompt_tokens + completion_tokens !== total_tokens) return mismatch;
  if (cached + written > prompt_tokens || reasoning > completion_tokens) return mismatch;
  return {
    usage: {
      input_tokens: prompt_tokens - cached - written,
      cached_input_tokens: cached,
      cache_write_tokens: written,
      output_tokens: completion_tokens - reasoning,
      reasoning_tokens: reasoning,
    },
  };
}

/** Anthropic: input buckets are disjoint already; the output total includes thinking. */
export function anthropicUsage(report: unknown): NormalisedUsage {
  if (report === undefined || report === null) return missing;
  const parsed = anthropicReport.safeParse(report);
  if (!parsed.success) return mismatch;
  const { input_tokens, output_tokens, cache_creation, output_tokens_details } = parsed.data;
  const written = parsed.data.cache_creation_input_tokens ?? 0;
  const thinking = output_tokens_details?.thinking_tokens ?? 0;
  if (thinking > output_tokens) return mismatch;
  if (cache_creation !== undefined && cache_creation !== null) {
    const parts = (cache_creation.ephemeral_5m_input_tokens ?? 0) + (cache_creation.ephemeral_1h_input_tokens ?? 0);
    if (parts !== written) return mismatch;
  }
  return {
    usage: {
      input_tokens,
      cached_input_tokens: parsed.data.cache_read_input_tokens ?? 0,
      cache_write_tokens: written,
      output_tokens: output_tokens - thinking,
      reasoning_tokens: thinking,
    },
  };
}
