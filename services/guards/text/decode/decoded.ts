/**
 * The text with everything decoded that is written in a code, codes within codes
 * included. Bounded: four layers, and no layer is longer than what it decodes
 * but for what folding its letters adds.
 */
import { fold, type FoldedText } from "../fold.ts";
import { Rewriter, type Reading } from "../rewriter.ts";
import { signsOf, type Signs } from "../signs.ts";
import { findBase64 } from "./base64.ts";
import type { EncodedPart } from "./encoded-part.ts";
import { findEscapes } from "./escapes.ts";
import { findNumberCodes } from "./numbers.ts";

const maxLayers = 4;

/** Null when nothing was decoded. `signs` are those of the text, where they are known. */
export function decode(text: FoldedText, signs: Signs = signsOf(text.folded)): Reading | null {
  let reading: Reading | null = null;
  let source: FoldedText = text;
  if (!signs.encoded && !signs.escaped) return null;
  let cased = casedOf(text);
  for (let layer = 0; layer < maxLayers; layer++) {
    const parts = layer === 0 || mayBeEncoded(source.folded) ? encodedParts(cased) : [];
    if (parts.length === 0) break;
    const rewriter = new Rewriter(source);
    let next = "";
    let copied = 0;
    for (const { start, end, text: said } of parts) {
      const view = fold(said);
      rewriter.replace(start, end, view.folded);
      next += cased.slice(copied, start) + casedOf(view);
      copied = end;
    }
    cased = next + cased.slice(copied);
    reading = rewriter.finish(parts.map(({ how }) => how)) ?? reading;
    source = reading ?? source;
  }
  return reading;
}

function mayBeEncoded(folded: string): boolean {
  const { encoded, escaped } = signsOf(folded);
  return encoded || escaped;
}

/** Escapes first, since other codes can be written with them. In order, without overlap: of two that overlap the one that begins first, then the longer. */
function encodedParts(cased: string): EncodedPart[] {
  const escapes = findEscapes(cased);
  const found = escapes.length > 0 ? escapes : [...findNumberCodes(cased), ...findBase64(cased)];
  const kept: EncodedPart[] = [];
  for (const part of found.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    if (part.start >= (kept.at(-1)?.end ?? 0)) kept.push(part);
  }
  return kept;
}

/** The folded text with the capitals of the original: codes tell them apart. Same length. */
function casedOf(text: FoldedText): string {
  const { original, folded, offsets } = text;
  if (offsets === null) return original;
  const units = new Uint16Array(folded.length);
  for (let at = 0; at < folded.length; at++) {
    const unit = folded.charCodeAt(at);
    units[at] = isCapital(original.charCodeAt(offsets[at] ?? 0)) ? unit - 0x20 : unit;
  }
  return utf16.decode(units);
}

/** Of ASCII or full-width, folded to a small letter of ASCII. */
function isCapital(unit: number): boolean {
  return (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xff21 && unit <= 0xff3a);
}

const utf16 = new TextDecoder("utf-16le", { ignoreBOM: true });
