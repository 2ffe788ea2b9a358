/**
 * Finds the one word that a word is misspelt from, by one slip, signatures' first:
 * two neighbours swapped, a letter dropped, doubled, put in or taken for another.
 * Symmetric deletion (Garbe, 2012): both words are looked up with each of their
 * letters left out, so a look-up costs as many steps as the word has letters.
 */
import { frequentWords } from "./known-words.ts";
import { foreignSignatureWords } from "./lists/foreign-words.ts";
import { signatureWords } from "./lists/signature-words.ts";
import { hashOn, hashPower, WordTable } from "./word-table.ts";

/** Shorter words have too many neighbours. */
export const shortestMisspelt = 4;
export const longestMisspelt = 20;

/** Words of other languages are shorter kin of each other, and frequent words are only corrected beside those of signatures. */
const [shortestForeign, shortestFrequent] = [6, 5];
const english = signatureWords.filter((word) => word.length >= shortestMisspelt);
const foreign = foreignSignatureWords.filter((word) => word.length >= shortestForeign);
const frequent = frequentWords.filter((word) => word.length >= shortestFrequent);
const telling = english.length + foreign.length;
const targets = [...english, ...foreign, ...frequent];

const index = new WordTable(
  targets.flatMap((word, target) => [
    [word, target] as const,
    ...Array.from(word, (_, at) => [word.slice(0, at) + word.slice(at + 1), target] as const),
  ]),
);

export interface Meant {
  readonly word: string;
  /** It is a word of signatures, which alone is reason enough to read the text so. */
  readonly telling: boolean;
}

/** The word meant by what stands from `start` to `end`; null when there is none. It is not asked whether that is a word itself. */
export function misspeltFrom(text: string, start: number, end: number): Meant | null {
  const length = end - start;
  if (length < shortestMisspelt || length > longestMisspelt) return null;
  let whole = 0;
  for (let at = start; at < end; at++) whole = hashOn(whole, text.charCodeAt(at));
  let search: Search | null = null;
  if (index.has(whole)) (search ??= new Search(text, start, end)).consider(whole);
  let before = 0;
  for (let at = start; at < end; at++) {
    const through = hashOn(before, text.charCodeAt(at));
    const power = hashPower(end - at - 1);
    // What follows the letter is the whole without what stands before it; it joins what stands before the letter.
    const without = (Math.imul(before, power) + whole - Math.imul(through, power)) | 0;
    if (index.has(without)) (search ??= new Search(text, start, end)).consider(without);
    before = through;
  }
  return search === null ? null : search.meant();
}

/** The likeliest of the words that a word may have come from. */
class Search {
  private target = targets.length;
  private slip = worst;
  private readonly word: string;

  constructor(text: string, start: number, end: number) {
    this.word = text.slice(start, end);
  }

  consider(hash: number): void {
    for (let place = index.next(hash, index.placeOf(hash)); place >= 0; place = index.next(hash, index.after(place))) {
      const target = index.valueAt(place);
      const slip = slipOf(this.word, targets[target] ?? "");
      if (slip === worst || (target >= english.length && slip > dropped)) continue;
      if (slip > this.slip || (slip === this.slip && target > this.target)) continue;
      this.slip = slip;
      this.target = target;
    }
  }

  meant(): Meant | null {
    const word = targets[this.target];
    return word === undefined ? null : { word, telling: this.target < telling };
  }
}

const worst = 9;
const [swapped, doubled, dropped, putIn, mistaken] = [0, 1, 2, 3, 4];

/** How a word came from `target`, likelier slips first; `worst` when not by one slip that is allowed at its length. */
function slipOf(word: string, target: string): number {
  const difference = word.length - target.length;
  let at = 0;
  while (at < word.length && at < target.length && word.charCodeAt(at) === target.charCodeAt(at)) at++;
  const same = (from: number, to: number) => word.slice(from) === target.slice(to);
  if (difference === -1) return target.length >= 5 && same(at, at + 1) ? dropped : worst;
  if (difference === 1) {
    if (!same(at + 1, at)) return worst;
    if (at > 0 && word.charAt(at) === word.charAt(at - 1)) return doubled;
    // What is put in at the end is an ending: `executes`, `overlooked`.
    return target.length >= 5 && at < target.length ? putIn : worst;
  }
  if (difference !== 0 || at === word.length) return worst;
  const crossed = word.charAt(at) === target.charAt(at + 1) && word.charAt(at + 1) === target.charAt(at);
  if (crossed && same(at + 2, at + 2)) return swapped;
  return word.length >= 6 && at > 0 && same(at + 1, at + 1) ? mistaken : worst;
}
