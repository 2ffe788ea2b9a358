/**
 * Folds a text once, before every guard: compatibility forms (NFKD), accents,
 * invisible characters, letters that look like others, case and white space.
 * Keeps for every folded character where it stood, so that a finding is placed
 * exactly in the text as it was written. Linear; the same for every call.
 */
import { confusables, digitZeros, digraphs } from "./confusables.ts";

export interface FoldedText {
  readonly original: string;
  /** Lower case; a run of white space is one space, or one line feed if it held one. */
  readonly folded: string;
  /** Per folded UTF-16 unit, the offset of the original code point it came from; null when the offsets are equal. */
  readonly offsets: Uint32Array | null;
  /** How many code points were dropped as invisible or replaced by a look-alike or compatibility form. */
  readonly altered: number;
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a folded span stands in the original, whole code points. Spans are never empty. */
export function originalSpan(text: FoldedText, start: number, end: number): Span {
  if (text.offsets === null) return { start, end };
  const last = text.offsets[end - 1] ?? text.original.length;
  const width = (text.original.codePointAt(last) ?? 0) > 0xffff ? 2 : 1;
  return { start: text.offsets[start] ?? text.original.length, end: Math.min(last + width, text.original.length) };
}

const drop = "";
const space = 0x20;
const lineFeed = 0x0a;

/** Neither is found: nothing to fold but the case. The commonest text, and the fastest. */
const foldable = /[^\x20-\x7e\n]/;
const doubledSpace = /[ \n][ \n]/;

export function fold(original: string): FoldedText {
  if (!foldable.test(original) && !doubledSpace.test(original)) {
    return { original, folded: original.toLowerCase(), offsets: null, altered: 0 };
  }
  const sink = new Sink(original.length);
  let altered = 0;
  for (let index = 0; index < original.length;) {
    const unit = original.charCodeAt(index);
    if (unit < 0x80) {
      const folded = ascii[unit] ?? 0;
      if (folded === 0) altered++;
      else sink.add(folded, index);
      index++;
      continue;
    }
    const point = original.codePointAt(index) ?? unit;
    const folded = foldCodePoint(point);
    if (folded.altered) altered++;
    for (let part = 0; part < folded.text.length; part++) sink.add(folded.text.charCodeAt(part), index);
    index += point > 0xffff ? 2 : 1;
  }
  return { original, ...sink.finish(), altered };
}

/** Collects folded units with their offsets and joins runs of white space. */
class Sink {
  private units: Uint16Array;
  private places: Uint32Array;
  private length = 0;
  private last = 0;

  constructor(expected: number) {
    this.units = new Uint16Array(expected + 16);
    this.places = new Uint32Array(expected + 16);
  }

  add(unit: number, place: number): void {
    if ((unit === space || unit === lineFeed) && (this.last === space || this.last === lineFeed)) {
      if (unit === lineFeed) this.units[this.length - 1] = this.last = lineFeed;
      return;
    }
    if (this.length === this.units.length) this.grow();
    this.units[this.length] = this.last = unit;
    this.places[this.length++] = place;
  }

  finish(): Pick<FoldedText, "folded" | "offsets"> {
    const folded = utf16.decode(this.units.subarray(0, this.length));
    return { folded, offsets: this.places.slice(0, this.length) };
  }

  /** One code point can fold to several units: a text can grow. */
  private grow(): void {
    const units = new Uint16Array(this.units.length * 2);
    units.set(this.units);
    this.units = units;
    const places = new Uint32Array(this.places.length * 2);
    places.set(this.places);
    this.places = places;
  }
}

/** Typed arrays are little-endian on every platform that Node supports. */
const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

/** Folded unit of each ASCII character; 0 drops it. */
const ascii = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  if (unit === lineFeed || unit === 0x0d || unit === 0x0b || unit === 0x0c) return lineFeed;
  if (unit === 0x09 || unit === space) return space;
  if (unit < 0x20 || unit === 0x7f) return 0;
  return unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit;
});

interface FoldedPoint {
  readonly text: string;
  /** It is not what lower-casing alone would give. */
  readonly altered: boolean;
}

/** What has been folded before; bounded, so that a hostile text cannot fill the memory. */
const memory = new Map<number, FoldedPoint>();
const memoryLimit = 16_384;

/** One code point folded: nothing when it is invisible, else one or more characters. */
export function foldCodePoint(point: number): FoldedPoint {
  const known = memory.get(point);
  if (known !== undefined) return known;
  const text = foldUnseen(point);
  const folded = { text, altered: text !== String.fromCodePoint(point).toLowerCase() };
  if (memory.size < memoryLimit) memory.set(point, folded);
  return folded;
}

/** Format and control characters, private use, lone surrogates, the unassigned. */
const unseen = /^[\p{Cf}\p{Cc}\p{Co}\p{Cs}\p{Cn}]$/u;

/** Stacked accents (not the vowel signs of Indic scripts), fillers, variation selectors: first and last code points. */
const unseenRanges: readonly (readonly [number, number])[] = [
  [0x300, 0x36f],
  [0x115f, 0x1160],
  [0x180b, 0x180d],
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

const lineSeparator = /^[\u0085\u2028\u2029]$/;

function foldUnseen(point: number): string {
  if (point >= 0xe0020 && point <= 0xe007e) return String.fromCodePoint(point - 0xe0000).toLowerCase();
  if (point >= 0x1f1e6 && point <= 0x1f1ff) return String.fromCodePoint(point - 0x1f1e6 + 0x61);
  if (point >= 0x1f150 && point <= 0x1f169) return String.fromCodePoint(point - 0x1f150 + 0x61);
  if (point >= 0x1f170 && point <= 0x1f189) return String.fromCodePoint(point - 0x1f170 + 0x61);
  if (point >= 0xac00 && point <= 0xd7a3) return String.fromCodePoint(point);
  const written = String.fromCodePoint(point);
  if (lineSeparator.test(written)) return "\n";
  const known = confusables.get(written) ?? digraphs.get(written);
  if (known !== undefined) return known;
  return Array.from(written.normalize("NFKD"), foldPart).join("");
}

function foldPart(part: string): string {
  if (isInvisible(part)) return drop;
  if (/^\s$/u.test(part)) return " ";
  const digit = digitOf(part.codePointAt(0) ?? 0);
  if (digit !== undefined) return digit;
  const lower = (confusables.get(part) ?? digraphs.get(part) ?? part).toLowerCase();
  return Array.from(lower, (letter) => (isInvisible(letter) ? drop : lookAlike(letter))).join("");
}

function lookAlike(letter: string): string {
  return confusables.get(letter) ?? digraphs.get(letter) ?? letter;
}

function digitOf(point: number): string | undefined {
  const zero = digitZeros.find((start) => point >= start && point < start + 10);
  return zero === undefined ? undefined : String(point - zero);
}
