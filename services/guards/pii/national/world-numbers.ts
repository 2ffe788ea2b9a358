/**
 * Identity and tax numbers of the Americas, Asia, Africa and Oceania that are
 * written in digits alone, each with its country's own check digits.
 */
import { luhn, remainder, verhoeff, weighted } from "../checksums.ts";
import { isDate } from "./dates.ts";
import type { NumberForm } from "./number-forms.ts";

/** Brazil: two check digits modulo 11, each over what stands before it. */
function brazilianChecks(digits: string, first: readonly number[], second: readonly number[]): boolean {
  const check = (weights: readonly number[]): number => {
    const rest = weighted(digits, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const at = first.length;
  return check(first) === Number(digits[at]) && check(second) === Number(digits[at + 1]);
}

function isCpf(digits: string): boolean {
  const varied = new Set(digits).size > 1;
  return varied && brazilianChecks(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
}

function isCnpj(digits: string): boolean {
  const tail = [9, 8, 7, 6, 5, 4, 3, 2];
  return new Set(digits).size > 1 && brazilianChecks(digits, [5, 4, 3, 2, ...tail], [6, 5, 4, 3, 2, ...tail]);
}

/** Argentina: CUIT and CUIL. */
function isCuit(digits: string): boolean {
  const rest = 11 - (weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
  return /^(?:2[0347]|3[034])/.test(digits) && (rest === 11 ? 0 : rest) === Number(digits[10]);
}

function isAustralianTfn(digits: string): boolean {
  return weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0;
}

function isAbn(digits: string): boolean {
  const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
  return !digits.startsWith("0") && (weighted(digits, weights) - 10) % 89 === 0;
}

function isAustralianMedicare(digits: string): boolean {
  return /^[2-6]/.test(digits) && weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(digits[8]);
}

function isMyNumber(digits: string): boolean {
  const rest = weighted(digits, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
  return (rest < 2 ? 0 : 11 - rest) === Number(digits[11]);
}

/** Korea, before the numbers of October 2020, which have no check digit. */
function isKorean(digits: string): boolean {
  const sum = weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
  return isDate(digits.slice(2, 4), digits.slice(4, 6)) && (11 - (sum % 11)) % 10 === Number(digits[12]);
}

/** China, GB 11643: those that end in a digit. */
function isChinese(digits: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const dated = /^(?:19|20)$/.test(digits.slice(6, 8)) && isDate(digits.slice(10, 12), digits.slice(12, 14));
  return dated && "10X98765432"[weighted(digits, weights) % 11] === digits[17];
}

function isSouthAfrican(digits: string): boolean {
  return isDate(digits.slice(2, 4), digits.slice(4, 6)) && /[01]/.test(digits.charAt(10)) && luhn(digits);
}

/** Türkiye: the tenth digit checks odd and even places, the eleventh all. */
function isTurkish(digits: string): boolean {
  const odd = weighted(digits, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(digits, [0, 1, 0, 1, 0, 1, 0, 1]);
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return !digits.startsWith("0") && tenth === Number(digits[9]) && (odd + even + tenth) % 10 === Number(digits[10]);
}

/** England: NHS numbers. */
function isNhs(digits: string): boolean {
  const check = 11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return (check === 11 ? 0 : check) === Number(digits[9]) && remainder(digits, 10 ** 10) > 0;
}

const checked = { checked: true } as const;

export const worldNumbers: readonly NumberForm[] = [
  { ...checked, entity: "nationalId", named: ["11"], telling: ["3.3.3-2"], checks: isCpf, words: /\bcpf\b|\btax\b/ },
  { ...checked, entity: "taxId", named: ["14"], telling: ["2.3.3/4-2"], checks: isCnpj, words: /\bcnpj\b|\btax\b/ },
  { ...checked, entity: "taxId", named: ["11"], telling: ["2-8-1"], checks: isCuit, words: /\bcui[tl]\b/ },
  {
    ...checked,
    entity: "nationalId",
    named: ["12", "4 4 4", "4-4-4"],
    checks: (digits) => /^[2-9]/.test(digits) && verhoeff(digits),
    words: /aadh?aa?r|\buidai\b|\buid\b|unique identification/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["9", "3 3 3", "3-3-3"],
    checks: (digits) => !/^(?:8|000)/.test(digits) && luhn(digits),
    words: /\bsin\b|\bsin#|social insurance|\bnas\b|assurance sociale/,
  },
  {
    ...checked,
    entity: "taxId",
    named: ["9", "3 3 3", "3-3-3"],
    checks: isAustralianTfn,
    words: /\btfn\b|tax file/,
  },
  { ...checked, entity: "taxId", named: ["11", "2 3 3 3"], checks: isAbn, words: /\babn\b|business number/ },
  { ...checked, entity: "mrn", named: ["10", "4 5 1"], checks: isAustralianMedicare, words: /\bmedicare\b/ },
  {
    ...checked,
    entity: "nationalId",
    named: ["12", "4 4 4", "4-4-4"],
    checks: isMyNumber,
    words: /my number|マイナンハ|個人番号|individual number/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["13"],
    telling: ["6-7"],
    checks: isKorean,
    words: /resident|주민|\brrn\b/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: [],
    telling: ["18"],
    checks: isChinese,
    words: /身份证/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["13"],
    checks: isSouthAfrican,
    words: /south african|\brsa\b|\bid (?:no|num|:)|identity n|\bsa id\b/,
  },
  { ...checked, entity: "nationalId", named: ["11"], checks: isTurkish, words: /kimlik|\btckn\b|\btc no\b/ },
  { ...checked, entity: "mrn", named: ["10", "3 3 4", "3-3-4"], checks: isNhs, words: /\bnhs\b/ },
  {
    checked: false,
    entity: "taxId",
    named: ["2-7", "9"],
    checks: (digits) => !/^(?:0[0789]|[12789]9|[78][09]|[0-9]{2}0{7})/.test(digits),
    words: /\bf?ein\b|employer (?:id|tax)|federal (?:tax|employer)/,
  },
];
