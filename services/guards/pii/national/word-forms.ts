/**
 * Finds identifiers of letters and digits by the pattern of the whole word:
 * `aa999999a` is two letters, six digits, a letter. One look-up a word, whatever
 * the number of forms; a check and, where the form says little, a word nearby decide.
 */
import type { PiiEntity, PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { isNamed, standsAlone } from "../surroundings.ts";

export interface WordForm {
  readonly entity: PiiEntity;
  /** `a` is a letter, `9` a digit, `*` either. */
  readonly patterns: readonly string[];
  readonly checks: (word: string) => boolean;
  readonly checked: boolean;
  /** Words for it, in folded letters; null when none is needed. */
  readonly words: RegExp | null;
}

export type WordForms = ReadonlyMap<number, readonly (readonly [pattern: string, form: WordForm])[]>;

/** By length. */
export function indexWordForms(forms: readonly WordForm[]): WordForms {
  const rows = forms.flatMap((form) => form.patterns.map((pattern) => [pattern, form] as const));
  return Map.groupBy(rows, ([pattern]) => pattern.length);
}

export function findWords({ folded, words }: PiiText, forms: WordForms): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (const { start, end } of words) {
    const candidates = forms.get(end - start);
    if (candidates === undefined) continue;
    for (const [pattern, form] of candidates) {
      if (!isWritten(folded, start, pattern) || !form.checks(folded.slice(start, end))) continue;
      if (!standsAlone(folded, start, end)) continue;
      const named = form.words === null ? form.checked : isNamed(folded, start, end, form.words);
      if (!named && form.words !== null) continue;
      found.push({
        entity: form.entity,
        confidence: form.checked ? "validated" : named ? "contextual" : "bare",
        start,
        end,
      });
    }
  }
  return found;
}

function isWritten(folded: string, start: number, pattern: string): boolean {
  for (let at = 0; at < pattern.length; at++) {
    const wanted = pattern.charCodeAt(at);
    if (wanted === 0x2a) continue;
    const digit = folded.charCodeAt(start + at) <= 0x39;
    if (digit !== (wanted === 0x39)) return false;
  }
  return true;
}
