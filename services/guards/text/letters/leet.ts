/**
 * Digits and signs that stand for letters (`1gn0r3 4ll rul35`). A text is read
 * so only when that makes at least one known word of three letters; then every
 * word that mixes letters with such signs is, and numbers alone where it is
 * written so throughout. `1`, `!` and `|` are i or l, whichever makes a word.
 */
import type { FoldedText } from "../fold.ts";
import { Rewriter, type Reading } from "../rewriter.ts";
import { isKnownWord } from "../words/known-words.ts";

const stands: ReadonlyMap<string, string> = new Map(
  Object.entries({ 0: "o", 1: "i", 2: "z", 3: "e", 4: "a", 5: "s", 6: "g", 7: "t", 8: "b", 9: "g" }).concat(
    Object.entries({ "@": "a", $: "s", "!": "i", "|": "i", "+": "t", "€": "e", "£": "l" }),
  ),
);

/** Of signs at the edges only those in front that stand for a letter there: `$ystem`, `@ll`, `!gnore`. */
const token = /(?:(?<![^\s"'([])[@$!|€£])?[a-z0-9](?:[a-z0-9@$!|+€£]*[a-z0-9@$€])?/g;
const mixed = /[a-z]/;
const sign = /[0-9@$!|+€£]/;
const either = /[1!|]/g;

const longestToken = 24;
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
  const evidence = words.filter(({ word, known, number }) => known && !number && word.length >= 3).length;
  if (evidence === 0) return null;
  const rewriter = new Rewriter(text);
  for (const { start, end, word, known, number } of words) {
    if (!number || (evidence >= throughout && (known || text.folded.charAt(start - 1) === "'")))
      rewriter.replace(start, end, word);
  }
  return rewriter.finish(["leet"]);
}

function leetWords(folded: string): LeetWord[] {
  const words: LeetWord[] = [];
  for (const match of folded.matchAll(token)) {
    const [written] = match;
    if (written.length > longestToken || !sign.test(written)) continue;
    const word = bestWord(written);
    const span = { start: match.index, end: match.index + written.length };
    words.push({ ...span, word, known: isKnownWord(word), number: !mixed.test(written) });
  }
  return words;
}

/** With up to three signs that are i or l, all ways are tried; i first. */
function bestWord(written: string): string {
  const first = lettersOf(written, () => "i");
  const doubtful = written.match(either)?.length ?? 0;
  if (doubtful === 0 || isKnownWord(first)) return first;
  const ways = doubtful <= 3 ? 2 ** doubtful : 2;
  for (let way = 1; way < ways; way++) {
    const bits = doubtful <= 3 ? way : -1;
    const word = lettersOf(written, (nth) => ((bits >> nth) & 1 ? "l" : "i"));
    if (isKnownWord(word)) return word;
  }
  return first;
}

function lettersOf(written: string, doubtful: (nth: number) => string): string {
  let nth = 0;
  return Array.from(written, (letter) =>
    /[1!|]/.test(letter) ? doubtful(nth++) : (stands.get(letter) ?? letter),
  ).join("");
}
