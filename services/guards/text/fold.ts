/**
 * Folds a text once, before every guard: compatibility forms (NFKD), accents,
 * invisible characters, letters that look like others, case and white space.
 * Keeps for every folded character where it stood, so that a finding is placed
 * exactly in the text as it was written. Linear; the same for every call.
 */
import { changeBit, foldChanges, foldCodePoint, type FoldChange } from "./fold-code-point.ts";

export { foldCodePoint };

export interface FoldedText {
  readonly original: string;
  /** Lower case; a run of white space is one space, or one line feed if it held one. */
  readonly folded: string;
  /** Per folded UTF-16 unit, the offset of the original code point it came from; null when the offsets are equal. */
  readonly offsets: Uint32Array | null;
  /** How many code points were dropped as invisible or replaced by a look-alike or compatibility form. */
  readonly altered: number;
  /** What kinds of change those were. */
  readonly changes: readonly FoldChange[];
  /** Parts that were decoded as a whole: original offset of the start of each, and of its end. Absent when there are none. */
  readonly parts?: ReadonlyMap<number, number>;
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
  const until = text.parts?.get(last) ?? last + width;
  return { start: text.offsets[start] ?? text.original.length, end: Math.min(until, text.original.length) };
}

/** How the letters of a folded span were disguised in the original, if they were; typographic signs are no disguise. */
export function disguisesIn(text: FoldedText, start: number, end: number): readonly FoldChange[] {
  if (text.altered === 0) return unchanged;
  const span = originalSpan(text, start, end);
  return fold(text.original.slice(span.start, span.end)).changes.filter((change) => change !== "punctuation");
}

const space = 0x20;
const lineFeed = 0x0a;

/** Neither is found: nothing to fold but the case. The commonest text, and the fastest. */
const foldable = /[^\x20-\x7e\n]/;
const doubledSpace = /[ \n][ \n]/;

export function fold(original: string): FoldedText {
  if (!foldable.test(original) && !doubledSpace.test(original)) {
    return { original, folded: original.toLowerCase(), offsets: null, altered: 0, changes: unchanged };
  }
  const sink = new Sink(original.length);
  let altered = 0;
  let changes = 0;
  for (let index = 0; index < original.length;) {
    const unit = original.charCodeAt(index);
    if (unit < 0x80) {
      const folded = ascii[unit] ?? 0;
      if (folded !== 0) sink.add(folded, index);
      else {
        altered++;
        changes |= invisible;
      }
      index++;
      continue;
    }
    const point = original.codePointAt(index) ?? unit;
    const folded = foldCodePoint(point);
    if (folded.changes !== 0) altered++;
    changes |= folded.changes;
    for (let part = 0; part < folded.text.length; part++) sink.add(folded.text.charCodeAt(part), index);
    index += point > 0xffff ? 2 : 1;
  }
  return { original, ...sink.finish(), altered, changes: changesOf(changes) };
}

const unchanged: readonly FoldChange[] = [];
const invisible = changeBit("invisible");

function changesOf(bits: number): readonly FoldChange[] {
  return bits === 0 ? unchanged : foldChanges.filter((_, place) => (bits & (1 << place)) !== 0);
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
