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

/** The providers' words for an answer that ended at its limit; a window that is full is not the caller's. */
const atLimit: ReadonlySet<string | undefined> = new Set(["length", "max_tokens"]);

/**
 * Whether words ended where their caller wanted them to, at a limit that the request sets: they are all that was asked
 * for, and no other model would make more of them. JSON that is cut off is never what anybody asked for.
 */
export function endsAsAsked(
  { output }: Pick<HarnessDefinition, "output">,
  options: Pick<CallOptions, "max_output_tokens" | "output_schema"> = {},
  finishReason?: string,
): boolean {
  const isText = output.format === "text" && options.output_schema === undefined;
  return isText && options.max_output_tokens !== undefined && atLimit.has(finishReason);
}
