/**
 * Street addresses by their form: a house number and a name that ends in a word
 * for a street (or begins with one, as in French, Spanish, Italian and
 * Portuguese), and post-office boxes. They count after a word that speaks of an
 * address, or when the name is written in capitals. Names alone are not found.
 */
import type { PiiSpan } from "../entity.ts";
import { isDigit, type PiiText } from "../pii-text.ts";
import { textBefore } from "../surroundings.ts";

const kinds =
  "street|st|avenue|ave|av|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|ter|way|highway|hwy|parkway|pkwy|circle|cir|crescent|cres|close|gardens|grove|mews|row|trail|trl|alley|plaza";
const unit = String.raw`(?:,? (?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|#)\.? ?#?[a-z0-9-]{1,6})?`;
/** City, state or region, post code. */
const town = String.raw`(?:,? [a-z][a-z.' -]{1,30}, ?[a-z]{2} \d{5}(?:-\d{4})?|,? (?:[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}))?`;
const numberFirst = new RegExp(
  String.raw`\d{1,6}[a-z]?,? (?:[nsew]{1,2}\.? )?(?:(?:\p{L}[\p{L}\d'.-]{0,24}|\d{1,3}(?:st|nd|rd|th)) ){1,4}(?:${kinds})\b\.?(?: [nsew]{1,2}\b)?${unit}${town}`,
  "uy",
);
const romance =
  /\d{1,5}(?: ?(?:bis|ter|[a-d]))?,? (?:rue|avenue|av\.|boulevard|bd|place|chemin|impasse|quai|allee|route|cours) [\p{L}'-]{1,24}(?: [\p{L}'-]{1,24}){0,4}(?:, ?\d{5} [\p{L}-]{2,30})?/uy;
const nameBefore =
  /(?:(?:calle|avenida|avda\.|av\.|paseo|plaza|via|viale|corso|piazza|rua|travessa|praca|largo|alameda) [\p{L}.'-]{1,24},? (?:[\p{L}.'-]{1,24},? ){0,4}(?:n\.?[ºo°]? ?)?|[\p{L}-]{3,30}(?:strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein|gracht|kade|gatan|vagen|gade|vej)[, ]{1,2})$/u;
const box = /p\.? ?o\.? ?box (?:no\.? )?$/;
const words =
  /\b(?:address(?:es)?|addr|live[sd]? (?:at|in|on)|living (?:at|in)|resid(?:e|es|ing|ence)|located|location|ship(?:ped|ping)? to|deliver(?:ed|y)? (?:to|at)|mail(?:ed)? (?:it )?to|moved? (?:to|in)|home|house|office|sent? (?:it )?to|visit (?:us|me) at|meet (?:you|me|us) at|adresse|wohn\w{0,5}|direccion|indirizzo|endereco|domicil\w{0,6}|habite|vivo|adres)\b/;

/** Words that mean a street in any writing; `close`, `way` and the like need a word before and capitals. */
const plainKind =
  /\b(?:street|avenue|ave|road|rd|boulevard|blvd|lane|drive|terrace|highway|hwy|rue|calle|avenida|via|viale|piazza|rua|box)\b|(?:strasse|str\.|weg|platz|allee|gasse|straat|laan|gatan|vej)[ ,]/;

/** A flat's number or a post code at its end. */
const unitOrCode = /(?:apt|suite|unit|flat|room|apartment)\.? ?#?[a-z0-9-]{1,6}$| [a-z]{2} \d{5}(?:-\d{4})?$/;

export function findStreetAddresses(text: PiiText): readonly PiiSpan[] {
  const { folded, starts, ends } = text;
  const found: PiiSpan[] = [];
  let last = 0;
  starts.forEach((start, index) => {
    if (start < last || (ends[index] ?? 0) - start > 6 || /[\p{L}\p{N}_.,/$€£#:-]/u.test(folded.charAt(start - 1)))
      return;
    const span = withoutSmallEnd(text, addressAt(folded, start, ends[index] ?? 0));
    if (span === null || span.start < last) return;
    const named = words.test(textBefore(folded, span.start));
    const written = folded.slice(span.start, span.end);
    const plain = plainKind.test(written) || unitOrCode.test(written);
    if (!named && !plain) return;
    if (!(named && plain) && !isCapitalised(text.cased(span.start, span.end))) return;
    last = span.end;
    found.push({ entity: "streetAddress", confidence: named ? "contextual" : "bare", ...span });
  });
  return found;
}

interface AddressSpan {
  readonly start: number;
  readonly end: number;
}

function addressAt(folded: string, start: number, digitsEnd: number): AddressSpan | null {
  for (const pattern of [numberFirst, romance]) {
    pattern.lastIndex = start;
    if (pattern.test(folded)) return { start, end: trimmed(folded, pattern.lastIndex) };
  }
  if (!/[ ,.º°]/.test(folded.charAt(start - 1)) || isDigit(folded.charCodeAt(start - 2))) return null;
  const before = textBefore(folded, start, 60);
  const name = nameBefore.exec(before) ?? box.exec(before);
  if (name === null) return null;
  const end = /^[a-z]?(?![\p{L}\p{N}])/u.test(folded.slice(digitsEnd, digitsEnd + 2)) ? digitsEnd : 0;
  return end === 0 ? null : { start: start - name[0].length, end };
}

function trimmed(folded: string, end: number): number {
  let last = end;
  while (/[ ,.]/.test(folded.charAt(last - 1))) last--;
  return last;
}

/** `12 rue de la Paix last year` ends with the last word in capitals, where there is one. */
function withoutSmallEnd(text: PiiText, span: AddressSpan | null): AddressSpan | null {
  if (span === null) return null;
  const written = text.cased(span.start, span.end);
  const small = /(?<=\p{Lu}[\p{L}'.-]*)(?: (?!(?:street|road|avenue|lane|st|rd|ave)\b)\p{Ll}[\p{Ll}'-]*){1,5}$/u.exec(
    written,
  );
  return small === null ? span : { start: span.start, end: span.end - small[0].length };
}

/** Every word of three letters or more begins with a capital or a digit: a name, not `20 people on the street`. */
function isCapitalised(written: string): boolean {
  const names = written.match(/[\p{L}]{3,}/gu) ?? [];
  const small = names.filter(
    (word) => !/^\p{Lu}/u.test(word) && !/^(?:the|rue|des|del|della|dos|das|von|calle|via|rua)$/.test(word),
  );
  return names.length > 0 && small.length === 0;
}
