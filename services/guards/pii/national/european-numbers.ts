/**
 * Identity and tax numbers of European countries that are written in digits
 * alone, each with its country's own check digits.
 */
import { luhn, mod11And10, remainder, weighted } from "../checksums.ts";
import { isDate } from "./dates.ts";
import type { NumberForm } from "./number-forms.ts";

/** Germany, § 139b AO: in the first ten digits one stands twice or three times. */
function isGermanTaxId(digits: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeated = [...counts.values()].filter((count) => count > 1);
  return !digits.startsWith("0") && repeated.length === 1 && (repeated[0] ?? 0) <= 3 && mod11And10(digits);
}

/** France, INSEE: sex, year, month, place, order; the key completes it to a multiple of 97. */
function isNir(digits: string): boolean {
  const month = Number(digits.slice(3, 5));
  const named = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  return /^[1-478]/.test(digits) && named && 97 - remainder(digits.slice(0, 13), 97) === Number(digits.slice(13));
}

/** France, DGFiP: the last three digits are the first ten modulo 511. */
function isSpi(digits: string): boolean {
  return /^[0-3]/.test(digits) && remainder(digits.slice(0, 10), 511) === Number(digits.slice(10));
}

/** Netherlands: the eleven test. */
function isBsn(digits: string): boolean {
  return digits !== "000000000" && weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0;
}

/** Belgium: the key is 97 less the rest; births from 2000 on count with a 2 before. */
function isBelgianNational(digits: string): boolean {
  const key = Number(digits.slice(9));
  const body = digits.slice(0, 9);
  const month = Number(digits.slice(2, 4)) % 20;
  return month <= 12 && (97 - remainder(body, 97) === key || 97 - remainder(`2${body}`, 97) === key);
}

function isBelgianEnterprise(digits: string): boolean {
  return /^[01]/.test(digits) && 97 - remainder(digits.slice(0, 8), 97) === Number(digits.slice(8));
}

/** Poland: the month carries the century. */
function isPesel(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  const day = Number(digits.slice(4, 6));
  const check = (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10;
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && check === Number(digits[10]);
}

function isNip(digits: string): boolean {
  return !digits.startsWith("0") && weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === Number(digits[9]);
}

/** United Kingdom, HMRC: the first digit checks the others. */
function isUtr(digits: string): boolean {
  return "21987654321"[weighted(digits, [0, 6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === digits[0];
}

/** Norway: two check digits modulo 11. */
function isNorwegian(digits: string): boolean {
  return (
    weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
    weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0
  );
}

/** Switzerland: an EAN-13 that begins with 756. */
function isAhv(digits: string): boolean {
  return digits.startsWith("756") && weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0;
}

/** Sweden: the last ten digits of either length are the number, after Luhn. */
function isPersonnummer(digits: string): boolean {
  const short = digits.slice(-10);
  return isDate(short.slice(2, 4), short.slice(4, 6), 60) && luhn(short);
}

function isCpr(digits: string): boolean {
  return isDate(digits.slice(2, 4), digits.slice(0, 2));
}

function isPortugueseNif(digits: string): boolean {
  const rest = weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return /^[1-35-9]/.test(digits) && (rest < 2 ? 0 : 11 - rest) === Number(digits[8]);
}

const checked = { checked: true } as const;

export const europeanNumbers: readonly NumberForm[] = [
  {
    ...checked,
    entity: "taxId",
    named: ["11", "2 3 3 3"],
    checks: isGermanTaxId,
    words: /steuer|\bid-?nr\b|\bidentifikationsn|\btax\b|\btin\b/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["15", "13 2"],
    telling: ["1 2 2 2 3 3 2"],
    checks: isNir,
    words: /\bnir\b|securite sociale|\bsecu\b|\binsee\b|social security|numero de secu|national id/,
  },
  {
    ...checked,
    entity: "taxId",
    named: ["13", "2 2 3 3 3"],
    checks: isSpi,
    words: /fiscal|\bspi\b|impots?\b|\btax\b|\btin\b/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["9", "4.2.3", "3 3 3", "4 2 3", "4-2-3"],
    checks: isBsn,
    words: /\bbsn\b|burgerservice|\bsofi|citizen service|national id/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["11", "6 3 2", "2 2 2 3 2"],
    telling: ["2.2.2-3.2"],
    checks: isBelgianNational,
    words: /rijksregister|registre national|numero national|national (?:register|number|id)|\binsz\b|\bniss\b|\bnrn\b/,
  },
  {
    ...checked,
    entity: "taxId",
    named: ["10"],
    telling: ["4.3.3"],
    checks: isBelgianEnterprise,
    words: /\bbtw\b|\btva\b|\bkbo\b|\bbce\b|ondernemingsn|numero d'entreprise|enterprise num|\bvat\b/,
  },
  { ...checked, entity: "nationalId", named: ["11"], checks: isPesel, words: /\bpesel\b|national id/ },
  {
    ...checked,
    entity: "taxId",
    named: ["10", "3-3-2-2", "3-2-2-3", "3 3 2 2", "3 2 2 3"],
    checks: isNip,
    words: /\bnip\b|\bvat\b|\btax\b/,
  },
  {
    ...checked,
    entity: "taxId",
    named: ["10", "5 5", "3 5 2"],
    checks: isUtr,
    words: /\butr\b|taxpayer ref|self[ -]assessment|\bhmrc\b|\btax\b/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["11", "6 5"],
    checks: isNorwegian,
    words: /fodselsn|personn|national id|\bd-nummer/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["13", "3 4 4 2"],
    telling: ["3.4.4.2"],
    checks: isAhv,
    words: /\bahv|\bavs\b|sozialversicherung|social security/,
  },
  {
    ...checked,
    entity: "nationalId",
    named: ["10", "12", "6-4", "6 4"],
    telling: ["8-4"],
    checks: isPersonnummer,
    words: /personn|samordningsn|\bpnr\b|national id|identity n/,
  },
  { checked: false, entity: "nationalId", named: ["6-4", "10"], checks: isCpr, words: /\bcpr\b/ },
  {
    ...checked,
    entity: "taxId",
    named: ["9", "3 3 3"],
    checks: isPortugueseNif,
    words: /\bnif\b|contribuinte|\btax\b/,
  },
  {
    ...checked,
    entity: "taxId",
    named: ["11"],
    checks: luhn,
    words: /partita iva|\bp\.? ?iva\b|\bvat\b/,
  },
];
