/**
 * Cuts a folded text into sentences: at a full stop, question or exclamation
 * mark before white space, and at a line's end where the line is not simply
 * wrapped. A sentence is at most `longest` characters: a longer one is cut at
 * spaces. Linear; every character is in exactly one sentence or between two.
 */
import type { Span } from "../text/fold.ts";

/** A run of text without a stop (a table, a log) is still looked at in parts. */
export const longest = 400;

const lineFeed = 0x0a;
const space = 0x20;
/** A line that is shorter than this, and the lines after a colon, were ended on purpose. */
const wrapWidth = 50;

export function sentencesOf(folded: string): readonly Span[] {
  const sentences: Span[] = [];
  let start = 0;
  let lineStart = 0;
  for (let at = 0; at <= folded.length; at++) {
    const unit = at < folded.length ? folded.charCodeAt(at) : lineFeed;
    const isLine = unit === lineFeed;
    const ends =
      at === folded.length ||
      (isLine && endsLine(folded, lineStart, at)) ||
      (unit === space && endsSentence(folded, at));
    if (isLine) lineStart = at + 1;
    if (!ends) continue;
    addSentence(sentences, folded, { start, end: at });
    start = at + 1;
  }
  return sentences;
}

/** A full stop after a single letter or a number is an abbreviation or a list's number, not an end. */
function endsSentence(folded: string, at: number): boolean {
  let last = at - 1;
  while (last > 0 && isClosing(folded.charCodeAt(last))) last--;
  const unit = folded.charCodeAt(last);
  if (unit === 0x21 || unit === 0x3f || unit === 0x3002) return true;
  if (unit !== 0x2e) return false;
  const before = folded.charCodeAt(last - 1);
  const single = last < 2 || folded.charCodeAt(last - 2) === space || folded.charCodeAt(last - 2) === lineFeed;
  return !(single && isWord(before));
}

function endsLine(folded: string, lineStart: number, at: number): boolean {
  if (at - lineStart < wrapWidth) return true;
  let last = at - 1;
  while (last > lineStart && (folded.charCodeAt(last) === space || isClosing(folded.charCodeAt(last)))) last--;
  return !isWord(folded.charCodeAt(last)) && folded.charCodeAt(last) !== 0x2c;
}

function isWord(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit > 0x7f;
}

/** Quotes, brackets and emphasis that may follow a full stop. */
function isClosing(unit: number): boolean {
  return unit === 0x22 || unit === 0x27 || unit === 0x29 || unit === 0x5d || unit === 0x2a || unit === 0x5f;
}

function addSentence(sentences: Span[], folded: string, { start, end }: Span): void {
  let from = start;
  while (end - from > longest) {
    // Only this stretch is searched: without a space the whole text before it would be, for each stretch again.
    const cut = folded.slice(from, from + longest).lastIndexOf(" ");
    const until = cut > 0 ? from + cut : from + longest;
    sentences.push({ start: from, end: until });
    from = cut > 0 ? until + 1 : until;
  }
  if (end > from) sentences.push({ start: from, end });
}
