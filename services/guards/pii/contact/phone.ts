/**
 * Telephone numbers: with a country code (validated by the numbering plan),
 * after a word that names them, or written in a form that tells. Orders,
 * invoices, versions, dates and the like are vetoed by the nearest word before.
 */
import type { Confidence, PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { standsAlone } from "../surroundings.ts";
import { isInternational } from "./numbering-plan.ts";
import { isKnownNational, isWrittenAsPhone } from "./phone-forms.ts";
import { readPhoneGroups, type PhoneGroups } from "./phone-groups.ts";
import { isAmount, isNamedAfter, namingOf, type Naming } from "./phone-words.ts";

const leastDigits = 7;
const mostDigits = 15;

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
  let named: Naming | undefined;
  let digits = groups.digits.length;
  for (let count = sizes.length; count > 0 && digits >= leastDigits; digits -= sizes[--count] ?? 0) {
    if (digits > mostDigits + 1) continue;
    const end = withExtension(folded, ends[count - 1] ?? start);
    if (!isApart(folded, start, end)) continue;
    named ??= namingOf(folded, start, end);
    const confidence = judge(groups, count, named);
    if (confidence === "bare" && isAmount(folded, end)) continue;
    if (confidence !== null) return { span: { confidence, start, end }, groups: count };
  }
  return null;
}

function judge(groups: PhoneGroups, count: number, named: Naming): Confidence | null {
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
  if (named === "vetoed" || isDateLike(groups, count)) return null;
  if (dialled !== null && (count > 1 || named !== "unnamed") && isInternational(dialled)) return "contextual";
  if ((named === "named" || named === "numbered") && size <= mostDigits && isPlausible(groups, count, digits, named))
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
function isPlausible({ sizes }: PhoneGroups, count: number, digits: string, named: Naming): boolean {
  if (count === 1 && digits.length < 9) return named === "numbered";
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
  return standsAlone(folded, start, isNamedAfter(folded, end) ? folded.length : end);
}
