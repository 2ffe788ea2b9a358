/**
 * The other ways to read a folded text, for every guard that looks for words:
 * what is hidden in it or written in a code, its letters set apart or replaced
 * by digits, turned or misspelt. A plain text has none, and that is seen in two
 * passes over it. At most five readings; each is linear in the text's length.
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
import { signsOf } from "./signs.ts";
import { readWords } from "./words/read-words.ts";
import { correctWords, partGluedWords, turnReversed, turnRot13 } from "./words/reworded.ts";

export type { Reading } from "./rewriter.ts";

export function readings(text: FoldedText): readonly Reading[] {
  const found: Reading[] = [];
  readFurther(text, null, found);
  const hidden = text.changes.includes("invisible") || text.changes.includes("tags") ? revealHidden(text) : null;
  const decoded = decode(hidden ?? text) ?? hidden;
  if (decoded !== null) readFurther(decoded, decoded, found);
  return found.map(excerpt);
}

/** Adds what can be read further in a text, and the text itself where it is a reading that nothing was added to. */
function readFurther(text: FoldedText, itself: Reading | null, found: Reading[]): void {
  const clear = readLetters(text);
  const reading = readPossiblyMisspelt(clear ?? text) ?? clear ?? itself;
  if (reading !== null) found.push(reading);
  const words = readWords(text.folded);
  for (const turned of [turnRot13(text, words), turnReversed(text, words)]) {
    if (turned !== null) found.push(readPossiblyMisspelt(turned) ?? turned);
  }
}

/** Null when every letter is written as itself and in its place. */
function readLetters(text: FoldedText): Reading | null {
  const { spaced, leet } = signsOf(text.folded);
  const joined = spaced ? joinSpacedLetters(text) : null;
  const letters = leet || joined !== null ? (readLeet(joined ?? text) ?? joined) : joined;
  return letters;
}

function readPossiblyMisspelt(text: FoldedText): Reading | null {
  const words = readWords(text.folded);
  const parted = words.glued.length > 0 ? partGluedWords(text, words) : null;
  if (parted !== null) return correctWords(parted, readWords(parted.folded)) ?? parted;
  return words.corrections.length > 0 ? correctWords(text, words) : null;
}
