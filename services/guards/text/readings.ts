/**
 * The other ways to read a folded text, for every guard that looks for words:
 * what is hidden in it or written in a code, its letters set apart or replaced
 * by digits, turned or misspelt. A plain text has none, and that is seen in two
 * passes over it. At most six readings; each is linear in the text's length.
 * A finding in a reading stands in the original where its letters come from, or
 * in the whole of what was decoded.
 */
import { decode } from "./decode/decoded.ts";
import { revealHidden } from "./decode/hidden.ts";
import type { FoldedText } from "./fold.ts";
import { excerpt } from "./excerpt.ts";
import { readLeet } from "./letters/leet.ts";
import { joinSpacedLetters } from "./letters/spaced.ts";
import type { Reading } from "./rewriter.ts";
import { signsOf, type Signs } from "./signs.ts";
import { readWords, type WordSigns } from "./words/read-words.ts";
import { correctWords, partGluedWords, turnReversed, turnRot13, unlinkWords } from "./words/reworded.ts";

export type { Reading } from "./rewriter.ts";

/** Several guards read the same folded text: what was read once is kept as long as the text is. */
const known = new WeakMap<FoldedText, readonly Reading[]>();

export function readings(text: FoldedText): readonly Reading[] {
  const read = known.get(text) ?? readAnew(text);
  known.set(text, read);
  return read;
}

function readAnew(text: FoldedText): readonly Reading[] {
  const found: Reading[] = [];
  const signs = signsOf(text.folded);
  readFurther(text, signs, found);
  const hidden = text.changes.includes("invisible") || text.changes.includes("tags") ? revealHidden(text) : null;
  const decoded = hidden === null ? decode(text, signs) : (decode(hidden) ?? hidden);
  if (decoded !== null && !readFurther(decoded, signsOf(decoded.folded), found)) found.push(decoded);
  return found.map(excerpt);
}

/** Adds what can be read further in a text; whether its letters or words could be. */
function readFurther(text: FoldedText, signs: Signs, found: Reading[]): boolean {
  const words = readWords(text.folded);
  const clear = readLetters(text, signs);
  const meant = clear === null ? readMeant(text, words) : (readMeant(clear, readWords(clear.folded)) ?? clear);
  if (meant !== null) found.push(meant);
  for (const turned of [turnRot13(text, words), turnReversed(text, words)]) {
    if (turned !== null) found.push(readMeant(turned, readWords(turned.folded)) ?? turned);
  }
  return meant !== null;
}

/** Null when every letter is written as itself and in its place. */
function readLetters(text: FoldedText, { spaced, leet }: Signs): Reading | null {
  const joined = spaced ? joinSpacedLetters(text) : null;
  return leet || joined !== null ? (readLeet(joined ?? text) ?? joined) : null;
}

/** Null when no words are linked, glued or misspelt. */
function readMeant(text: FoldedText, signs: WordSigns): Reading | null {
  const unlinked = signs.linked.length > 0 ? unlinkWords(text, signs) : null;
  const words = unlinked === null ? signs : readWords(unlinked.folded);
  const parted = partGluedWords(unlinked ?? text, words) ?? unlinked;
  if (parted === null) return correctWords(text, words);
  return correctWords(parted, readWords(parted.folded)) ?? parted;
}
