/**
 * Personal data and secrets of one text showing up in another: found where they
 * stand by the rules for personal data, and looked for as they are normalised,
 * so that a card without its spaces or an address in capitals is the same. No
 * word beside it has to say once more what it is. Linear: values are looked up
 * by their first characters.
 */
import { piiEntities, type PiiEntity } from "../pii/entity.ts";
import { findPii } from "../pii/find-pii.ts";
import { normaliseValue } from "../privacy/normalise-value.ts";
import { fold, type FoldedText, type Span } from "../text/fold.ts";
import { squeeze } from "./squeeze.ts";

export interface LeakedValue extends Span {
  readonly entity: PiiEntity;
}

/** By their first characters, then by their length, then by all that is compared. */
export type KnownValues = ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<string, PiiEntity>>>;

const prefixChars = 6;
/** Of a longer value only so much is compared. */
const comparedChars = 64;

const entities = piiEntities.map(({ entity }) => entity);

/** Values of fewer than six letters and digits are not told apart from chance. */
export function valuesIn(texts: readonly string[]): KnownValues {
  const known = new Map<string, Map<number, Map<string, PiiEntity>>>();
  for (const text of texts) {
    for (const { entity, start, end } of findPii(fold(text), entities)) {
      const value = lettersOf(fold(normaliseValue(entity, text.slice(start, end)))).slice(0, comparedChars);
      if (value.length < prefixChars) continue;
      const byLength = known.get(value.slice(0, prefixChars)) ?? new Map<number, Map<string, PiiEntity>>();
      const values = byLength.get(value.length) ?? new Map<string, PiiEntity>();
      known.set(value.slice(0, prefixChars), byLength.set(value.length, values.set(value, entity)));
    }
  }
  return known;
}

const lettersOf = (text: FoldedText): string => squeeze(text, { leet: false }).text;

/** In order, without overlap: of two that begin together the longer. */
export function leakedValues(text: FoldedText, known: KnownValues): readonly LeakedValue[] {
  if (known.size === 0) return [];
  const squeezed = squeeze(text, { leet: false });
  const found: LeakedValue[] = [];
  for (let index = 0; index + prefixChars <= squeezed.text.length; index++) {
    const byLength = known.get(squeezed.text.slice(index, index + prefixChars));
    if (byLength === undefined) continue;
    for (const length of [...byLength.keys()].toSorted((left, right) => right - left)) {
      const entity = byLength.get(length)?.get(squeezed.text.slice(index, index + length));
      if (
        entity === undefined ||
        isPart(squeezed.text, squeezed.beside(index, index + length), [index, index + length])
      )
        continue;
      found.push({ entity, ...squeezed.spanOf(index, index + length) });
      index += length - 1;
      break;
    }
  }
  return found;
}

/** Whether what was found is a part of a longer number or word. */
function isPart(
  text: string,
  [before, behind]: readonly [string, string],
  [start, end]: readonly [number, number],
): boolean {
  const goesOn = (inner: string, outer: string): boolean =>
    (/\d/.test(inner) && /\d/.test(outer)) || (/[a-z]/.test(inner) && /[a-z]/.test(outer));
  return goesOn(text.charAt(start), before) || goesOn(text.charAt(end - 1), behind);
}
