/**
 * A folded text as the rules read it: surveyed once for its digits, so that a
 * text without any costs one pass, and a rule looks only where digits stand.
 * The case of letters can be had back where a value depends on it.
 */
import type { FoldedText } from "../text/fold.ts";

/** Letters a-z and digits in one piece, with at least one digit. */
export interface Word {
  readonly start: number;
  readonly end: number;
}

export interface PiiText {
  readonly folded: string;
  /** Of each run of digits the start, and its end at the same index of `ends`. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly words: readonly Word[];
  /** The folded text between two offsets, its letters in the case in which they were written; as long as the folded one. */
  cased(start: number, end: number): string;
}

const digits = /\d+/g;

/** `folded` stands in for the text's own when parts of it are masked; it has the same offsets. */
export function readPiiText(text: FoldedText, folded: string = text.folded): PiiText {
  const starts: number[] = [];
  const ends: number[] = [];
  digits.lastIndex = 0;
  while (digits.test(folded)) {
    let start = digits.lastIndex - 1;
    while (isDigit(folded.charCodeAt(start - 1))) start--;
    starts.push(start);
    ends.push(digits.lastIndex);
  }
  let words: readonly Word[] | undefined;
  return {
    folded,
    starts,
    ends,
    get words() {
      return (words ??= readWords(folded, starts));
    },
    cased: (start, end) => casedSlice(text, folded, start, end),
  };
}

function readWords(folded: string, starts: readonly number[]): readonly Word[] {
  const words: Word[] = [];
  let last = 0;
  for (const digit of starts) {
    if (digit < last) continue;
    let start = digit;
    let end = digit;
    while (start > last && isAlphanumeric(folded.charCodeAt(start - 1))) start--;
    while (isAlphanumeric(folded.charCodeAt(end))) end++;
    words.push({ start, end });
    last = end;
  }
  return words;
}

function casedSlice(text: FoldedText, folded: string, start: number, end: number): string {
  const { original, offsets } = text;
  if (offsets === null && folded === text.folded) return original.slice(start, end);
  let cased = "";
  for (let at = start; at < end; at++) {
    const written = original.charAt(offsets === null ? at : (offsets[at] ?? 0));
    const unit = folded.charAt(at);
    cased += written.toLowerCase() === unit ? written : unit;
  }
  return cased;
}

/** False beyond the text's end, where charCodeAt gives NaN. */
export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

export function isAlphanumeric(unit: number): boolean {
  return isDigit(unit) || (unit >= 0x61 && unit <= 0x7a);
}
