/**
 * Dates of birth: a date, in figures or with a month's name, right after words
 * that say someone was born. Other dates are not personal data here.
 */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { textBefore } from "../surroundings.ts";

const born =
  /\b(?:d\.?o\.?b\.?|date of birth|birth[ -]?dates?|birth ?day|birth|born|geboren|geb\.|geburtsdatum|geburtstag|date de naissance|nee? le|naissance|fecha de nacimiento|nacid[oa]|nacimiento|data di nascita|nat[oa] il|nascita|data de nascimento|nascid[oa]|nascimento|geboortedatum|fodelsedatum|syntymaaika|data urodzenia|urodz)/;
const reach = 40;

const months =
  "jan(?:uary|uar|vier|eiro)?|feb(?:ruary|ruar)?|fev(?:rier|ereiro)?|mar(?:ch|s|zo|co)?|marz|apr(?:il|ile)?|avril|abril|may|mai|mayo|maio|maggio|june?|juni|juin|junio|junho|giugno|july?|juli|juillet|julio|julho|luglio|aug(?:ust)?|aout|agosto|sep(?:t|tember|tembre|tiembre)?|oct(?:ober|obre|ubre)?|okt(?:ober)?|outubro|ottobre|nov(?:ember|embre|iembre)?|dec(?:ember|embre)?|dez(?:ember)?|dic(?:iembre|embre)?";
const dates = [
  String.raw`\d{1,2} ?[-./] ?\d{1,2} ?[-./] ?(?:\d{4}|\d{2})`,
  String.raw`(?:19|20)\d{2}[-./]\d{1,2}[-./]\d{1,2}`,
  String.raw`\d{1,2}(?:st|nd|rd|th|er|\.)?(?: of| de| di)? ?[- ]?(?:${months})\.?,?(?: of| de| del)?[- ]?\d{4}`,
];
const figures = new RegExp(`(?:${dates.join("|")})(?![\\da-z]|[./-]\\d)`, "y");
const monthFirst = new RegExp(String.raw`(?:${months})\.? ?$`);
const dayAndYear = /\d{1,2}(?:st|nd|rd|th)?,? ?\d{4}(?![\da-z])/y;

/** From so many numbers on, one look whether the text speaks of a birth at all is cheaper than one a number. */
const manyNumbers = 50;

export function findBirthDates({ folded, starts, ends }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  if (starts.length > manyNumbers && !born.test(folded)) return found;
  let last = 0;
  starts.forEach((start, index) => {
    const size = (ends[index] ?? 0) - start;
    if (start < last || (size !== 4 && size > 2) || /[\p{L}\p{N}_./-]/u.test(folded.charAt(start - 1))) return;
    const before = textBefore(folded, start, reach);
    const name = /[a-z.] ?$/.test(before) ? monthFirst.exec(before) : null;
    const pattern = name === null ? figures : dayAndYear;
    pattern.lastIndex = start;
    if (!pattern.test(folded)) return;
    const from = start - (name?.[0].length ?? 0);
    if (!saysBorn(textBefore(folded, from, reach))) return;
    last = pattern.lastIndex;
    found.push({ entity: "birthDate", confidence: "contextual", start: from, end: last });
  });
  return found;
}

/** The word speaks of this date when no other number stands between. */
function saysBorn(before: string): boolean {
  const match = born.exec(before);
  return match !== null && !/\d/.test(before.slice(match.index));
}
