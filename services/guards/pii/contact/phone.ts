/**
 * Telephone numbers: with a country code (validated by the numbering plan),
 * after a word that names them, or written in a form that tells. Orders,
 * invoices, versions, dates and the like are vetoed by the nearest word before.
 */
import type { Confidence, PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { standsAlone, textAfter, textBefore } from "../surroundings.ts";
import { isInternational } from "./numbering-plan.ts";
import { isKnownNational, isWrittenAsPhone } from "./phone-forms.ts";
import { readPhoneGroups, type PhoneGroups } from "./phone-groups.ts";

const leastDigits = 7;
const mostDigits = 15;
const reach = 44;

const naming =
  /phone|\btel\b|\btel[.:]|telef|mobile|\bmob\b|\bcell|\bcall|\bdial|\bring |\btext (?:me|us|him|her|them)|\btext(?:ed)? |\bsms\b|whatsapp|\bfax|contact|reach |reached|hotline|helpline|landline|\bhandy|movil|rufnummer|\banruf|\bappel|\bllam|\bchiam|\bligue|\bbel me\b|\bdesk:|answering at|messages? to|voicemail|(?:my|his|her|our|their|your|new|old|main|direct|work|home|office|emergency|reception|personal|business) (?:number|line)\b|number to call|電話|携帯|フォン|फोन/g;
/** What people write right after a number to say which it is. */
const namingAfter =
  /^ ?[-,(/]? ?(?:office|fax|mobile|cell|home\b|work\b|desk|tel\b|phone|landline|whatsapp|is (?:my|his|her|our|the) (?:number|phone|mobile|cell|line))/;
const numbering =
  /^(?:phone|\btel|mobile|\bmob\b|\bfax|hotline|helpline|landline|movil|rufnummer|whatsapp|(?:my|his|her))/;
const vetoing =
  /order|invoice|ticket|\bcase|\bref\b|referenc|track|\bid\b|isbn|issn|\bsku|serial|model|version|account|\bacct|batch|\blot\b|\bpo\b|item|booking|confirmation|policy|\bbuild|\bpart |parcel|shipment|receipt|transaction|timestamp|epoch|\bean\b|\bupc|gtin|\bdoi\b|licen[cs]e|passport|\bssn|\bcards?\b|\biban|\btax\b|amount|price|population|\$|€|£|commit|hash|uuid|product|article|catalog|zip|postal|\bmrn|\bnpi|\bdea|medicare|member|employee|student|customer n|serienn|bestell|rechnung|commande|facture|pedido|factura/g;

/** Amounts: people, kilometres, bytes ... */
const unitAfter =
  /^ ?(?:%|inhabitants|people|persons|users|km\b|m\b|miles|kg\b|bytes|[kmgt]b\b|units|dollars|euros?\b|usd|eur\b|years|times|rows|records|votes|shares|tons|tonnes|views|followers)/;

export function findPhones(text: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  for (let first = 0; first < text.starts.length; first++) {
    if (isInsideChain(text, first)) continue;
    const groups = readPhoneGroups(text, first);
    if (groups.digits.length < leastDigits) continue;
    const match = phoneIn(text.folded, groups);
    if (match === null) continue;
    found.push({ entity: "phone", ...match.span });
    first += match.groups - 1;
  }
  return found;
}

/** Groups before and after with the same mark between: where the chain began, it was looked at whole. */
function isInsideChain({ folded, starts, ends }: PiiText, first: number): boolean {
  const start = starts[first] ?? 0;
  if (first === 0 || start - (ends[first - 1] ?? 0) !== 1 || starts[first + 1] !== (ends[first] ?? 0) + 1) return false;
  const mark = folded.charAt(start - 1);
  return mark !== "+" && mark !== "(" && mark !== "\n" && mark === folded.charAt(ends[first] ?? 0);
}

interface PhoneMatch {
  readonly span: { readonly confidence: Confidence; readonly start: number; readonly end: number };
  readonly groups: number;
}

/** The longest run of groups, from the first on, that is a number. */
function phoneIn(folded: string, groups: PhoneGroups): PhoneMatch | null {
  const { start, sizes, ends } = groups;
  let naming: Naming | undefined;
  let digits = groups.digits.length;
  for (let count = sizes.length; count > 0 && digits >= leastDigits; digits -= sizes[--count] ?? 0) {
    if (digits > mostDigits + 1) continue;
    const end = withExtension(folded, ends[count - 1] ?? start);
    if (!isApart(folded, start, end)) continue;
    const after = textAfter(folded, end);
    naming ??= namingAfter.test(after) ? "numbered" : namingOf(textBefore(folded, start, reach));
    const confidence = judge(groups, count, naming);
    if (confidence === "bare" && unitAfter.test(after)) continue;
    if (confidence !== null) return { span: { confidence, start, end }, groups: count };
  }
  return null;
}

/** `numbered`: named by a word for the number itself, such as `phone`; `named`: by one for a call. */
type Naming = "numbered" | "named" | "vetoed" | "unnamed";

const wordOrSign = /[^\d\s.()/+-]/;

/** The nearest word decides. */
function namingOf(before: string): Naming {
  if (!wordOrSign.test(before)) return "unnamed";
  const named = lastIndexOf(naming, before);
  const vetoed = lastIndexOf(vetoing, before);
  if (named < 0 && vetoed < 0) return "unnamed";
  if (named < vetoed) return "vetoed";
  return numbering.test(before.slice(named)) ? "numbered" : "named";
}

function lastIndexOf(words: RegExp, text: string): number {
  let last = -1;
  for (const match of text.matchAll(words)) last = match.index;
  return last;
}

function judge(groups: PhoneGroups, count: number, naming: Naming): Confidence | null {
  const size = groups.sizes.slice(0, count).reduce((sum, part) => sum + part, 0);
  const digits = groups.digits.slice(0, size);
  const plus = groups.gaps[0]?.endsWith("+") === true;
  const dialled =
    digits.startsWith("00") && (groups.sizes[0] ?? 0) > 1
      ? digits.slice(2)
      : digits.startsWith("011") && (groups.sizes[0] ?? 0) > 2
        ? digits.slice(3)
        : null;
  if (plus) return isInternational(withoutTrunk(groups, count, digits)) ? "validated" : null;
  if (naming === "vetoed" || isDateLike(groups, count)) return null;
  if (dialled !== null && (count > 1 || naming !== "unnamed") && isInternational(dialled)) return "contextual";
  if ((naming === "named" || naming === "numbered") && size <= mostDigits && isPlausible(groups, count, digits, naming))
    return "contextual";
  return count > 1 && !isPartOfChain(groups, count) && isWrittenAsPhone(formOf(groups, count), digits) ? "bare" : null;
}

/** The groups go on before or after in the same way: a longer number, of which this would be a part. */
function isPartOfChain({ joined, gaps }: PhoneGroups, count: number): boolean {
  return joined || (count > 1 && gaps[count] !== undefined && gaps[count] === gaps[count - 1]);
}

/** `+44 (0)20 …`: the zero is dialled only inside the country. */
function withoutTrunk({ sizes, gaps }: PhoneGroups, count: number, digits: string): string {
  let before = sizes[0] ?? 0;
  for (let at = 1; at < count; before += sizes[at++] ?? 0) {
    if (sizes[at] === 1 && digits[before] === "0" && gaps[at]?.endsWith("(") === true)
      return digits.slice(0, before) + digits.slice(before + 1);
  }
  return digits;
}

/** Named, it need not be one that a plan knows: people write old, internal and made-up numbers. Digits in one piece do. */
function isPlausible({ sizes }: PhoneGroups, count: number, digits: string, naming: Naming): boolean {
  if (count === 1 && digits.length < 9) return naming === "numbered";
  if (count === 1) return isKnownNational(digits) || isInternational(digits);
  return sizes.slice(0, count).every((size) => size <= 8);
}

function isDateLike({ sizes, digits }: PhoneGroups, count: number): boolean {
  const key = sizes.slice(0, count).join("-");
  return /^(?:[12]-[12]-4|4-[12]-[12])(?:-|$)/.test(key) && /^(?:\d{2,4})(?:19|20)|^(?:19|20)/.test(digits);
}

function formOf({ sizes, gaps }: PhoneGroups, count: number): string {
  let form = gaps[0] === "(" ? "(" : "";
  for (let at = 0; at < count; at++) form += (at > 0 ? (gaps[at] ?? "") : "") + String(sizes[at] ?? 0);
  return form;
}

const extension = /,? ?(?:x|ext\.?|extension) ?\d{1,6}(?![\da-z])/y;

function withExtension(folded: string, end: number): number {
  extension.lastIndex = end;
  return extension.test(folded) ? extension.lastIndex : end;
}

/** A plus sign, a bracket or `tel:` may stand before it. */
function isApart(folded: string, start: number, end: number): boolean {
  if (/[/:=]/.test(folded.charAt(start - 1)) && /\d/.test(folded.charAt(start - 2))) return false;
  if (/[/:]/.test(folded.charAt(end)) && /\d/.test(folded.charAt(end + 1))) return false;
  return standsAlone(folded, start, namingAfter.test(textAfter(folded, end)) ? folded.length : end);
}
