/**
 * A folded text with nothing left but its letters and digits, and where each
 * stood: however a value was spaced, punctuated, set in Markdown or spread over
 * lines, it reads the same. Linear.
 */
import { originalSpan, type FoldedText, type Span } from "../text/fold.ts";

export interface Squeezed {
  readonly text: string;
  /** Where it stands in the text as it was written. `start` and `end` are offsets into `text`; never empty. */
  readonly spanOf: (start: number, end: number) => Span;
  /** The folded units beside it, which may be blanks and signs; empty at the text's ends. */
  readonly beside: (start: number, end: number) => readonly [before: string, behind: string];
}

/** `leet`: digits and signs that stand for letters are read as those, so that two spellings are one. */
export function squeeze(from: FoldedText, { leet }: { readonly leet: boolean }): Squeezed {
  const { folded } = from;
  const places = new Uint32Array(folded.length);
  const units = new Uint16Array(folded.length);
  let length = 0;
  for (let index = 0; index < folded.length; index++) {
    const unit = folded.charCodeAt(index);
    const kept = unit < 0x80 ? ((leet ? leetUnits[unit] : plainUnits[unit]) ?? 0) : isLetter(unit) ? unit : 0;
    if (kept === 0) continue;
    units[length] = kept;
    places[length++] = index;
  }
  const placeOf = (at: number): number => places[at] ?? folded.length;
  return {
    text: utf16.decode(units.subarray(0, length)),
    spanOf: (start, end) => originalSpan(from, placeOf(start), placeOf(end - 1) + 1),
    beside: (start, end) => [folded.charAt(placeOf(start) - 1), folded.charAt(placeOf(end - 1) + 1)],
  };
}

/** Beyond ASCII all is kept but signs, punctuation, private use and the halves of pairs, most of which are pictures. */
function isLetter(unit: number): boolean {
  if (unit < 0xc0 || unit === 0xd7 || unit === 0xf7) return false;
  if (unit >= 0x2000 && unit < 0x2c00) return false;
  if (unit >= 0x3000 && unit < 0x3040) return false;
  return unit < 0xd800 || (unit >= 0xf900 && unit < 0xfe00);
}

const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });

const plainUnits = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  /[a-z0-9]/.test(String.fromCharCode(unit)) ? unit : 0,
);

const standsFor: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "l",
  i: "l",
  "3": "e",
  "4": "a",
  "@": "a",
  "5": "s",
  $: "s",
  "7": "t",
};

const leetUnits = plainUnits.map((unit, code) => standsFor[String.fromCharCode(code)]?.charCodeAt(0) ?? unit);
