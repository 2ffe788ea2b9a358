/**
 * Slides a window over the features of a text and finds the one whose logit is
 * highest: a long text is judged by its worst part, so that an attack is not
 * thinned out by what stands around it. Each feature enters and leaves once:
 * linear, whatever the overlap.
 */
import type { Span } from "../text/fold.ts";
import { blockSize, type HashedText } from "./features.ts";

export interface BlockWeights {
  /** In steps, as many as a power of two up to `blockSize`: features that are equal in their lowest bits share one. */
  readonly steps: Int8Array | Float32Array;
  /** What one step adds to the logit. */
  readonly step: number;
}

export interface LinearWeights {
  readonly chars: BlockWeights;
  readonly words: BlockWeights;
  readonly bias: number;
}

/** Characters a window spans at most, and after how many the next one is judged. */
export const windowLength = 500;
export const windowStride = 125;

/** No feature can stand in a window more often than this: two runs a character, the longest token included. */
const mostCounted = 2_048;
const log = (count: number): number => Math.log1p(count);
/** What one more of a feature that stands there so often adds to its value and to the value's square. */
const logRise = Float64Array.from({ length: mostCounted }, (_, count) => log(count + 1) - log(count));
const squareRise = Float64Array.from({ length: mostCounted }, (_, count) => log(count + 1) ** 2 - log(count) ** 2);

/** One block of a window: how often each feature stands in it, and the sums that its logit needs. */
class Block {
  private readonly counts = new Uint16Array(blockSize);
  private steps = 0;
  private squares = 0;

  add({ steps }: BlockWeights, features: Uint16Array, { from, to }: Range): void {
    const { counts } = this;
    const lowest = steps.length - 1;
    for (let index = from; index < to; index++) {
      const feature = features[index] ?? 0;
      const count = counts[feature] ?? 0;
      counts[feature] = count + 1;
      this.steps += (steps[feature & lowest] ?? 0) * (logRise[count] ?? 0);
      this.squares += squareRise[count] ?? 0;
    }
  }

  remove({ steps }: BlockWeights, features: Uint16Array, { from, to }: Range): void {
    const { counts } = this;
    const lowest = steps.length - 1;
    for (let index = from; index < to; index++) {
      const feature = features[index] ?? 0;
      const count = (counts[feature] ?? 0) - 1;
      counts[feature] = count;
      this.steps -= (steps[feature & lowest] ?? 0) * (logRise[count] ?? 0);
      this.squares -= squareRise[count] ?? 0;
    }
  }

  /** The block's share of the logit, with the features scaled to length one. */
  part({ step }: BlockWeights): number {
    return this.squares > shortest ? (this.steps * step) / Math.sqrt(this.squares) : 0;
  }

  /** Forgets the window, whose features these are. */
  clear(features: Uint16Array, { from, to }: Range): void {
    for (let index = from; index < to; index++) this.counts[features[index] ?? 0] = 0;
    this.steps = 0;
    this.squares = 0;
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Below this only rounding is left. */
const shortest = 1e-6;

/** Used by one call after the other; every count is back at zero when a call ends. */
const charBlock = new Block();
const wordBlock = new Block();

export interface JudgedWindow {
  readonly logit: number;
  /** In the folded text. */
  readonly span: Span;
}

/** The window with the highest logit, the first of several; minus infinity for a text without tokens. */
export function highestWindow(text: HashedText, weights: LinearWeights): JudgedWindow {
  const { tokens, places, chars, charsFrom, words, wordsFrom } = text;
  const charRange = (from: number, to: number): Range => ({ from: charsFrom[from] ?? 0, to: charsFrom[to] ?? 0 });
  const wordRange = (from: number, to: number): Range => ({ from: wordsFrom[from] ?? 0, to: wordsFrom[to] ?? 0 });
  let highest = -Infinity;
  let span = nowhere;
  let from = 0;
  /** Tokens before it are in the window, so many tokens at a time as fit. */
  let counted = 0;
  while (counted < tokens) {
    let to = counted + 1;
    const goal = (places[counted] ?? 0) + (counted === 0 ? windowLength : windowStride);
    while (to < tokens && (places[to + 1] ?? 0) <= goal) to++;
    const kept = firstWithin(places, from, to);
    charBlock.remove(weights.chars, chars, charRange(from, Math.min(kept, counted)));
    wordBlock.remove(weights.words, words, wordRange(from, Math.min(kept, counted)));
    charBlock.add(weights.chars, chars, charRange(Math.max(kept, counted), to));
    wordBlock.add(weights.words, words, wordRange(Math.max(kept, counted), to));
    from = kept;
    counted = to;
    const logit = weights.bias + charBlock.part(weights.chars) + wordBlock.part(weights.words);
    if (logit > highest) {
      highest = logit;
      span = { start: places[from] ?? 0, end: places[to] ?? 0 };
    }
  }
  charBlock.clear(chars, charRange(from, counted));
  wordBlock.clear(words, wordRange(from, counted));
  return { logit: highest, span };
}

const nowhere: Span = { start: 0, end: 0 };

/** The first token of the window that ends before token `to`. */
function firstWithin(places: Uint32Array, from: number, to: number): number {
  const end = places[to] ?? 0;
  let first = from;
  while (first < to - 1 && end - (places[first] ?? 0) > windowLength) first++;
  return first;
}
