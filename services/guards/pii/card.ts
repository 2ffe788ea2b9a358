/**
 * Payment card numbers: 13 to 19 digits of a known issuer with a valid Luhn
 * checksum, written in one piece or in the groups that cards are printed in.
 * Versions, UUIDs, hashes, decimals and timestamps are not cards: a number
 * inside a longer token, or with an impossible grouping, is left alone.
 */
import { issuerOf } from "./card-issuers.ts";
import type { PiiSpan } from "./entity.ts";

const leastDigits = 13;
const mostDigits = 19;

export function findCards(folded: string): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (const run of digitRuns(folded)) {
    for (let first = 0; first < run.length;) {
      const last = cardFrom(folded, run, first);
      const start = run[first]?.start;
      const end = last === null ? undefined : run[last]?.end;
      if (last !== null && start !== undefined && end !== undefined) {
        found.push({ entity: "card", confidence: "validated", start, end });
        first = last + 1;
      } else first++;
    }
  }
  return found;
}

/** The Luhn checksum (ISO/IEC 7812-1, annex B). */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digits.charCodeAt(digits.length - 1 - at) - 48;
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}

interface Group {
  readonly start: number;
  readonly end: number;
}

/** Groups of digits with at most one separator between them: all numbers that could belong together. */
function* digitRuns(text: string): Generator<readonly Group[]> {
  let run: Group[] = [];
  for (const match of text.matchAll(/\d{1,40}/g)) {
    const start = match.index;
    const before = run.at(-1);
    if (before !== undefined && !(start === before.end + 1 && /[ \n.\-_/]/.test(text.charAt(before.end)))) {
      yield run;
      run = [];
    }
    run.push({ start, end: start + match[0].length });
  }
  if (run.length > 0) yield run;
}

/** Index of the last group of the longest card that begins with this group, or null. At most 19 groups are looked at. */
function cardFrom(text: string, run: readonly Group[], first: number): number | null {
  const head = run[first];
  if (head === undefined || !issuedDigits.has(text.charAt(head.start))) return null;
  if (joinsTo(text.charAt(head.start - 1), text.charAt(head.start - 2))) return null;
  let digits = "";
  let best: number | null = null;
  for (let last = first; last < run.length && digits.length < mostDigits; last++) {
    const group = run[last];
    if (group === undefined || digits.length + group.end - group.start > mostDigits) break;
    digits += text.slice(group.start, group.end);
    if (digits.length < leastDigits || !plausibleGroups(run, first, last)) continue;
    if (joinsTo(text.charAt(group.end), text.charAt(group.end + 1))) continue;
    if (issuerOf(digits) !== null && luhn(digits)) best = last;
  }
  return best;
}

const issuedDigits: ReadonlySet<string> = new Set("2345689");
const printedForms: ReadonlySet<string> = new Set(["4-6-5", "4-6-4", "4-4-5", "6-13", "8-8", "4-4-4-4-1", "4-4-4-4-2"]);

/** In one piece, digit by digit, 4-4-4-4 and its like, or the printed forms of 14 and 15 digits. */
function plausibleGroups(run: readonly Group[], first: number, last: number): boolean {
  const size = (index: number) => (run[index]?.end ?? 0) - (run[index]?.start ?? 0);
  const head = size(first);
  let even = size(last) <= head;
  for (let index = first + 1; index < last && even; index++) even = size(index) === head;
  if (even || last - first > 4) return even;
  const sizes: number[] = [];
  for (let index = first; index <= last; index++) sizes.push(size(index));
  return printedForms.has(sizes.join("-"));
}

/**
 * No letter, digit or joining mark stands beside a card: in a chain of dashes,
 * points, slashes or colons it has to be the whole chain.
 */
function joinsTo(neighbour: string, beyond: string): boolean {
  if (neighbour === "" || neighbour === " " || neighbour === "\n") return false;
  if (joint.test(neighbour)) return letterOrDigit.test(beyond);
  return wordCharacter.test(neighbour);
}

const joint = /[-./:]/;
const letterOrDigit = /[a-z0-9]/;
const wordCharacter = /[\p{L}\p{N}_]/u;
