/**
 * Cuts a folded text into sentences as ranges of its words: at a full stop,
 * question or exclamation mark before white space, and before a line that
 * does not begin small. No cut after an abbreviation, an initial or a list's number. A sentence has at
 * most `longest` words. Linear; every word is in exactly one sentence.
 */
import type { FoldedText } from "../../text/fold.ts";
import type { Word } from "./read-words.ts";

export interface Sentence {
  /** Words from `first` up to and without `last`. */
  readonly first: number;
  readonly last: number;
}

/** A table or a log has no stops. */
export const longest = 60;

const abbreviations = new Set(
  `mr mrs ms dr prof st jr sr vs etc inc ltd co corp no nos vol fig ca approx dept est gen col sgt capt lt rev hon gov
  sen rep jan feb mar apr jun jul aug sep sept oct nov dec bzw ca nr str usw z.b d.h u.a mio mrd bspw ggf sog evtl p pp ed eds al`.split(
    /\s+/,
  ),
);

export function sentencesOf({ folded }: FoldedText, words: readonly Word[]): readonly Sentence[] {
  const sentences: Sentence[] = [];
  let first = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) continue;
    const next = words[at + 1];
    if (next !== undefined && at + 1 - first < longest && !isEnd(folded, word, next)) continue;
    sentences.push({ first, last: at + 1 });
    first = at + 1;
  }
  return sentences;
}

function isEnd(folded: string, word: Word, next: Word): boolean {
  // What stands between two words is looked at once, so the whole is linear.
  for (let at = word.end; at < next.start; at++) {
    const unit = folded.charCodeAt(at);
    if (unit === 0x0a) return next.case !== "small";
    if (unit === 0x3002 || unit === 0xff01 || unit === 0xff1f) return true;
    if (unit === 0x21 || unit === 0x3f) return isSpace(folded, at + 1, next.start);
    if (unit === 0x2e && isSpace(folded, at + 1, next.start)) return !isOpen(word, next);
  }
  return false;
}

/** White space, or a closing quotation mark or bracket before it. */
function isSpace(folded: string, at: number, end: number): boolean {
  if (at > end) return false;
  const unit = folded.charCodeAt(at);
  if (unit === 0x20 || unit === 0x0a) return true;
  return (unit === 0x22 || unit === 0x27 || unit === 0x29 || unit === 0x5d) && at + 1 < end;
}

function isOpen(word: Word, next: Word): boolean {
  if (abbreviations.has(word.text)) return next.case !== "small" ? word.text.length < 5 && word.text !== "etc" : true;
  if (word.kind === "number") return next.case === "small" && next.kind !== "number";
  return word.text.length === 1 && word.case !== "small";
}
