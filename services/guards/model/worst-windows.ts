/**
 * The worst window of a folded text and of every other way to read it, so that
 * what is spaced out, encoded or misspelt is judged as what it says. Several
 * models share one reading: the text is hashed once for all of them.
 */
import { originalSpan, type FoldedText } from "../text/fold.ts";
import { readings } from "../text/readings.ts";
import { TextHasher } from "./features.ts";
import { highestWindow, type JudgedWindow, type LinearWeights } from "./windows.ts";

/** Used by one text after the other. */
const hasher = new TextHasher();

/** One a model, in their order, its span in the original; the logit is minus infinity when there is nothing to read. */
export function worstWindows(text: FoldedText, models: readonly LinearWeights[]): readonly JudgedWindow[] {
  let worst: readonly JudgedWindow[] = models.map(() => ({ logit: -Infinity, span: { start: 0, end: 0 } }));
  for (const read of [text, ...readings(text)]) {
    const hashed = hasher.hash(read.folded);
    worst = worst.map((before, model) => {
      const weights = models[model];
      if (weights === undefined) return before;
      const { logit, span } = highestWindow(hashed, weights);
      return logit > before.logit ? { logit, span: originalSpan(read, span.start, span.end) } : before;
    });
  }
  return worst;
}

/** Of one model, where only the logit counts. */
export function worstLogit(text: FoldedText, weights: LinearWeights): number {
  return worstWindows(text, [weights])[0]?.logit ?? -Infinity;
}
