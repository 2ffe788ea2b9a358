/**
 * Letters set apart (`i g n o r e`, `i.g.n.o.r.e`, one a line) are joined to
 * words again. The gap that stands between most letters of a stretch belongs to
 * the letters; a wider or another one to the words. Where all gaps are the same,
 * the words are told apart by `split-words.ts`.
 */
import { foldCodePoint, type FoldedText } from "../fold.ts";
import { Rewriter, type Reading } from "../rewriter.ts";
import { isPicture } from "../signs.ts";

interface Stretch {
  /** Places in `folded` of the single letters, ascending. */
  readonly letters: readonly number[];
}

const fewestLetters = 4;
/** A longer gap, in folded units, ends a stretch. */
const widestGap = 16;

/** Null when no letters stand apart. */
export function joinSpacedLetters(text: FoldedText): Reading | null {
  const rewriter = new Rewriter(text);
  for (const stretch of stretchesIn(text.folded)) joinStretch(text, stretch, rewriter);
  return rewriter.finish(["spaced"]);
}

function stretchesIn(folded: string): Stretch[] {
  const stretches: Stretch[] = [];
  let letters: number[] = [];
  const close = () => {
    if (letters.length >= fewestLetters && letters.filter((at) => !isDigit(folded, at)).length >= fewestLetters - 1)
      stretches.push({ letters });
    letters = [];
  };
  let run = 0;
  for (let at = 0; at <= folded.length; at++) {
    if (at < folded.length && isLetter(folded, at)) {
      run++;
      continue;
    }
    if (run === 1) {
      if (letters.length > 0 && at - 2 - (letters.at(-1) ?? 0) > widestGap) close();
      letters.push(at - 1);
    } else if (run > 1) close();
    run = 0;
  }
  close();
  return stretches;
}

/** Letters, digits and the signs that stand for letters; everything beyond ASCII that is no picture. */
function isLetter(folded: string, at: number): boolean {
  const unit = folded.charCodeAt(at);
  return unit < 0x80 ? letters[unit] === 1 : !isPicture(unit);
}

const letters = Uint8Array.from({ length: 0x80 }, (_, unit) => (/[a-z0-9@$]/.test(String.fromCharCode(unit)) ? 1 : 0));

function joinStretch(text: FoldedText, { letters: places }: Stretch, rewriter: Rewriter): void {
  const gaps = places.slice(1).map((place, index) => gapBetween(text, places[index] ?? 0, place));
  const usual = commonest(gaps);
  if (usual === null) return;
  if (usual.trim() === "") joinSignsBefore(text.folded, places[0] ?? 0, rewriter);
  gaps.forEach((gap, index) => {
    const from = (places[index] ?? 0) + 1;
    const to = places[index + 1] ?? from;
    rewriter.replace(from, to, gap === usual ? "" : wordGap(gap, usual));
  });
  if (usual.trim() === "") joinSignsBehind(text.folded, (places.at(-1) ?? 0) + 1, rewriter);
}

/** Signs alone that follow the last letter: `p r o m p t . "`. */
function joinSignsBehind(folded: string, from: number, rewriter: Rewriter): void {
  let at = from;
  while (at + 1 < folded.length && at < from + widestGap && isSpace(folded, at) && isSign(folded, at + 1)) {
    if (at + 2 < folded.length && !isSpace(folded, at + 2)) break;
    rewriter.replace(at, at + 1, "");
    at += 2;
  }
}

/** Signs alone that stand before the first letter: `" [ I g n`. */
function joinSignsBefore(folded: string, first: number, rewriter: Rewriter): void {
  let from = first;
  while (from >= 2 && from > first - widestGap && isSpace(folded, from - 1) && isSign(folded, from - 2)) {
    if (from >= 3 && !isSpace(folded, from - 3)) break;
    from -= 2;
  }
  for (let at = from + 1; at < first; at += 2) rewriter.replace(at, at + 1, "");
}

/** Numbers stand apart by nature: scores, years, codes. */
function isDigit(folded: string, at: number): boolean {
  return folded.charCodeAt(at) >= 0x30 && folded.charCodeAt(at) <= 0x39;
}

function isSpace(folded: string, at: number): boolean {
  return folded.charCodeAt(at) === 0x20 || folded.charCodeAt(at) === 0x0a;
}

function isSign(folded: string, at: number): boolean {
  return !isSpace(folded, at) && !isLetter(folded, at);
}

/** What stands between two letters, folded, but with as much white space as in the original. */
function gapBetween(text: FoldedText, from: number, to: number): string {
  const folded = text.folded.slice(from + 1, to);
  if (text.offsets === null) return folded;
  const start = text.offsets[from] ?? 0;
  const end = text.offsets[to] ?? 0;
  if (end - start > 4 * widestGap || end <= start) return folded;
  const written = text.original.slice(start + 1, end);
  if (!beyondAscii.test(text.original.charAt(start) + written)) return written;
  const signs = Array.from(text.original.slice(start, end)).slice(1);
  return signs.map((sign) => (/^\s$/.test(sign) ? sign : foldCodePoint(sign.codePointAt(0) ?? 0).text)).join("");
}

const beyondAscii = /[^\x20-\x7e\n]/;

/** The gap of at least half of all; a formula or a list has no such. */
function commonest(gaps: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const gap of gaps) counts.set(gap, (counts.get(gap) ?? 0) + 1);
  let best: string | null = null;
  for (const [gap, count] of counts) if (count * 2 >= gaps.length && count > (counts.get(best ?? "") ?? 0)) best = gap;
  return best;
}

/**
 * What a gap that is not the usual one says: `don ' t` keeps its apostrophe
 * without spaces, `s .   T` its full stop with one. Each of its signs takes the
 * usual gap on either side; other white space parts two words or lines.
 */
function wordGap(gap: string, usual: string): string {
  if (usual.trim() === "") return gap.replace(/\s+/g, (white) => wordSpace(white, usual));
  const signs = gap.replace(/\s+/g, "");
  return signs === "" || /\s/.test(gap.replace(usual, "")) ? " " : signs.replaceAll(usual, "");
}

function wordSpace(white: string, usual: string): string {
  if (white === usual) return "";
  return white.includes("\n") && !usual.includes("\n") ? "\n" : " ";
}
