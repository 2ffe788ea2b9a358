/**
 * How telephone numbers are written without a country code, in the countries
 * whose people write most of what is sent to a model: forms that tell a number
 * by themselves. Sizes of groups with what stands between them; `(3) 3-4` is an
 * area code in brackets.
 */
import { isNational } from "./numbering-plan.ts";

const northAmerican: ReadonlySet<string> = new Set([
  "(3) 3-4",
  "(3)3-4",
  "(3) 3 4",
  "(3) 3.4",
  "(3)-3-4",
  "3-3-4",
  "3.3.4",
  "3 3 4",
  "3 3-4",
  "3/3-4",
]);
const spanish: ReadonlySet<string> = new Set(["3 3 3", "3 2 2 2", "2 3 2 2", "3-3-3", "3-2-2-2", "3.3.3"]);
const italianMobile: ReadonlySet<string> = new Set(["3 3 4", "3 7", "3-7", "3 6", "3-3-4", "3 2 2 3", "3.3.4"]);
const indian: ReadonlySet<string> = new Set(["5 5", "5-5", "4 3 3", "3 3 4"]);
const brazilian: ReadonlySet<string> = new Set([
  "(2) 5-4",
  "(2) 4-4",
  "(2)5-4",
  "(2)4-4",
  "2 5-4",
  "2 4-4",
  "(2) 5 4",
  "(2) 4 4",
  "2 5 4",
  "(2) 1 4-4",
]);
const chinese: ReadonlySet<string> = new Set(["3 4 4", "3-4-4"]);
const russian: ReadonlySet<string> = new Set(["1 (3) 3-2-2", "1(3)3-2-2", "1 3 3 2 2", "1-3-3-2-2"]);
const trunkCountries = ["GB", "DE", "FR", "NL", "IN", "JP", "AU", "BE", "CH", "AT", "SE", "IE", "ZA", "NZ", "KR", "TR"];

/** `form` as above; `digits` of all groups. */
export function isWrittenAsPhone(form: string, digits: string): boolean {
  if (digits.startsWith("0")) return isTrunkForm(form, digits);
  if (form.startsWith("1")) {
    const rest = form.slice(2);
    if (northAmerican.has(rest) && digits.startsWith("1")) return isNational(digits.slice(1), "US");
    if (/^13?00/.test(digits) && form === "4 3 3") return isNational(digits, "AU");
  }
  if (northAmerican.has(form) && (form === "(3) 3-4" || /^[2-9]\d\d[2-9]/.test(digits))) return true;
  if (italianMobile.has(form) && digits.startsWith("3")) return isNational(digits, "IT");
  if (spanish.has(form) && /^[6-9]/.test(digits)) return isNational(digits, "ES");
  if (indian.has(form) && /^[6-9]/.test(digits)) return isNational(digits, "IN");
  if (chinese.has(form) && /^1[3-9]/.test(digits)) return isNational(digits, "CN");
  if (russian.has(form) && /^[78]/.test(digits)) return isNational(digits.slice(1), "RU");
  if (brazilian.has(form)) return isNational(digits, "BR");
  return form === "4 3 3" && /^1[38]00/.test(digits) && isNational(digits, "AU");
}

/** A trunk prefix and groups: an area code of two to five digits and at least two digits a group. */
function isTrunkForm(form: string, digits: string): boolean {
  const sizes = form.match(/\d+/g)?.map(Number) ?? [];
  const [area = 0, second = 0] = sizes;
  if (sizes.length < 2 || area < 2 || (area > 5 && form !== "6 5") || digits.length < 9 || digits.length > 12)
    return false;
  if (sizes.some((size) => size < 2) || (area === 2 && second === 2 && sizes.length !== 5) || digits.startsWith("00"))
    return false;
  if (area === 3 && second === 2 && sizes.length === 3 && digits.length === 9) return false;
  if (isNational(digits, "IT")) return true;
  return trunkCountries.some((country) => isNational(digits.slice(1), country));
}

/** A number that some country of ours gives out, whatever the way it is written. */
export function isKnownNational(digits: string): boolean {
  if (digits.startsWith("0"))
    return isNational(digits, "IT") || trunkCountries.some((country) => isNational(digits.slice(1), country));
  return ["US", "ES", "IT", "IN", "BR", "PL", "DK", "NO", "PT"].some((country) => isNational(digits, country));
}
