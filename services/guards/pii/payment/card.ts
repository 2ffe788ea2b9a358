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
  const { folded } = text;
  const found: PiiSpan[] = [];
  for (const run of digitRuns(text)) {
    for (let first = 0; first < run.groups.length;) {
      const last = cardFrom(folded, run, first);
      const start = run.groups[first]?.start;
      const end = last === null ? undefined : run.groups[last]?.end;
      if (last !== null && start !== undefined && end !== undefined) {
        found.push({ entity: "card", confidence: "validated", start, end });
        first = last + 1;
      } else first++;
    }
  }
  return found;
}

interface Group {
  readonly start: number;
  readonly end: number;
  /** How many digits of the run stand before it. */
  readonly offset: number;
}

/** Groups of digits with one separator between neighbours: all numbers that could belong together. */
interface Run {
  readonly groups: readonly Group[];
  readonly digits: string;
}

function* digitRuns({ folded, starts, ends }: PiiText): Generator<Run> {
  let groups: Group[] = [];
  let pieces: string[] = [];
  let digits = 0;
  for (const [index, start] of starts.entries()) {
    const before = groups.at(-1);
    if (before !== undefined && !(start === before.end + 1 && separator.test(folded.charAt(before.end)))) {
      if (digits >= leastDigits) yield { groups, digits: pieces.join("") };
      [groups, pieces, digits] = [[], [], 0];
    }
    const end = ends[index] ?? start;
    groups.push({ start, end, offset: digits });
    pieces.push(folded.slice(start, end));
    digits += end - start;
  }
  if (digits >= leastDigits) yield { groups, digits: pieces.join("") };
}

const separator = /[ \n.\-_/]/;

/** Index of the last group of the longest card that begins with this group, or null. At most 19 groups are looked at. */
function cardFrom(text: string, { groups, digits }: Run, first: number): number | null {
  const head = groups[first];
  if (head === undefined) return null;
  const lengths = issuedLengths(digits.slice(head.offset, head.offset + 4));
  if (lengths === 0) return null;
  if (joinsTo(text.charAt(head.start - 1), text.charAt(head.start - 2))) return null;
  let even = true;
  let best: number | null = null;
  for (let last = first; last < groups.length; last++) {
    const group = groups[last];
    const before = groups[last - 1];
    if (group === undefined) break;
    const length = group.offset - head.offset + sizeOf(group);
    if (length > mostDigits) break;
    if (last > first + 1 && before !== undefined) even &&= sizeOf(before) === sizeOf(head);
    if (length < leastDigits || (lengths & (1 << length)) === 0) continue;
    if (!(even && sizeOf(group) <= sizeOf(head)) && !isPrinted(groups, first, last)) continue;
    if (!luhn(digits.slice(head.offset, head.offset + length))) continue;
    if (joinsTo(text.charAt(group.end), text.charAt(group.end + 1))) continue;
    if (otherCode.test(textBefore(text, head.start, 16))) return null;
    if (length > weakDigits || hasContext(text, head.start)) best = last;
  }
  return best;
}

/** Codes of goods, books and devices have a check digit too, some of them Luhn's. */
const otherCode = /\b(?:ean|upc|gtin|isbn|imei|meid|barcode|iccid)(?:-?1[0345])?[ :#-]{0,3}$/;

function hasContext(text: string, start: number): boolean {
  return contextWord.test(textBefore(text, start));
}

function sizeOf({ start, end }: Group): number {
  return end - start;
}

const printedForms: ReadonlySet<string> = new Set(["4-6-5", "4-6-4", "4-4-5", "6-13", "8-8", "4-4-4-4-1", "4-4-4-4-2"]);

/** The printed forms of 14 and 15 digits and a few more; cards of even groups, or in one piece, need none of them. */
function isPrinted(groups: readonly Group[], first: number, last: number): boolean {
  if (last - first > 4) return false;
  const sizes = groups.slice(first, last + 1).map(sizeOf);
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
