/**
 * Medicare beneficiary identifiers (MBI: the pattern of the Centers for
 * Medicare and Medicaid Services, no check digit) and prescribers' DEA numbers
 * (with one).
 */
import type { WordForm } from "../national/word-forms.ts";

/** The letters that MBIs use: no s, l, o, i, b, z. */
const mbi = /^[1-9][ac-hjkmnp-rt-y][ac-hjkmnp-rt-y\d]\d[ac-hjkmnp-rt-y][ac-hjkmnp-rt-y\d]\d[ac-hjkmnp-rt-y]{2}\d\d$/;

export function isMbi(word: string): boolean {
  return mbi.test(word);
}

/** 21 CFR 1301: the registrant's letter, then the name's or 9, then seven digits. */
function isDea(word: string): boolean {
  const digit = (at: number): number => Number(word[at + 1]);
  const sum = digit(1) + digit(3) + digit(5) + 2 * (digit(2) + digit(4) + digit(6));
  return /^[a-hj-nprstux][a-z9]/.test(word) && sum % 10 === digit(7);
}

export const healthWords: readonly WordForm[] = [
  { entity: "mbi", patterns: ["9a*9a*9aa99"], checks: isMbi, checked: true, words: null },
  {
    entity: "dea",
    patterns: ["aa9999999", "a99999999"],
    checks: isDea,
    checked: true,
    words: /\bdea\b|prescri|controlled substance|\brx\b|pharmac|physician|provider|practitioner|\bdr\b|doctor/,
  },
];
