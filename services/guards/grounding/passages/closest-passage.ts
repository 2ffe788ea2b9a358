/**
 * The passage of the context that says most of what a claim says, by the
 * share of the claim's content words that it holds. Passages are counted
 * through the index, so a claim costs its own length times a constant.
 */
import type { Word } from "../text/read-words.ts";
import type { Passage } from "./index-context.ts";

export interface Closest {
  readonly passage: number;
  /** Share of the claim's content stems in that passage, 0 to 1, rare ones counting for more. */
  readonly overlap: number;
  /** The same for the best passage together with the one before and the one after. */
  readonly around: number;
  /** What a word that the context does not know weighs, as a share of the claim. */
  readonly unknown: number;
}

/** `before`: only passages of which the last word stands before this one; for a text that is its own context. */
export type FindClosest = (words: readonly Word[], before?: number) => Closest | null;

export function closestIn(postings: ReadonlyMap<string, readonly number[]>, passages: readonly Passage[]): FindClosest {
  const alone = new Tally(passages.length);
  const around = new Tally(passages.length + 2);
  return (words, before = Infinity) => {
    const stems = new Set<string>();
    for (const { stem, kind } of words) if (kind !== "function") stems.add(stem);
    let total = 0;
    for (const stem of stems) {
      const places = postings.get(stem) ?? nowhere;
      const weight = 1 / (1 + Math.log(1 + places.length));
      total += weight;
      let next = 0;
      for (const passage of places) {
        if ((passages[passage]?.sentence.last ?? 0) > before) break;
        alone.add(passage, weight);
        // Shifted by one, so that the first passage has a neighbour. Places ascend: each neighbour is given a stem once.
        for (next = Math.max(next, passage); next <= passage + 2; next++) around.add(next, weight);
      }
    }
    const [passage, own] = alone.takeMost();
    const [, widest] = around.takeMost();
    return own === 0 ? null : { passage, overlap: own / total, around: widest / total, unknown: 1 / total };
  };
}

const nowhere: readonly number[] = [];

/** Counts kept in one array for all claims; taking the most empties it again. */
class Tally {
  private readonly counts: Float64Array;
  private readonly touched: number[] = [];

  constructor(size: number) {
    this.counts = new Float64Array(size);
  }

  add(at: number, weight: number): void {
    const before = this.counts[at] ?? 0;
    if (before === 0) this.touched.push(at);
    this.counts[at] = before + weight;
  }

  takeMost(): readonly [at: number, count: number] {
    let [best, highest] = [0, 0];
    for (const at of this.touched) {
      const count = this.counts[at] ?? 0;
      if (count > highest) [best, highest] = [at, count];
      this.counts[at] = 0;
    }
    this.touched.length = 0;
    return [best, highest];
  }
}
