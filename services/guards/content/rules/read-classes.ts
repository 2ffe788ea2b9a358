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

/** What the words so far are: a phrase with letters, the beginning of longer ones, or both. */
interface Known {
  readonly letters: string | null;
  readonly goesOn: boolean;
}

const known: ReadonlyMap<string, Known> = [...lexicon].reduce((all, [phrase, letters]) => {
  all.set(phrase, { letters, goesOn: all.get(phrase)?.goesOn ?? false });
  for (let end = phrase.lastIndexOf(" "); end > 0; end = phrase.lastIndexOf(" ", end - 1)) {
    const begun = phrase.slice(0, end);
    all.set(begun, { letters: all.get(begun)?.letters ?? null, goesOn: true });
  }
  return all;
}, new Map<string, Known>());

const unknown = ".";

export function readClasses(folded: string, sentence: Span): ClassedSentence {
  const words = wordsOf(folded, sentence);
  let letters = "";
  const places: Span[] = [];
  for (let at = 0; at < words.length;) {
    const { count, found } = longestPhrase(folded, words, at);
    const place = { start: words[at]?.start ?? 0, end: words[at + count - 1]?.end ?? 0 };
    letters += found;
    for (let letter = 0; letter < found.length; letter++) places.push(place);
    at += count;
  }
  return { letters, places };
}

/** A phrase of the lexicon is found whatever stands between its words. */
function longestPhrase(folded: string, words: readonly Span[], at: number) {
  let longest = { count: 1, found: unknown };
  let phrase = "";
  for (let count = 1; at + count <= words.length; count++) {
    const { start, end } = words[at + count - 1] ?? { start: 0, end: 0 };
    const word = folded.slice(start, end);
    phrase = count === 1 ? word : `${phrase} ${word}`;
    const entry = known.get(phrase);
    if (entry === undefined) break;
    if (entry.letters !== null) longest = { count, found: entry.letters };
    if (!entry.goesOn) break;
  }
  return longest;
}

function wordsOf(folded: string, { start, end }: Span): readonly Span[] {
  const words: Span[] = [];
  for (let at = start; at < end;) {
    if (!isInWord(folded.charCodeAt(at))) {
      at++;
      continue;
    }
    let until = at + 1;
    while (until < end && isInWord(folded.charCodeAt(until))) until++;
    words.push({ start: at, end: until });
    at = until;
  }
  return words;
}

const apostrophe = 0x27;

function isInWord(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === apostrophe;
}
