/**
 * How many tokens an answer may have: what the harness permits, or fewer where
 * the caller asks for fewer. Whoever fits a prompt, reserves its price, asks for
 * the answer or says that it was cut off reads it here.
 */
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { CallOptions } from "../../../schemas/parts/call-options.ts";

export function outputLimit(
  { output }: Pick<HarnessDefinition, "output">,
  options: Pick<CallOptions, "max_output_tokens"> = {},
): number {
  return Math.min(output.maxTokens, options.max_output_tokens ?? output.maxTokens);
}
