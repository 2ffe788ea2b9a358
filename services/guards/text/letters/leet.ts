/**
 * Digits and signs that stand for letters (`1gn0r3 4ll rul35`). A text is read
 * so only when that makes two known words of three letters or a longer one; then
 * every word that mixes letters with such signs is, and numbers alone where it is
 * written so throughout. `1`, `!` and `|` are i or l, whichever makes a word.
 */
import type { FoldedText } from "../fold.ts";
import { Rewriter, type Reading } from "../rewriter.ts";
import { isEnglishWord, isKnownWord, isSignatureWord } from "../words/known-words.ts";

/** What a digit or a sign stands for, by its code; 0 where it stands for itself. `1`, `!` and `|` are decided by the word. */
const stands = new Uint8Array(0x80);
const [codes, letters] = ["0123456789@$!|+", "oizeasgtbgasiit"];
for (let at = 0; at < codes.length; at++) stands[codes.charCodeAt(at)] = letters.charCodeAt(at);

const longestToken = 24;
/** One shorter word alone may be chance: `5am`, `2nd`. */
const tellingAlone = 5;
/** So many known words, and numbers alone are letters too. */
const throughout = 3;

interface LeetWord {
  readonly start: number;
  readonly end: number;
  readonly word: string;
  readonly known: boolean;
  readonly number: boolean;
}

/** Null when nothing is written so. */
export function readLeet(text: FoldedText): Reading | null {
  const words = leetWords(text.folded);
  const made = words.filter(({ word, known, number }) => known && !number && word.length >= 3);
  const evidence = made.length;
  if (evidence < 2 && !made.some(({ word }) => word.length >= tellingAlone)) return null;
  const rewriter = new Rewriter(text);
  for (const { start, end, word, known, number } of words) {
    if (!known && isNumbered(text.folded.slice(start, end))) continue;
    if (!number || (evidence >= throughout && (known || text.folded.charAt(start - 1) === "'")))
      rewriter.replace(start, end, word);
  }
  return rewriter.finish(["leet"]);
}

/** A known word with a number behind it: `base64`, `level3`. */
function isNumbered(written: string): boolean {
  const name = /^([a-z]{3,})[0-9]+$/.exec(written)?.[1];
  return name !== undefined && isKnownWord(name);
}

const letter = 1;
const digit = 2;
const sign = 4;
/** Signs that end sentences, frame or add, unless a letter follows. */
const inner = 8;

const kinds = Uint8Array.from({ length: 0x80 }, (_, unit) => {
  const character = String.fromCharCode(unit);
  if (/[a-z]/.test(character)) return letter;
  if (/[0-9]/.test(character)) return digit;
  if (/[@$]/.test(character)) return sign;
  return /[!|+]/.test(character) ? inner : 0;
});

function kindAt(text: string, at: number): number {
  return kinds[text.charCodeAt(at)] ?? 0;
}

/** Runs of letters and what can stand for them, if they hold any of that. */
function leetWords(folded: string): LeetWord[] {
  const words: LeetWord[] = [];
  const read = new Map<string, string>();
  for (let at = 0; at < folded.length; at++) {
    let end = at;
    while (kindAt(folded, end) !== 0) end++;
    if (end === at) continue;
    const start = startOf(folded, at);
    at = end;
    end = endOf(folded, start, end);
    let bits = 0;
    for (let unit = start; unit < end; unit++) bits |= kindAt(folded, unit);
    if ((bits & ~letter) === 0 || end <= start || end - start > longestToken) continue;
    const written = folded.slice(start, end);
    let word = read.get(written);
    if (word === undefined) read.set(written, (word = bestWord(written)));
    words.push({ start, end, word, known: isKnownWord(word), number: (bits & letter) === 0 });
  }
  return words;
}

/** Signs behind end a sentence, unless they make it a word: `prin+`. */
function endOf(folded: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && kindAt(folded, trimmed - 1) === inner) trimmed--;
  if (trimmed === end || end - start > longestToken || end - trimmed > 2) return trimmed;
  const [whole, without] = [bestWord(folded.slice(start, end)), bestWord(folded.slice(start, trimmed))];
  return isSignatureWord(whole) || (isEnglishWord(whole) && !isKnownWord(without)) ? end : trimmed;
}

/** A sign in front stands for a letter at the start of a word (`$ystem`, `@ll`), not within `<|end`. */
function startOf(folded: string, at: number): number {
  const framed = at > 0 && !/[\s"'([]/.test(folded.charAt(at - 1));
  let start = at;
  while (
    (kindAt(folded, start) & (sign | inner)) !== 0 &&
    (framed || (kindAt(folded, start + 1) & (letter | digit | sign)) === 0)
  )
    start++;
  return start;
}

const either = /[1!|]/;
const eachEither = /[1!|]/g;
const letterI = "i".charCodeAt(0);
const most = 4;

/** Names with a number in them, by what they come out as when it is read as letters too. */
const names: ReadonlyMap<string, string> = new Map([
  ["basega", "base64"],
  ["baseez", "base32"],
  ["rotie", "rot13"],
]);

/** With up to four signs that are i or l, all ways are tried, for an English word first; with more, all i or all l. */
function bestWord(written: string): string {
  const first = lettersOf(written, 0);
  const name = names.get(first);
  if (name !== undefined) return name;
  if (!either.test(written) || isEnglishWord(first)) return first;
  const doubtful = written.match(eachEither)?.length ?? 0;
  const ways = doubtful <= most ? Array.from({ length: 2 ** doubtful }, (_, way) => way) : [0, -1];
  const words = ways.map((way) => lettersOf(written, way));
  return words.find(isEnglishWord) ?? words.find(isKnownWord) ?? first;
}

/** `doubtful` tells, bit by bit, which of its `1`, `!` and `|` are an l. */
function lettersOf(written: string, doubtful: number): string {
  let word = "";
  let nth = 0;
  for (let at = 0; at < written.length; at++) {
    const letter = written.charAt(at);
    const stand = stands[written.charCodeAt(at)] ?? 0;
    if (stand === 0) word += letter;
    else if (stand !== letterI) word += String.fromCharCode(stand);
    else word += (doubtful >> Math.min(nth++, 30)) & 1 ? "l" : "i";
  }
  return word;
}
