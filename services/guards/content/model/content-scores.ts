/**
 * The linear models of the content guard: how much a text reads like sexual
 * content, and how much like somebody who hurts himself or is told how. Each
 * judges the worst window of the worst reading. Deterministic, linear in the
 * text's length. Which scores mean what is set by the training.
 */
import { decodeBlock, type PackedBlock } from "../../model/decode-weights.ts";
import type { LinearWeights } from "../../model/windows.ts";
import { worstWindows } from "../../model/worst-windows.ts";
import type { FoldedText, Span } from "../../text/fold.ts";
import { contentWeights } from "./weights.ts";

/** Changes with every training; findings carry it. */
export const contentModelVersion: string = contentWeights.version;

export interface ContentScore {
  readonly category: "sexual" | "self_harm";
  /** 0 to 1. */
  readonly score: number;
  /** As suspicious as one innocent sample in a hundred; below, as two in a hundred. */
  readonly certain: boolean;
  /** Of the window, in the original. */
  readonly span: Span;
}

interface PackedModel {
  readonly bias: number;
  readonly chars: PackedBlock;
  readonly words: PackedBlock;
}

function unpacked({ bias, chars, words }: PackedModel): LinearWeights {
  return { bias, chars: decodeBlock(chars), words: decodeBlock(words) };
}

const categories = ["sexual", "self_harm"] as const;
const models = categories.map((category) => unpacked(contentWeights[category]));

/** Of each category whose score is at least doubtful. */
export function contentScores(text: FoldedText): readonly ContentScore[] {
  return worstWindows(text, models).flatMap(({ logit, span }, model): readonly ContentScore[] => {
    const category = categories[model];
    if (category === undefined || logit <= contentWeights[category].doubtfulAt) return [];
    const certain = logit > contentWeights[category].certainAt;
    return [{ category, score: 1 / (1 + Math.exp(-logit)), certain, span }];
  });
}
