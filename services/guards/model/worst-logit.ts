/**
 * The highest logit of a folded text and of every other way to read it, so
 * that what is spaced out, encoded or misspelt is judged as what it says.
 */
import type { FoldedText } from "../text/fold.ts";
import { readings } from "../text/readings.ts";
import { TextHasher } from "./features.ts";
import { highestLogit, type LinearWeights } from "./windows.ts";

/** Used by one text after the other. */
const hasher = new TextHasher();

/** Minus infinity when there is nothing to read. */
export function worstLogit(text: FoldedText, weights: LinearWeights): number {
  let worst = highestLogit(hasher.hash(text.folded), weights);
  for (const { folded } of readings(text)) worst = Math.max(worst, highestLogit(hasher.hash(folded), weights));
  return worst;
}
