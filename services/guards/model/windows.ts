/**
 * Slides a window over the features of a text and hands out the model's logit
 * of each: a long text is judged by its worst part, so that an attack is not
 * thinned out by what stands around it. Each feature enters and leaves once:
 * linear, whatever the overlap.
 */
import { blockSize, type HashedText } from "./features.ts";

export interface LinearWeights {
  /** Each `blockSize` long, in the unit of the logit. */
  readonly chars: Float32Array;
  readonly words: Float32Array;
  readonly bias: number;
}

/** Characters a window spans at most, and after how many the next one is judged. */
export const windowLength = 500;
export const windowStride = 125;

/** No feature can stand in a window more often than this: three n-grams a character, the longest token included. */
const mostCounted = 4_096;
const logCount = Float64Array.from({ length: mostCounted }, (_, count) => Math.log1p(count));

/** One block of a window: how often each feature stands in it, and the sums that its logit needs. */
class Block {
  private readonly counts = new Uint16Array(blockSize);
  private dot = 0;
  private squares = 0;

  add(weights: Float32Array, feature: number): void {
    const before = this.counts[feature] ?? 0;
    this.counts[feature] = before + 1;
    this.change(weights[feature] ?? 0, logCount[before] ?? 0, logCount[before + 1] ?? 0);
  }

  remove(weights: Float32Array, feature: number): void {
    const before = this.counts[feature] ?? 0;
    this.counts[feature] = before - 1;
    this.change(weights[feature] ?? 0, logCount[before] ?? 0, logCount[before - 1] ?? 0);
  }

  private change(weight: number, from: number, to: number): void {
    this.dot += weight * (to - from);
    this.squares += to * to - from * from;
  }

  /** The block's share of the logit, with the features scaled to length one. */
  part(): number {
    return this.squares > shortest ? this.dot / Math.sqrt(this.squares) : 0;
  }

  clear(): void {
    this.dot = 0;
    this.squares = 0;
  }
}

/** Below this only rounding is left. */
const shortest = 1e-6;

/** Used by one call after the other; every count is back at zero when a call ends. */
const charBlock = new Block();
const wordBlock = new Block();

/** The highest logit of all windows; minus infinity for a text without tokens. */
export function highestLogit(text: HashedText, weights: LinearWeights): number {
  let highest = -Infinity;
  let from = 0;
  let judgedAt = 0;
  charBlock.clear();
  wordBlock.clear();
  for (let token = 0; token < text.tokens; token++) {
    const end = text.places[token + 1] ?? 0;
    if (end - (text.places[from] ?? 0) > windowLength && token > from) {
      if (end - judgedAt >= windowStride) {
        highest = Math.max(highest, logit(weights));
        judgedAt = end;
      }
      for (; end - (text.places[from] ?? 0) > windowLength && from < token; from++) shift(text, weights, from, -1);
    }
    shift(text, weights, token, 1);
  }
  if (text.tokens > 0) highest = Math.max(highest, logit(weights));
  for (; from < text.tokens; from++) shift(text, weights, from, -1);
  return highest;
}

function logit({ bias }: LinearWeights): number {
  return bias + charBlock.part() + wordBlock.part();
}

function shift(text: HashedText, weights: LinearWeights, token: number, direction: 1 | -1): void {
  const { chars, charsFrom, words, wordsFrom } = text;
  const charsEnd = charsFrom[token + 1] ?? 0;
  const wordsEnd = wordsFrom[token + 1] ?? 0;
  if (direction === 1) {
    for (let index = charsFrom[token] ?? 0; index < charsEnd; index++) charBlock.add(weights.chars, chars[index] ?? 0);
    for (let index = wordsFrom[token] ?? 0; index < wordsEnd; index++) wordBlock.add(weights.words, words[index] ?? 0);
  } else {
    for (let index = charsFrom[token] ?? 0; index < charsEnd; index++)
      charBlock.remove(weights.chars, chars[index] ?? 0);
    for (let index = wordsFrom[token] ?? 0; index < wordsEnd; index++)
      wordBlock.remove(weights.words, words[index] ?? 0);
  }
}
