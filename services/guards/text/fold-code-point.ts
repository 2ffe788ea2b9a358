/**
 * Folds one code point: to nothing when it is invisible, else to the lower-case
 * letters, digits or signs that people take it for, and says what kind of
 * change that was. A change of case alone is none. Remembers what it has folded.
 */
import { confusables, digitZeros, digraphs } from "./confusables.ts";

/** What folding can undo; the place in this list is the bit in `changes`. */
export const foldChanges = ["invisible", "confusables", "compatibility", "accents", "tags", "punctuation"] as const;

/** invisible: characters without a width; tags: the invisible Unicode alphabet; punctuation: typographic quotes, dashes, spaces. */
export type FoldChange = (typeof foldChanges)[number];

export interface FoldedPoint {
  readonly text: string;
  /** Bits in the order of `foldChanges`; 0 when it is what lower-casing alone gives. */
  readonly changes: number;
}

/** What has been folded before; bounded, so that a hostile text cannot fill the memory. */
const memory = new Map<number, FoldedPoint>();
const memoryLimit = 16_384;

/** One code point folded: nothing when it is invisible, else one or more characters. */
export function foldCodePoint(point: number): FoldedPoint {
  const known = memory.get(point);
  if (known !== undefined) return known;
  const text = foldUnseen(point);
  const folded = { text, changes: changeOf(point, text) };
  if (memory.size < memoryLimit) memory.set(point, folded);
  return folded;
}

export function changeBit(change: FoldChange): number {
  return 1 << foldChanges.indexOf(change);
}

function changeOf(point: number, folded: string): number {
  const written = String.fromCodePoint(point);
  if (folded === written.toLowerCase()) return 0;
  if (isTag(point)) return changeBit("tags");
  if (folded === "") return changeBit(/^\p{Mn}$/u.test(written) && point < 0xfe00 ? "accents" : "invisible");
  if (!/[\p{L}\p{N}]/u.test(folded)) return changeBit("punctuation");
  if (confusables.has(written) || digraphs.has(written)) return changeBit("confusables");
  const canonical = written.normalize("NFD");
  if (written.normalize("NFKD") !== canonical) return changeBit("compatibility");
  if (canonical !== written) return changeBit("accents");
  return changeBit(/^\d+$/.test(folded) || enclosed(point) !== undefined ? "compatibility" : "confusables");
}

function isTag(point: number): boolean {
  return point >= 0xe0020 && point <= 0xe007e;
}

/** Format and control characters, private use, lone surrogates, the unassigned. */
const unseen = /^[\p{Cf}\p{Cc}\p{Co}\p{Cs}\p{Cn}]$/u;

/** Stacked accents (not the vowel signs of Indic scripts), fillers, variation selectors: first and last code points. */
const unseenRanges: readonly (readonly [number, number])[] = [
  [0x300, 0x36f],
  [0x483, 0x489],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xffa0, 0xffa0],
  [0xe0100, 0xe01ef],
];

function isInvisible(letter: string): boolean {
  const point = letter.codePointAt(0) ?? 0;
  return unseen.test(letter) || unseenRanges.some(([first, last]) => point >= first && point <= last);
}

/** Runs of letters or digits in a frame that NFKD leaves, or would give its brackets too: first, last, what the first reads. */
const frames: readonly (readonly [number, number, string])[] = [
  [0x1f1e6, 0x1f1ff, "a"],
  [0x1f150, 0x1f169, "a"],
  [0x1f170, 0x1f189, "a"],
  [0x1f110, 0x1f129, "a"],
  [0x249c, 0x24b5, "a"],
  [0x2776, 0x277e, "1"],
  [0x2780, 0x2788, "1"],
  [0x278a, 0x2792, "1"],
  [0x24f5, 0x24fd, "1"],
];

function enclosed(point: number): string | undefined {
  const frame = frames.find(([first, last]) => point >= first && point <= last);
  return frame === undefined ? undefined : String.fromCharCode(frame[2].charCodeAt(0) + point - frame[0]);
}

const lineSeparator = /^[\u0085\u2028\u2029]$/;

function foldUnseen(point: number): string {
  if (isTag(point)) return String.fromCodePoint(point - 0xe0000).toLowerCase();
  const framed = enclosed(point);
  if (framed !== undefined) return framed;
  if (point >= 0xac00 && point <= 0xd7a3) return String.fromCodePoint(point);
  const written = String.fromCodePoint(point);
  if (lineSeparator.test(written)) return "\n";
  const known = lookAlike(written);
  if (known !== written) return known;
  return Array.from(written.normalize("NFKD"), foldPart).join("");
}

function foldPart(part: string): string {
  if (isInvisible(part)) return "";
  if (/^[\s\u2800]$/u.test(part)) return " ";
  const digit = digitOf(part.codePointAt(0) ?? 0);
  if (digit !== undefined) return digit;
  return Array.from(lookAlike(part).toLowerCase(), (letter) => (isInvisible(letter) ? "" : lookAlike(letter))).join("");
}

function lookAlike(letter: string): string {
  return confusables.get(letter) ?? digraphs.get(letter) ?? letter;
}

function digitOf(point: number): string | undefined {
  const zero = digitZeros.find((start) => point >= start && point < start + 10);
  return zero === undefined ? undefined : String(point - zero);
}
