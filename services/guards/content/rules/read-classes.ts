/**
 * Reads a folded sentence as a string of one letter a word, the letter of the
 * word's class in the lexicon, or a full stop for a word without one; a phrase
 * of several words is one letter. Rules are patterns over such strings: short,
 * and blind to what a sentence is about. Linear.
 */
import type { Span } from "../../text/fold.ts";
import { lexicon } from "./lexicon.ts";

export interface ClassedSentence {
  /** One letter a word or phrase. */
  readonly letters: string;
  /** Of each letter, where its word or phrase stands in the folded text. */
  readonly places: readonly Span[];
}

/** How many words the longest phrase has that begins with a word. */
const longestFrom: ReadonlyMap<string, number> = [...lexicon.keys()].reduce((longest, phrase) => {
  const words = phrase.split(" ");
  const first = words[0] ?? "";
  return longest.set(first, Math.max(words.length, longest.get(first) ?? 0));
}, new Map<string, number>());

const word = /[a-z0-9'$@]+/g;
const unknown = ".";

export function readClasses(folded: string, { start, end }: Span): ClassedSentence {
  const words = [...folded.slice(start, end).matchAll(word)].map(({ 0: text, index }) => ({ text, at: start + index }));
  const letters: string[] = [];
  const places: Span[] = [];
  for (let at = 0; at < words.length;) {
    const { count, found } = longestPhrase(words, at);
    const last = words[at + count - 1];
    const place = { start: words[at]?.at ?? start, end: (last?.at ?? start) + (last?.text.length ?? 0) };
    for (const letter of found) {
      letters.push(letter);
      places.push(place);
    }
    at += count;
  }
  return { letters: letters.join(""), places };
}

interface Word {
  readonly text: string;
  readonly at: number;
}

function longestPhrase(words: readonly Word[], at: number): { readonly count: number; readonly found: string } {
  const longest = longestFrom.get(words[at]?.text ?? "") ?? 0;
  for (let count = Math.min(longest, words.length - at); count > 0; count--) {
    const phrase = words.slice(at, at + count).map(({ text }) => text);
    const found = lexicon.get(phrase.join(" "));
    if (found !== undefined) return { count, found };
  }
  return { count: 1, found: unknown };
}
