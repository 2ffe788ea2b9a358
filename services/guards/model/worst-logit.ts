/**
 * The highest logit of a folded text and of every other way to read it, so
 * that what is spaced out, encoded or misspelt is judged as what it says.
 */
import type { FoldedText } from "../text/fold.ts";
import { readings } from "../text/readings.ts";
import { hashText } from "./features.ts";
import { highestLogit, type LinearWeights } from "./windows.ts";

/** Minus infinity when there is nothing to read. */
export function worstLogit(text: FoldedText, weights: LinearWeights): number {
  let worst = highestLogit(hashText(text.folded), weights);
  for (const { folded } of readings(text)) worst = Math.max(worst, highestLogit(hashText(folded), weights));
  return worst;
}
