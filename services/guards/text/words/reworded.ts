/**
 * The readings that go by words: glued and linked words parted, misspelt words of
 * signatures corrected, and the whole text with its letters moved by thirteen
 * places or read from behind, where that makes more known words than it has.
 */
import { originalSpan, type FoldedText } from "../fold.ts";
import { Rewriter, type Reading } from "../rewriter.ts";
import { isSignatureWord } from "./known-words.ts";
import { rot13Unit, type Turned, type WordSigns } from "./read-words.ts";
import { splitGlued } from "./split-words.ts";

/** Null when no words are linked by signs, or none of them is of signatures. The sign is a space up to the next space. */
export function unlinkWords(text: FoldedText, { linked }: WordSigns): Reading | null {
  const { folded } = text;
  const rewriter = new Rewriter(text);
  let done = 0;
  for (const { start, end, link } of linked) {
    const words = folded.slice(start, end).match(/[a-z]{5,}/g) ?? [];
    if (start < done || !words.some(isSignatureWord)) continue;
    let at = start;
    while (at > done && !isSpace(folded, at - 1)) at--;
    for (; at < folded.length && !isSpace(folded, at); at++)
      if (folded.charCodeAt(at) === link) rewriter.replace(at, at + 1, " ");
    done = at;
  }
  return rewriter.finish(["linked"]);
}

function isSpace(folded: string, at: number): boolean {
  return folded.charCodeAt(at) === 0x20 || folded.charCodeAt(at) === 0x0a;
}

/** Letters that are parted in one text at most: parting costs a hundred times what reading does. */
const mostGlued = 32_768;

/** Null when nothing is glued. */
export function partGluedWords(text: FoldedText, { glued }: WordSigns): Reading | null {
  if (glued.length === 0) return null;
  const rewriter = new Rewriter(text);
  let letters = 0;
  for (const { start, end } of glued) {
    letters += end - start;
    if (letters > mostGlued) break;
    for (const at of splitGlued(text.folded, start, end)) rewriter.put(at, " ", originalSpan(text, at - 1, at));
  }
  return rewriter.finish(["glued"]);
}

/** Null when no word of signatures is misspelt; where one is, so may be the words around it. */
export function correctWords(text: FoldedText, { corrections }: WordSigns): Reading | null {
  if (!corrections.some(({ telling }) => telling)) return null;
  const rewriter = new Rewriter(text);
  for (const { start, end, word } of corrections) rewriter.replace(start, end, word);
  return rewriter.finish(["typo"]);
}

const named = /\b(?:rot ?-?13|caesar|cipher)\b/;

/** Null when the text makes as much sense as it is. One word is enough where the text speaks of it. */
export function turnRot13(text: FoldedText, { rot13 }: WordSigns): Reading | null {
  if (!isTurned(rot13) && !(rot13.words > 0 && named.test(text.folded))) return null;
  let turned = "";
  for (let at = 0; at < text.folded.length; at++) {
    const unit = text.folded.charCodeAt(at);
    turned += String.fromCharCode(isPlain(text, at) ? rot13Unit(unit) : unit);
  }
  return replaceAll(text, turned, "rot13");
}

/** Rot13 moves letters of ASCII alone: `ü` was written as it is, though it folds to one of them. */
function isPlain({ original, offsets }: FoldedText, at: number): boolean {
  return offsets === null || original.charCodeAt(offsets[at] ?? 0) < 0x80;
}

const backwards = /\b(?:reversed?|backwards?|behind|mirror)\b/;

/** Null when the text makes as much sense as it is. Every letter then maps to the whole text. */
export function turnReversed(text: FoldedText, { reversed }: WordSigns): Reading | null {
  if (!isTurned(reversed) && !(reversed.words > 0 && backwards.test(text.folded))) return null;
  const rewriter = new Rewriter(text);
  const turned = Array.from(text.folded).toReversed().join("");
  rewriter.put(0, turned, originalSpan(text, 0, text.folded.length));
  rewriter.replace(0, text.folded.length, "");
  return rewriter.finish(["reversed"]);
}

const leastSurplus = 3;
/** Enough when the text has no other words. */
const leastWords = 2;

function isTurned({ surplus, words, all }: Turned): boolean {
  return surplus >= leastSurplus || (words === all && words >= leastWords);
}

function replaceAll(text: FoldedText, turned: string, how: string): Reading | null {
  const rewriter = new Rewriter(text);
  rewriter.replace(0, text.folded.length, turned);
  return rewriter.finish([how]);
}
