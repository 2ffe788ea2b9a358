/**
 * Names in a sentence: runs of words written with a capital letter (`Angela
 * Merkel`, `University of Oxford`). German nouns and headings are written so
 * too: there no names are found. A sentence's first word alone is a name when
 * it is no frequent English word, or `known` says that it is one. Linear.
 */
import { isEnglishWord } from "../../text/words/known-words.ts";
import type { ReadText } from "../text/read-text.ts";
import type { Sentence } from "../text/sentences.ts";
import type { Word } from "../text/read-words.ts";

export interface Name {
  /** Words from `first` up to and without `last`. */
  readonly first: number;
  readonly last: number;
}

const links = new Set("of the de la von van der den di da and for del al bin du le y".split(" "));
/** What is written with a capital and names nobody. */
const plain = new Set(
  `monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
  october november december mr mrs ms dr sir i god christmas easter english earth internet
  mme m mlle monsieur madame herr frau senor senora signor signora mevrouw meneer president mayor chief professor prof`.split(
    /\s+/,
  ),
);

/** `known`: words that are names wherever they stand. */
export function namesIn(read: ReadText, sentence: Sentence, known: ReadonlySet<string> = nothing): readonly Name[] {
  return read.language === "de" || isHeading(read.words, sentence) ? [] : capitalRuns(read, sentence, known);
}

/** The same in headings too, and in German, where they are only places in which a name may stand. */
export function capitalRuns(
  { words, text: { folded } }: ReadText,
  { first, last }: Sentence,
  known: ReadonlySet<string> = nothing,
): readonly Name[] {
  const names: Name[] = [];
  for (let at = first; at < last;) {
    const end = endOfName(words, at, { last, folded });
    if (end > at && !(end === at + 1 && at === first && isOrdinary(words[at], known)))
      names.push({ first: at, last: end });
    at = Math.max(at + 1, end);
  }
  return names;
}

const nothing: ReadonlySet<string> = new Set();

function isOrdinary(word: Word | undefined, known: ReadonlySet<string>): boolean {
  return word?.case === "capital" && isEnglishWord(word.text) && !known.has(word.text);
}

/** Behind the last capital word of a run; `at` when no name begins there. */
function endOfName(
  words: readonly Word[],
  at: number,
  { last, folded }: { readonly last: number; readonly folded: string },
): number {
  if (!isCapital(words[at])) return at;
  let end = at + 1;
  for (let next = end; next < last; next++) {
    const word = words[next];
    const before = words[next - 1];
    if (word === undefined || before === undefined || !joins.has(folded.slice(before.end, word.start))) break;
    if (isCapital(word)) end = next + 1;
    else if (!links.has(word.text) || next - end >= 2) break;
  }
  return end;
}

/** What may stand between two words of one name. A comma parts two names. */
const joins = new Set([" ", "-", ". ", "'", "&", " & ", "/"]);

function isCapital(word: Word | undefined): boolean {
  return word !== undefined && word.case !== "small" && word.kind === "content" && !plain.has(word.text);
}

function isHeading(words: readonly Word[], { first, last }: Sentence): boolean {
  let content = 0;
  for (let at = first; at < last; at++) {
    const word = words[at];
    if (word?.kind !== "content") continue;
    if (word.case === "small") return false;
    content++;
  }
  return content >= 4;
}
