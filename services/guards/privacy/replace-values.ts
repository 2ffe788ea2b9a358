/**
 * Puts in place of each found value what the policy says: a placeholder, a
 * masked form, a hash token or a pseudonym. What blocks is replaced as well, so
 * that no later reader of the text can let it through; what is allowed stays.
 */
import type { PersonalDatum } from "./find-personal-data.ts";
import { hiddenValue, maskValue } from "./mask-value.ts";
import { decodedValue, normaliseValue } from "./normalise-value.ts";
import type { PseudonymBook } from "./pseudonym-book.ts";
import { labelOf, placeholderOf } from "./token-forms.ts";
import type { Tokeniser } from "./cryptography.ts";

export interface Replacing {
  readonly clientId: string;
  /** Null when no key is configured: a policy that hashes must not come this far. */
  readonly tokeniser: Tokeniser | null;
  readonly book: PseudonymBook;
}

/** `data` are offsets into `text`, in order and without overlap. @throws Error when a hash is wanted and there is no key. */
export function replaceValues(text: string, data: readonly PersonalDatum[], replacing: Replacing): string {
  let replaced = "";
  let kept = 0;
  for (const datum of data) {
    if (datum.action === "allow") continue;
    replaced += text.slice(kept, datum.start) + replacementOf(datum, text.slice(datum.start, datum.end), replacing);
    kept = datum.end;
  }
  return replaced + text.slice(kept);
}

function replacementOf({ entity, action, how }: PersonalDatum, value: string, replacing: Replacing): string {
  switch (action) {
    case "mask":
      return how === undefined ? maskValue(entity, value) : hiddenValue;
    case "hash":
      return `[${labelOf(entity)}:${hashOf(entity, meantBy(value, how), replacing)}]`;
    case "pseudonymise":
      return replacing.book.tokenOf(entity, value, meantBy(value, how));
    case "allow":
      return value;
    case "redact":
    case "block":
      return placeholderOf(entity);
  }
}

function meantBy(value: string, how: PersonalDatum["how"]): string {
  return how === undefined ? value : decodedValue(value);
}

function hashOf(entity: string, value: string, { clientId, tokeniser }: Replacing): string {
  if (tokeniser === null) throw new Error("no key to hash with");
  return tokeniser.tokenOf({ clientId, entity }, normaliseValue(entity, value));
}
