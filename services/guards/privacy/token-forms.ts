/**
 * What stands in a text in place of a value: `[CARD]` for a redacted one,
 * `[CARD:8f3a21c04d7e]` for a hashed one, `[CARD_1]` for a pseudonym, and
 * `[CARD_1.2]` for the same value spelt another way. A finding that lies within
 * one of them is not a finding: what was replaced is not replaced again.
 */
import { piiEntities } from "../pii/entity.ts";
import type { Span } from "../text/fold.ts";

/** A name that no text is likely to hold by itself, in brackets. */
const pseudonym = /\[[A-Z][A-Z0-9_]{0,63}_[1-9]\d{0,5}(?:\.[1-9]\d{0,3})?\]/g;
/** A hash holds a letter, so that no number written by hand passes for one. */
const anyForm = /\[([A-Z][A-Z0-9_]{0,63}?)(?::(?=[0-9]{0,11}[a-f])[0-9a-f]{12}|_[1-9]\d{0,5}(?:\.[1-9]\d{0,3})?)?\]/g;
const longestForm = 90;

const placeholders: ReadonlyMap<string, string> = new Map(
  piiEntities.map(({ entity, placeholder }) => [entity, placeholder]),
);

/** `[CARD]`. A custom entity's name is written the same way: `employeeId` is `[EMPLOYEE_ID]`. */
export function placeholderOf(entity: string): string {
  return placeholders.get(entity) ?? `[${entity.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase()}]`;
}

/** `CARD`: the placeholder without its brackets. */
export function labelOf(entity: string): string {
  return placeholderOf(entity).slice(1, -1);
}

/** Every pseudonym that the text holds, as often as it holds it. */
export function pseudonymsIn(text: string): readonly string[] {
  return text.match(pseudonym) ?? [];
}

/** The text with each pseudonym replaced by what `valueOf` knows for it; undefined leaves it. What is put in is not looked at again. */
export function replacePseudonyms(text: string, valueOf: (token: string) => string | undefined): string {
  return text.replace(pseudonym, (token) => valueOf(token) ?? token);
}

/** Whether the span lies within something that was put in place of a value of one of these entities' labels. */
export function isWithinForm(text: string, { start, end }: Span, labels: ReadonlySet<string>): boolean {
  if (end - start > longestForm) return false;
  const from = Math.max(0, end - longestForm);
  if (!text.slice(from, start + 1).includes("[")) return false;
  const around = text.slice(from, start + longestForm);
  for (const { 0: form, 1: label = "", index } of around.matchAll(anyForm)) {
    const formStart = from + index;
    if (formStart <= start && end <= formStart + form.length) return labels.has(label);
  }
  return false;
}
