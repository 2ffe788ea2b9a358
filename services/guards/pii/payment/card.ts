/**
 * Payment card numbers: 12 to 19 digits of a known issuer with a valid Luhn
 * checksum (12 only near a word that says what they are), written in one piece or in the groups that cards are printed in.
 * Versions, UUIDs, hashes, decimals and timestamps are not cards: a number
 * inside a longer token, or with an impossible grouping, is left alone.
 */
import { issuedLengths } from "./card-issuers.ts";
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { textBefore } from "../surroundings.ts";
import { luhn } from "../checksums.ts";

const leastDigits = 12;
/** Numbers of 12 digits are common: these need a word nearby. */
const weakDigits = 12;
const contextWord = /\b(?:card|cc|credit|debit|maestro)\b/;
const mostDigits = 19;

export function findCards(text: PiiText): readonly PiiSpan[] {
  const { starts, ends } = text;
  const found: PiiSpan[] = [];
  for (let first = 0; first < starts.length;) {
    const run = runFrom(text, first);
    for (let at = first; run.digits.length >= leastDigits && at < run.end;) {
      const last = cardFrom(text, run, at);
      if (last !== null)
        found.push({ entity: "card", confidence: "validated", start: starts[at] ?? 0, end: ends[last] ?? 0 });
      at = (last ?? at) + 1;
    }
    first = run.end;
  }
  return found;
}

/** Groups of digits with one separator between neighbours: all numbers that could belong together. */
interface Run {
  /** Index of its first group and of the one after its last. */
  readonly first: number;
  readonly end: number;
  /** Empty when they are too few. */
  readonly digits: string;
  /** How many digits of the run stand before each group. */
  readonly offsets: readonly number[];
}

function runFrom({ folded, starts, ends }: PiiText, first: number): Run {
  let end = first + 1;
  while (starts[end] === (ends[end - 1] ?? 0) + 1 && isSeparator(folded.charCodeAt(ends[end - 1] ?? 0))) end++;
  const offsets: number[] = [];
  let count = 0;
  for (let at = first; at < end; at++) {
    offsets.push(count);
    count += sizeOf(starts, ends, at);
  }
  const digits = count < leastDigits ? "" : folded.slice(starts[first], ends[end - 1]).replaceAll(/[^0-9]/g, "");
  return { first, end, digits, offsets };
}

/** Space, line feed, dash, point, slash or underscore. */
function isSeparator(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || (unit >= 0x2d && unit <= 0x2f) || unit === 0x5f;
}

/** Index of the last group of the longest card that begins with this group, or null. At most 19 groups are looked at. */
function cardFrom(
  { folded, starts, ends }: PiiText,
  { first, end, digits, offsets }: Run,
  head: number,
): number | null {
  const offset = offsets[head - first] ?? 0;
  const start = starts[head] ?? 0;
  const lengths = issuedLengths(digits.slice(offset, offset + 4));
  if (lengths === 0 || joinsTo(folded.charAt(start - 1), folded.charAt(start - 2))) return null;
  const headSize = sizeOf(starts, ends, head);
  let even = true;
  let best: number | null = null;
  for (let last = head; last < end; last++) {
    const size = sizeOf(starts, ends, last);
    const length = (offsets[last - first] ?? 0) - offset + size;
    if (length > mostDigits) break;
    if (last > head + 1) even &&= sizeOf(starts, ends, last - 1) === headSize;
    if (length < leastDigits || (lengths & (1 << length)) === 0 || !luhn(digits.slice(offset, offset + length)))
      continue;
    if (!(even && size <= headSize) && !isPrinted(starts, ends, { head, last })) continue;
    const stop = ends[last] ?? 0;
    if (joinsTo(folded.charAt(stop), folded.charAt(stop + 1))) continue;
    if (otherCode.test(textBefore(folded, start, 16))) return null;
    if (length > weakDigits || hasContext(folded, start)) best = last;
  }
  return best;
}

/** Codes of goods, books and devices have a check digit too, some of them Luhn's. */
const otherCode = /\b(?:ean|upc|gtin|isbn|imei|meid|barcode|iccid)(?:-?1[0345])?[ :#-]{0,3}$/;

function hasContext(text: string, start: number): boolean {
  return contextWord.test(textBefore(text, start));
}

function sizeOf(starts: readonly number[], ends: readonly number[], at: number): number {
  return (ends[at] ?? 0) - (starts[at] ?? 0);
}

const printedForms: ReadonlySet<string> = new Set(["4-6-5", "4-6-4", "4-4-5", "6-13", "8-8", "4-4-4-4-1", "4-4-4-4-2"]);

/** The printed forms of 14 and 15 digits and a few more; cards of even groups, or in one piece, need none of them. */
function isPrinted(
  starts: readonly number[],
  ends: readonly number[],
  { head, last }: { readonly head: number; readonly last: number },
): boolean {
  if (last - head > 4) return false;
  const sizes: number[] = [];
  for (let at = head; at <= last; at++) sizes.push(sizeOf(starts, ends, at));
  return printedForms.has(sizes.join("-"));
}

/**
 * No letter or digit stands beside a card. In a chain of dashes or points it
 * has to be the whole chain; slashes and colons join it to digits only.
 */
function joinsTo(neighbour: string, beyond: string): boolean {
  if (neighbour === "" || neighbour === " " || neighbour === "\n") return false;
  if (neighbour === "-" || neighbour === ".") return letterOrDigit.test(beyond);
  if (neighbour === "/" || neighbour === ":") return digit.test(beyond);
  return wordCharacter.test(neighbour);
}

const letterOrDigit = /[a-z0-9]/;
const digit = /\d/;
const wordCharacter = /[\p{L}\p{N}_]/u;
