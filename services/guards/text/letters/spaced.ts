/**
 * Letters set apart (`i g n o r e`, `i.g.n.o.r.e`, one a line) are joined to
 * words again. The gap that stands between most letters of a stretch belongs to
 * the letters; a wider or another one to the words. Where all gaps are the same,
 * the words are told apart by `split-words.ts`.
 */
import type { FoldedText } from "../fold.ts";
import { Rewriter, type Reading } from "../rewriter.ts";

interface Stretch {
  /** Places in `folded` of the single letters, ascending. */
  readonly letters: readonly number[];
}

const fewestLetters = 4;
/** A longer gap, in folded units, ends a stretch. */
const widestGap = 4;

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
    if (letters.length >= fewestLetters) stretches.push({ letters });
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

/** Letters, digits and the signs that stand for letters; everything beyond ASCII that is not white space or a known mark. */
function isLetter(folded: string, at: number): boolean {
  const unit = folded.charCodeAt(at);
  if (unit < 0x80) return letters[unit] === 1;
  return unit !== 0xb7 && unit !== 0x2022 && unit !== 0x30fb;
}

const letters = Uint8Array.from({ length: 0x80 }, (_, unit) => (/[a-z0-9@$]/.test(String.fromCharCode(unit)) ? 1 : 0));

function joinStretch(text: FoldedText, { letters: places }: Stretch, rewriter: Rewriter): void {
  const gaps = places.slice(1).map((place, index) => gapBetween(text, places[index] ?? 0, place));
  const usual = commonest(gaps);
  if (usual === null) return;
  gaps.forEach((gap, index) => {
    const from = (places[index] ?? 0) + 1;
    const to = places[index + 1] ?? from;
    rewriter.replace(from, to, gap === usual ? "" : wordGap(gap, usual));
  });
}

/** Accents and what cannot be seen. */
const unmarked = /[^\s\x21-\x7e\xb7\u2022\u30fb]/g;

/** What stands between two letters, with as much white space as in the original. */
function gapBetween(text: FoldedText, from: number, to: number): string {
  if (text.offsets === null) return text.folded.slice(from + 1, to);
  const start = text.offsets[from] ?? 0;
  const end = text.offsets[to] ?? 0;
  if (end - start > 4 * widestGap || end <= start) return text.folded.slice(from + 1, to);
  const written = Array.from(text.original.slice(start, end)).slice(1).join("");
  return written.replace(unmarked, "") || text.folded.slice(from + 1, to);
}

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
 * usual gap on either side; white space beyond that parts two words.
 */
function wordGap(gap: string, usual: string): string {
  const signs = gap.replace(/\s+/g, "");
  if (usual.trim() !== "") return /\s/.test(gap.replace(usual, "")) || signs === "" ? " " : signs.replaceAll(usual, "");
  if (signs === "") return " ";
  const before = /^\s*/.exec(gap)?.[0].length ?? 0;
  const behind = /\s*$/.exec(gap)?.[0].length ?? 0;
  return (before > usual.length ? " " : "") + signs + (behind > usual.length ? " " : "");
}
