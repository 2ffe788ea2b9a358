/**
 * The linear model as a guard: how much a text reads like an attempt to take
 * over the instructions. A second signal beside the signatures: it knows no
 * rule, so it tells a score and two levels, and the policy decides what they
 * do. Deterministic, linear in the text's length.
 */
import type { FoldedText } from "../text/fold.ts";
import { decodeBlock } from "./decode-weights.ts";
import { packedWeights } from "./weights.ts";
import type { LinearWeights } from "./windows.ts";
import { worstLogit } from "./worst-windows.ts";

/** Changes with every training; findings carry it. */
export const modelVersion: string = packedWeights.version;

export interface InjectionScore {
  /** 0 to 1, of the worst window of the worst reading; where it flags and blocks is set by the training. */
  readonly score: number;
  /** As suspicious as about one honest text in a hundred. */
  readonly flagged: boolean;
  /** More suspicious than any honest text seen in training. */
  readonly blocked: boolean;
}

const weights: LinearWeights = {
  chars: decodeBlock(packedWeights.chars),
  words: decodeBlock(packedWeights.words),
  bias: packedWeights.bias,
};

export function scoreInjection(text: FoldedText): InjectionScore {
  const logit = worstLogit(text, weights);
  const { flagAt, blockAt } = packedWeights;
  return { score: 1 / (1 + Math.exp(-logit)), flagged: logit >= flagAt, blocked: logit >= blockAt };
}
