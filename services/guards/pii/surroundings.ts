/**
 * What stands around a value: whether it is a value of its own or part of a
 * longer token, and which words near it say what it is. Words are not looked
 * for beyond a placeholder or another value that was found, so that a redacted
 * text gives its remaining numbers no new meaning.
 */

/** Characters before and after a value in which a word can speak about it. */
const reachBefore = 48;
const reachAfter = 18;

export function textBefore(folded: string, start: number, reach: number = reachBefore): string {
  const before = folded.slice(Math.max(0, start - reach), start);
  return before.slice(before.lastIndexOf("]") + 1);
}

export function textAfter(folded: string, end: number, reach: number = reachAfter): string {
  const after = folded.slice(end, end + reach);
  const stop = after.search(/[[\]]/);
  return stop < 0 ? after : after.slice(0, stop);
}

/** A word for the value stands before it, or shortly after it. */
export function isNamed(folded: string, start: number, end: number, words: RegExp): boolean {
  return words.test(textBefore(folded, start)) || words.test(textAfter(folded, end));
}

const wordCharacter = /[\p{L}\p{N}_]/u;
const asciiWord = /[a-z0-9]/;

/** Part of no longer token: no letter or digit beside it, nor beyond a dash, a point or a plus sign. */
export function standsAlone(folded: string, start: number, end: number): boolean {
  const before = folded.charAt(start - 1);
  const after = folded.charAt(end);
  if (start > 0 && before !== " " && before !== "\n") {
    if (wordCharacter.test(before)) return false;
    if (/[-.+]/.test(before) && asciiWord.test(folded.charAt(start - 2))) return false;
  }
  if (after === "" || after === " " || after === "\n") return true;
  return !wordCharacter.test(after) && !(/[-.]/.test(after) && asciiWord.test(folded.charAt(end + 1)));
}
