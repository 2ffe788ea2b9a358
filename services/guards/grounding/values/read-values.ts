/**
 * All values of a text in the order in which they stand: each word belongs to
 * one value at most. Numbers that only count the items of a list are left out. Linear.
 */
import type { ReadText } from "../text/read-text.ts";
import type { Sentence } from "../text/sentences.ts";
import { dateAt } from "./read-dates.ts";
import { quantityAt } from "./read-quantities.ts";
import type { Value } from "./value.ts";

export function readValues(read: ReadText): readonly Value[] {
  const values: Value[] = [];
  for (let at = 0; at < read.words.length;) {
    const value = isListNumber(read, at) ? null : (dateAt(read, at) ?? quantityAt(read, at));
    if (value !== null) values.push(value);
    at = value === null ? at + 1 : Math.max(at + 1, value.last);
  }
  return values;
}

/** To be asked sentence by sentence, in their order. */
export function valuesBySentence(read: ReadText): (sentence: Sentence) => readonly Value[] {
  const values = readValues(read);
  let next = 0;
  return ({ last }) => {
    const from = next;
    while (next < values.length && (values[next]?.first ?? 0) < last) next++;
    return values.slice(from, next);
  };
}

/** `1.` or `2)` at the beginning of a line, and `[3]`, the number of a reference. */
function isListNumber({ words, text: { folded } }: ReadText, at: number): boolean {
  const word = words[at];
  if (word?.kind !== "number" || word.text.length > 2) return false;
  const [before, after] = [folded.charAt(word.start - 1), folded.charAt(word.end)];
  if (before === "[" && after === "]") return true;
  return (
    (before === "" || before === "\n") && (after === ")" || (after === "." && /\s/.test(folded.charAt(word.end + 1))))
  );
}
