/**
 * Numbers of the United States that are written in digits alone: social
 * security (SSN), individual taxpayer (ITIN) and health care provider (NPI).
 */
import { luhn } from "../checksums.ts";
import type { NumberForm } from "./number-forms.ts";

const ssnWords = /\b(?:ssn|ss ?#|ss (?:no|number|num)\b|soc(?:ial)?[ .-]{0,2}sec|social insurance|taxpayer id|tin\b)/;

/** Social Security Administration's rules since 2011: never area 000, 666 or 9xx, group 00, serial 0000. */
function isIssuableSsn(digits: string): boolean {
  const area = digits.slice(0, 3);
  return area !== "000" && area !== "666" && area < "900" && digits.slice(3, 5) !== "00" && digits.slice(5) !== "0000";
}

/** Internal Revenue Service: area 9xx, group 50-65, 70-88, 90-92 or 94-99. */
function isIssuableItin(digits: string): boolean {
  const group = Number(digits.slice(3, 5));
  return digits.startsWith("9") && group >= 50 && !(group > 65 && group < 70) && group !== 89 && group !== 93;
}

export const usNumbers: readonly NumberForm[] = [
  {
    entity: "ssn",
    named: ["9"],
    telling: ["3-2-4", "3 2 4", "3.2.4"],
    checks: isIssuableSsn,
    checked: false,
    words: ssnWords,
  },
  {
    entity: "itin",
    named: ["9", "3-2-4", "3 2 4"],
    checks: isIssuableItin,
    checked: false,
    words: /\b(?:itin|taxpayer|tax (?:id|ident|number)|tin|irs|w-?7)\b/,
  },
  {
    entity: "npi",
    named: ["10", "3-3-4", "4-3-3", "4 3 3"],
    checks: (digits) => /^[12]/.test(digits) && luhn(`80840${digits}`),
    checked: true,
    words: /\b(?:npi|national provider|provider (?:id|ident|number|no)|nppes)\b/,
  },
];
