/**
 * Which words of a name the context does not know: not as written, not in
 * another form, not as the initials of a name that it spells out or the other
 * way round, and not under another name for the same country.
 */
import { beginningLength, type ContextIndex } from "../passages/index-context.ts";
import type { Word } from "../text/read-words.ts";
import { hasAlias } from "./aliases.ts";

export function missingWords(words: readonly Word[], index: ContextIndex): readonly Word[] {
  const initials = words.map(({ text }) => text.charAt(0)).join("");
  if (words.length > 1 && index.forms.has(initials)) return [];
  return words.filter((word) => isMissing(word, index));
}

/** A first name's initial, J. for John, is no word of its own. */
function isMissing({ text, stem }: Word, { postings, forms, initials, beginnings }: ContextIndex): boolean {
  if (text.length === 1 || postings.has(stem) || forms.has(text) || initials.has(text)) return false;
  if (text.length > beginningLength && beginnings.has(text.slice(0, beginningLength))) return false;
  return !hasAlias(text, forms);
}

/** Whether the context has no word like this one: another ending is the same word. */
export function isUnknown(word: Word, { postings, beginnings }: ContextIndex): boolean {
  if (postings.has(word.stem)) return false;
  return word.text.length <= beginningLength || !beginnings.has(word.text.slice(0, beginningLength));
}
