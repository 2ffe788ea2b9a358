/**
 * The words that a text can be read by: those of signatures, frequent ones,
 * their near neighbours, and the short ones between them. Folded, lower case.
 */
import { commonWordsAToL } from "./lists/common-words-a-l.ts";
import { commonWordsMToZ } from "./lists/common-words-m-z.ts";
import { foreignCommonWords, foreignSignatureWords } from "./lists/foreign-words.ts";
import { nearWords } from "./lists/near-words.ts";
import { signatureWords } from "./lists/signature-words.ts";
import { hashOf, WordTable } from "./word-table.ts";

/** English words of one and two letters: too frequent in any garbage to be a sign of anything, but words. */
export const shortWords: readonly string[] =
  "a i am an as at be by do go he if in is it me my no of ok on or so to up us we ai id".split(" ");

export const frequentWords: readonly string[] = [...commonWordsAToL, ...commonWordsMToZ, ...nearWords];

const tableOf = (...lists: readonly (readonly string[])[]): WordTable =>
  new WordTable(lists.flat().map((word) => [word, 0] as const));

const known = tableOf(signatureWords, frequentWords, foreignSignatureWords, foreignCommonWords);
const english = tableOf(signatureWords, frequentWords);
const ofSignatures = tableOf(signatureWords);
const short = tableOf(shortWords);

/** Of three letters and more, in any language. */
export function isKnownHash(hash: number): boolean {
  return known.has(hash);
}

/** Of three letters and more. */
export function isEnglishHash(hash: number): boolean {
  return english.has(hash);
}

export function isShortHash(hash: number): boolean {
  return short.has(hash);
}

export function isKnownWord(word: string): boolean {
  return (word.length < 3 ? short : known).has(hashOf(word));
}

export function isEnglishWord(word: string): boolean {
  return (word.length < 3 ? short : english).has(hashOf(word));
}

/** English. */
export function isSignatureWord(word: string): boolean {
  return ofSignatures.has(hashOf(word));
}
