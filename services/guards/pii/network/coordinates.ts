/**
 * A place by latitude and longitude: two decimals in range with at least three
 * places each beside a word that says so, or hemispheres, or four places and a
 * sign in no longer list; and degrees, minutes and seconds.
 */
import type { PiiSpan } from "../entity.ts";
import type { PiiText } from "../pii-text.ts";
import { isNamed } from "../surroundings.ts";

const decimal =
  /(?:lat(?:itude)?[ :="']{1,5})?([-+]?\d{1,2}\.\d{3,10})(?: ?°)?( ?[ns]\b)?["']?(?: ?[,;/] ?| )(?:"?lo?ng?(?:itude)?["':= ]{1,5})?([-+]?\d{1,3}\.\d{3,10})(?: ?°)?( ?[ew]\b)?(?!\d|\.\d)/y;
const sexagesimal =
  /\d{1,2} ?° ?\d{1,2} ?['m] ?(?:\d{1,2}(?:\.\d{1,4})? ?(?:"|'') ?)?[ns][, ]{1,2}\d{1,3} ?° ?\d{1,2} ?['m] ?(?:\d{1,2}(?:\.\d{1,4})? ?(?:"|'') ?)?[ew](?![a-z])/y;
const words =
  /\b(?:lat|latitude|lon|lng|long|longitude|coord|coords|coordinates?|gps|geo|geolocation|located|location|position|pin)\b/;

export function findCoordinates({ folded, starts, ends }: PiiText): readonly PiiSpan[] {
  const found: PiiSpan[] = [];
  let last = 0;
  starts.forEach((digits, index) => {
    if (digits < last || (ends[index] ?? 0) - digits > 2) return;
    const mark = folded.charAt(ends[index] ?? 0);
    if (mark !== "." && mark !== "°" && !(mark === " " && folded.charAt((ends[index] ?? 0) + 1) === "°")) return;
    const start = /[-+]/.test(folded.charAt(digits - 1)) ? digits - 1 : digits;
    if (/[\p{L}\p{N}_.]/u.test(folded.charAt(start - 1))) return;
    const match = matchAt(decimal, folded, start);
    const end =
      match === null ? (matchAt(sexagesimal, folded, digits) === null ? 0 : sexagesimal.lastIndex) : decimal.lastIndex;
    if (end === 0 || (match !== null && !isPlace(folded, start, end, match))) return;
    found.push({ entity: "coordinates", confidence: match === null ? "validated" : "contextual", start, end });
    last = end;
  });
  return found;
}

/** More numbers before or after: a vector, not a place. */
function isListed(folded: string, start: number, end: number): boolean {
  return (
    /[\d.] ?[,;] ?$/.test(folded.slice(Math.max(0, start - 4), start)) ||
    /^ ?[,;] ?[-+]?\d/.test(folded.slice(end, end + 5))
  );
}

function isPlace(folded: string, start: number, end: number, match: RegExpExecArray): boolean {
  const [, latitude = "", north, longitude = "", east] = match;
  if (Math.abs(Number(latitude)) > 90 || Math.abs(Number(longitude)) > 180) return false;
  if (isNamed(folded, start, end, words) || (north !== undefined && east !== undefined)) return true;
  if (isListed(folded, start, end) || Math.max(Math.abs(Number(latitude)), Math.abs(Number(longitude))) < 10)
    return false;
  const exact = /\.\d{4}/.test(latitude) && /\.\d{4}/.test(longitude);
  return exact && /[-+]/.test(latitude + longitude);
}

function matchAt(pattern: RegExp, folded: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(folded);
}
