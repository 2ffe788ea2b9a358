/**
 * The passage of the context that says most of what a claim says, by the
 * share of the claim's content words that it holds. Passages are counted
 * through the index, so a claim costs its own length times a constant.
 */
import type { Word } from "../text/read-words.ts";
import type { ContextIndex } from "./index-context.ts";

export interface Closest {
  readonly passage: number;
  /** Share of the claim's content stems in that passage, 0 to 1, rare ones counting for more. */
  readonly overlap: number;
  /** The same for the passage with the one before and the one after. */
  readonly around: number;
}

export function closestPassage({ postings }: ContextIndex, words: readonly Word[]): Closest | null {
  const stems = new Set(words.flatMap(({ stem, kind }) => (kind === "function" ? [] : [stem])));
  const alone = new Map<number, number>();
  const around = new Map<number, number>();
  let total = 0;
  for (const stem of stems) {
    const places = postings.get(stem) ?? [];
    const weight = 1 / (1 + Math.log(1 + places.length));
    total += weight;
    let reached = -1;
    for (const passage of places) {
      add(alone, passage, weight);
      // Places ascend: what a neighbour has been given for this stem is not given again.
      for (let near = Math.max(passage - 1, reached + 1); near <= passage + 1; near++) add(around, near, weight);
      reached = passage + 1;
    }
  }
  const [passage, own] = most(alone);
  return passage === null ? null : { passage, overlap: own / total, around: most(around)[1] / total };
}

function add(counts: Map<number, number>, key: number, weight: number): void {
  counts.set(key, (counts.get(key) ?? 0) + weight);
}

function most(counts: ReadonlyMap<number, number>): readonly [number | null, number] {
  let best: number | null = null;
  let highest = 0;
  for (const [key, count] of counts) if (count > highest) [best, highest] = [key, count];
  return [best, highest];
}
