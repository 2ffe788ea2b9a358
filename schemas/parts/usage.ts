/**
 * Token usage in disjoint buckets, and money as decimal strings. Unknown is
 * null, never zero. `Spend` adds up what a run has paid so far.
 */
import { z } from "zod";

/** US dollars as a plain decimal string, rounded once per call to 1e-12. */
export const usd = z.string().regex(/^\d+(\.\d{1,12})?$/);

export const usage = z.object({
  input_tokens: z.int().nonnegative().describe("Uncached input tokens"),
  cached_input_tokens: z.int().nonnegative().describe("Input tokens read from the provider's cache"),
  cache_write_tokens: z.int().nonnegative().describe("Input tokens written to the provider's cache"),
  output_tokens: z.int().nonnegative().describe("Visible output tokens, reasoning excluded"),
  reasoning_tokens: z.int().nonnegative().describe("Output tokens spent on reasoning"),
});

export const usageSource = z.enum(["provider", "estimated", "unknown"]);

export const spend = z.object({
  calls: z.int().nonnegative(),
  input_tokens: z.int().nonnegative().describe("All input buckets together"),
  output_tokens: z.int().nonnegative().describe("Output and reasoning together"),
  cost_usd: usd.nullable().describe("Sum over priced calls; null when none had a known price"),
  unpriced_calls: z.int().nonnegative().describe("Calls whose cost is unknown"),
});

export type Usage = z.infer<typeof usage>;
export type UsageSource = z.infer<typeof usageSource>;
export type Spend = z.infer<typeof spend>;

export const noSpend: Spend = { calls: 0, input_tokens: 0, output_tokens: 0, cost_usd: null, unpriced_calls: 0 };
