/**
 * Texts hidden in characters that cannot be seen: bytes in variation selectors
 * behind an emoji, bits in two kinds of zero-width characters, and letters of
 * the Unicode tag alphabet. Folding drops the first two and reads tags in their
 * place; here each stands apart from the visible words around it.
 */
import { fold, type FoldedText, type Span } from "../fold.ts";
import { Rewriter, type Reading } from "../rewriter.ts";
import { readableText } from "./encoded-part.ts";
import { findRuns } from "./runs.ts";

interface HiddenText {
  readonly span: Span;
  readonly text: string;
  readonly how: string;
}

interface Alphabet {
  readonly first: RegExp;
  readonly more: RegExp;
}

const alphabet = (letter: string, fewest: number): Alphabet => ({
  first: new RegExp(`(?:${letter}){${fewest},256}`, "g"),
  more: new RegExp(`(?:${letter}){1,256}`, "y"),
});

const selectors = alphabet(String.raw`[\ufe00-\ufe0f]|\udb40[\udd00-\uddef]`, 4);
const zeroWidth = alphabet(String.raw`[\u200b-\u200f\u2060-\u2064\u180e\ufeff]`, 16);
const tags = alphabet(String.raw`\udb40[\udc20-\udc7e]`, 2);

/** Null when nothing is hidden. */
export function revealHidden(text: FoldedText): Reading | null {
  const { original, changes } = text;
  const invisible = changes.includes("invisible");
  const found = [
    ...(invisible ? hiddenBy(original, selectors, "variation-selectors", bytesOfSelectors) : []),
    ...(invisible ? hiddenBy(original, zeroWidth, "zero-width", bytesOfBits) : []),
    ...(changes.includes("tags") ? tagRuns(original) : []),
  ].toSorted((left, right) => left.span.start - right.span.start);
  if (found.length === 0) return null;
  const rewriter = new Rewriter(text);
  let at = 0;
  for (const { span, text: said } of found) {
    at = placeOf(text, span.start, at);
    rewriter.put(at, said, span);
  }
  return rewriter.finish([...new Set(found.map(({ how }) => how))]);
}

function hiddenBy(
  original: string,
  { first, more }: Alphabet,
  how: string,
  read: (run: string) => Uint8Array,
): HiddenText[] {
  return findRuns(original, first, more).flatMap(({ start, end, text }) => {
    const said = readableText(read(text));
    return said === null ? [] : [{ span: { start, end }, text: ` ${fold(said).folded} `, how }];
  });
}

/** A space before and behind: the letters stand there already. */
function tagRuns(original: string): HiddenText[] {
  return findRuns(original, tags.first, tags.more).flatMap(({ start, end }) => {
    const before = { span: { start, end: start + 2 }, text: " ", how: "tags" };
    return [before, ...(end < original.length ? [{ ...before, span: { start: end, end: end + 1 } }] : [])];
  });
}

/** The first folded unit that comes from `offset` of the original or later, not before `from`. */
function placeOf(text: FoldedText, offset: number, from: number): number {
  if (text.offsets === null) return Math.min(offset, text.folded.length);
  let low = from;
  let high = text.folded.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((text.offsets[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first sixteen selectors and the 240 of the supplement count from 0 to 255. */
function bytesOfSelectors(run: string): Uint8Array {
  return Uint8Array.from(run, (selector) => {
    const point = selector.codePointAt(0) ?? 0;
    return point < 0x10000 ? point - 0xfe00 : point - 0xe0100 + 16;
  });
}

/** The two kinds that are commonest are the bits; a third one sets letters apart. The smaller code is 0, unless that reads as nothing. */
function bytesOfBits(run: string): Uint8Array {
  const counts = new Map<string, number>();
  for (const character of run) counts.set(character, (counts.get(character) ?? 0) + 1);
  const [first, second] = [...counts].toSorted((left, right) => right[1] - left[1]).map(([character]) => character);
  if (first === undefined || second === undefined) return new Uint8Array(0);
  const [zero, one] = first < second ? [first, second] : [second, first];
  const bits = Array.from(run).filter((character) => character === zero || character === one);
  const read = (unit: string) =>
    Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, byte) =>
      bits.slice(byte * 8, byte * 8 + 8).reduce((value, bit) => value * 2 + (bit === unit ? 1 : 0), 0),
    );
  const straight = read(one);
  return readableText(straight) === null ? read(zero) : straight;
}
