/**
 * The words that a text can be read by: those of signatures, frequent English
 * ones, their near neighbours, and the short ones between them. All lower case.
 */
import { commonWordsAToL } from "./common-words-a-l.ts";
import { commonWordsMToZ } from "./common-words-m-z.ts";
import { nearWords } from "./near-words.ts";
import { foreignSignatureWords, signatureWords } from "./signature-words.ts";
import { hashOf, WordTable } from "./word-table.ts";

/** Words of one and two letters: too frequent in any garbage to be a sign of anything, but words. */
export const shortWords: readonly string[] =
  "a i am an as at be by do go he if in is it me my no of ok on or so to up us we ai id".split(" ");

const asEntries = (words: readonly string[]) => words.map((word) => [word, 0] as const);

const known = new WordTable(
  asEntries([...signatureWords, ...foreignSignatureWords, ...commonWordsAToL, ...commonWordsMToZ, ...nearWords]),
);

const ofSignatures = new WordTable(asEntries(signatureWords));

const short = new WordTable(asEntries(shortWords));

/** Of three letters and more. */
export function isKnownHash(hash: number): boolean {
  return known.has(hash);
}

export function isKnownWord(word: string): boolean {
  return (word.length < 3 ? short : known).has(hashOf(word));
}

export function isShortHash(hash: number): boolean {
  return short.has(hash);
}

export function isSignatureWord(word: string): boolean {
  return ofSignatures.has(hashOf(word));
}
