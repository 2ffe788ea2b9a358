/** MAC addresses (IEEE 802): six pairs of hex digits with one kind of separator, or three groups of four as Cisco writes. */
import type { PiiSpan } from "../entity.ts";
import type { PiiText, Word } from "../pii-text.ts";

const pairs = /[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}/y;
const quads = /[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}/y;

export function findMacs({ folded, words }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  let last = 0;
  for (const word of words) {
    if (!isMarked(folded, word)) continue;
    for (const start of startsAround(folded, word.start, last)) {
      const end = endOf(pairs, folded, start) || endOf(quads, folded, start);
      if (end === 0 || /[\p{L}\p{N}_:-]/u.test(folded.charAt(start - 1))) continue;
      if (/[\p{L}\p{N}_]/u.test(folded.charAt(end)) || /^[:-][0-9a-f]/.test(folded.slice(end, end + 2))) continue;
      found.push({ entity: "mac", confidence: "validated", start, end });
      last = end;
      break;
    }
  }
  return found;
}

/** A pair with a mark beside it, or a group of four with a point after it. */
function isMarked(folded: string, { start, end }: Word): boolean {
  if (end - start === 4) return folded.charAt(end) === ".";
  return end - start === 2 && (isMark(folded.charCodeAt(end)) || isMark(folded.charCodeAt(start - 1)));
}

function isMark(unit: number): boolean {
  return unit === 0x3a || unit === 0x2d;
}

/** A pair of letters alone is no word with a digit: the address may begin up to five pairs earlier. */
function startsAround(folded: string, start: number, last: number): readonly number[] {
  const starts: number[] = [];
  for (let at = start; at >= last && start - at <= 15; at -= 3) {
    starts.push(at);
    if (!/^[a-f]{2}[:-]$/.test(folded.slice(Math.max(0, at - 3), at))) break;
  }
  return start < last ? [] : starts.toReversed();
}

function endOf(pattern: RegExp, folded: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(folded) ? pattern.lastIndex : 0;
}
