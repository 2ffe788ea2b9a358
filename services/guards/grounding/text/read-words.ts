/**
 * The words of a folded text, each with its stem and whether it was written
 * with a capital letter. An abbreviation with dots is one word (`U.S.` is `us`),
 * an apostrophe inside a word belongs to it, a Chinese or Japanese character is
 * a word of its own. Linear.
 */
import type { FoldedText } from "../../text/fold.ts";
import { languagesWith } from "./function-words.ts";
import { stem } from "./stem.ts";

export interface Word {
  /** Folded, without the dots of an abbreviation. */
  readonly text: string;
  readonly stem: string;
  /** Offsets into the folded text. */
  readonly start: number;
  readonly end: number;
  /** How it was written: with a capital first, with capitals only, or small. */
  readonly case: "small" | "capital" | "capitals";
  readonly kind: "content" | "function" | "number";
}

const letter = 1;
const digit = 2;
const ideograph = 3;

export function readWords(text: FoldedText): readonly Word[] {
  const { folded } = text;
  const words: Word[] = [];
  for (let at = 0; at < folded.length;) {
    const kind = kindOf(folded.charCodeAt(at));
    if (kind === 0) {
      at++;
      continue;
    }
    const end = kind === ideograph ? at + 1 : kind === digit ? endOfDigits(folded, at) : endOfLetters(folded, at);
    words.push(wordAt(text, at, end));
    at = end;
  }
  return words;
}

function wordAt(text: FoldedText, start: number, end: number): Word {
  const written = text.folded.slice(start, end);
  const plain = written.includes(".") ? written.replaceAll(".", "") : written;
  const first = plain.charCodeAt(0);
  const number = first >= 0x30 && first <= 0x39;
  return {
    text: plain,
    stem: number ? plain : stem(plain),
    start,
    end,
    case: caseOf(text, start, end),
    kind: number ? "number" : languagesWith(plain).length > 0 ? "function" : "content",
  };
}

function caseOf({ original, offsets }: FoldedText, start: number, end: number): Word["case"] {
  const letterAt = (at: number): string => original.charAt(offsets === null ? at : (offsets[at] ?? 0));
  if (!isCapital(letterAt(start))) return "small";
  return end - start > 1 && (isCapital(letterAt(end - 1)) || letterAt(end - 1) === ".") ? "capitals" : "capital";
}

function isCapital(letter: string): boolean {
  return letter !== letter.toLowerCase();
}

/** A letter and a digit may stand in one word (`covid19`, `h1n1`), a dot only between single letters. */
function endOfLetters(folded: string, start: number): number {
  let end = start + 1;
  for (; end < folded.length; end++) {
    const unit = folded.charCodeAt(end);
    const kind = kindOf(unit);
    if (kind === letter || kind === digit) continue;
    const next = kindOf(folded.charCodeAt(end + 1));
    if (unit === 0x27 && next === letter) continue;
    if (unit === 0x2e && isAbbreviation(folded, start, end)) continue;
    break;
  }
  return folded.charCodeAt(end - 1) === 0x2e && end - start === 2 ? end - 1 : end;
}

/** `u.s.` and `j.k.`: a single letter before the dot, and a letter, or nothing more, behind it. */
function isAbbreviation(folded: string, start: number, dot: number): boolean {
  const single = dot - start === 1 || folded.charCodeAt(dot - 2) === 0x2e;
  if (!single) return false;
  const follows = kindOf(folded.charCodeAt(dot + 1)) === letter && kindOf(folded.charCodeAt(dot + 2)) !== letter;
  return follows || dot - start >= 3;
}

function endOfDigits(folded: string, start: number): number {
  let end = start + 1;
  while (end < folded.length && kindOf(folded.charCodeAt(end)) === digit) end++;
  return end;
}

function kindOf(unit: number): number {
  if (unit >= 0x61 && unit <= 0x7a) return letter;
  if (unit >= 0x30 && unit <= 0x39) return digit;
  if (!(unit > 0x7f)) return 0;
  if ((unit >= 0x3040 && unit <= 0x30ff) || (unit >= 0x3400 && unit <= 0x9fff)) return ideograph;
  if (unit < 0xc0 || (unit >= 0x2000 && unit <= 0x2bff) || (unit >= 0x3000 && unit <= 0x303f)) return 0;
  return unit >= 0xfe30 && unit <= 0xfe6f ? 0 : letter;
}
