/**
 * How many tokens of a stream had arrived when it broke off: an estimate from
 * its pieces of text, for the price of an answer that nobody got whole. It errs
 * high by some ten per cent, like every estimate here; what was produced after
 * the connection was gone is not in it.
 */
import type { ProviderName } from "../../../schemas/parts/codes.ts";
import { estimateTokens } from "../../guards/tokens/estimate.ts";
import { textPieces } from "./assemble-stream.ts";
import type { ProviderOutcome } from "../outcome.ts";

/** Adds what had arrived to a failure whose usage nobody reported. */
export function withStreamedTokens(
  outcome: ProviderOutcome,
  received: readonly Buffer[],
  provider: ProviderName,
): ProviderOutcome {
  if (outcome.kind === "answer" || outcome.usage !== null || received.length === 0) return outcome;
  const pieces = textPieces(Buffer.concat(received).toString("utf8"));
  return pieces.length === 0 ? outcome : { ...outcome, streamedTokens: estimateTokens(pieces.join(""), provider) };
}
