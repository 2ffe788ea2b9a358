/**
 * A text as the vectors that the linear model is trained on: one per window,
 * windows side by side, in the same features and the same scaling as the
 * scoring in services/guards/model.
 */
import { blockSize, hashText, type HashedText } from "../../services/guards/model/features.ts";
import { windowLength } from "../../services/guards/model/windows.ts";
import { fold } from "../../services/guards/text/fold.ts";

/** Places below `blockSize` are of the character block, those above of the word block. */
export interface Vector {
  readonly places: Uint16Array;
  readonly values: Float32Array;
}

export const dimensions = 2 * blockSize;

/** At least one vector for a text with a token, none for one without. A last window of little text joins the one before. */
export function vectorsOf(text: string): readonly Vector[] {
  const hashed = hashText(fold(text).folded);
  const vectors: Vector[] = [];
  for (let from = 0; from < hashed.tokens;) {
    let to = from + 1;
    while (to < hashed.tokens && placeOf(hashed, to + 1) - placeOf(hashed, from) <= windowLength) to++;
    if (placeOf(hashed, hashed.tokens) - placeOf(hashed, to) < windowLength / 4) {
      // What is left would be too little to judge by: the last window ends with the text.
      while (to < hashed.tokens && from < to - 1) {
        to++;
        if (placeOf(hashed, to) - placeOf(hashed, from) > windowLength) from++;
      }
    }
    vectors.push(vectorOf(hashed, from, to));
    from = to;
  }
  return vectors;
}

function placeOf({ places }: HashedText, token: number): number {
  return places[token] ?? 0;
}

function vectorOf({ chars, charsFrom, words, wordsFrom }: HashedText, from: number, to: number): Vector {
  const blocks = [
    scaled(chars.subarray(charsFrom[from], charsFrom[to]), 0),
    scaled(words.subarray(wordsFrom[from], wordsFrom[to]), blockSize),
  ];
  const entries = blocks.flat();
  return {
    places: Uint16Array.from(entries, ([place]) => place),
    values: Float32Array.from(entries, ([, value]) => value),
  };
}

/** Log counts, as a vector of length one. */
function scaled(features: Uint16Array, offset: number): readonly (readonly [number, number])[] {
  const counts = new Map<number, number>();
  for (const feature of features) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  let squares = 0;
  for (const count of counts.values()) squares += Math.log1p(count) ** 2;
  const length = Math.sqrt(squares);
  return Array.from(counts, ([feature, count]) => [feature + offset, Math.log1p(count) / length]);
}
