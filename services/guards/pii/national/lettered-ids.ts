/**
 * Identity and tax numbers that hold letters: Spain, Italy, the United Kingdom,
 * India, Singapore, Mexico, Finland and Ireland. Words are folded: lower case.
 */
import { weighted } from "../checksums.ts";
import type { WordForm } from "./word-forms.ts";

/** Spain: DNI, and NIE with X, Y or Z for 0, 1 or 2. */
function isDni(word: string): boolean {
  const lead = "xyz".indexOf(word.charAt(0));
  const number = Number(lead < 0 ? word.slice(0, -1) : `${lead}${word.slice(1, -1)}`);
  return "trwagmyfpdxbnjzsqvhlcke"[number % 23] === word.at(-1);
}

/** Spain: companies; the last is a digit or the letter for it. */
function isCif(word: string): boolean {
  let sum = 0;
  for (let at = 1; at < 8; at++) {
    const digit = Number(word[at]);
    const doubled = digit * 2;
    sum += at % 2 === 1 ? Math.floor(doubled / 10) + (doubled % 10) : digit;
  }
  const check = (10 - (sum % 10)) % 10;
  return /^[a-hjnp-suvw]/.test(word) && (word[8] === String(check) || word[8] === "jabcdefghi"[check]);
}

const oddPlaces = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** Italy: month letter, day (women plus 40), and the last letter checks all. */
function isCodiceFiscale(word: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at++) {
    const value = Number.parseInt(word.charAt(at), 36);
    const rank = value > 9 ? value - 10 : value;
    sum += at % 2 === 0 ? (oddPlaces[rank] ?? 0) : rank;
  }
  return /^.{8}[abcdehlmprst]/.test(word) && String.fromCharCode(0x61 + (sum % 26)) === word.at(-1);
}

/** United Kingdom: prefixes that HMRC gives out. */
export function isNino(word: string): boolean {
  return /^(?!bg|gb|kn|nk|nt|tn|zz)[abceghj-prstw-z][abceghj-nprstw-z]\d{6}[a-d]$/.test(word);
}

/** Singapore: NRIC and FIN. */
function isNric(word: string): boolean {
  const offset = /^[tg]/.test(word) ? 4 : word.startsWith("m") ? 3 : 0;
  const rest = (weighted(word.slice(1, 8), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  const letters = /^[st]/.test(word) ? "jzihgfedcba" : word.startsWith("m") ? "xwutrqpnjlk" : "xwutrqpmlkn";
  return /^[stfgm]/.test(word) && letters[rest] === word.at(-1);
}

/** Mexico: the last digit checks 17 places, ñ standing between n and o. */
function isCurp(word: string): boolean {
  let sum = 0;
  for (let at = 0; at < 17; at++) {
    const value = Number.parseInt(word.charAt(at), 36);
    sum += (value > 23 ? value + 1 : value) * (18 - at);
  }
  return /^.{10}[hmx]/.test(word) && (10 - (sum % 10)) % 10 === Number(word.at(-1));
}

/** Ireland: PPS numbers. */
function isPps(word: string): boolean {
  const second = word.length === 9 ? (word.charCodeAt(8) - 0x60) * 9 : 0;
  return "wabcdefghijklmnopqrstuv"[(weighted(word, [8, 7, 6, 5, 4, 3, 2]) + second) % 23] === word.charAt(7);
}

/** China: those that end in X. */
function isChineseX(word: string): boolean {
  const sum = weighted(word, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
  return word.endsWith("x") && sum % 11 === 2 && /^.{6}(?:19|20)\d\d(?:0\d|1[0-2])/.test(word);
}

/** Corsicans: 2A counts as 19, 2B as 18. */
function isCorsicanNir(word: string): boolean {
  if (!/^[12]\d{4}2[ab]\d+$/.test(word)) return false;
  const number = BigInt(word.slice(0, 13).replace("2a", "19").replace("2b", "18"));
  return 97n - (number % 97n) === BigInt(word.slice(13));
}

const checked = { checked: true } as const;

export const letteredIds: readonly WordForm[] = [
  {
    ...checked,
    entity: "nationalId",
    patterns: ["99999999a"],
    checks: isDni,
    words: /\bdni\b|\bnif\b|identidad|\btax\b|national id/,
  },
  {
    ...checked,
    entity: "nationalId",
    patterns: ["a9999999a"],
    checks: (word) => /^[xyz]/.test(word) && isDni(word),
    words: null,
  },
  {
    ...checked,
    entity: "taxId",
    patterns: ["a9999999*"],
    checks: isCif,
    words: /\bcif\b|\bnif\b|\biva\b|\bvat\b|\btax\b/,
  },
  { ...checked, entity: "nationalId", patterns: ["aaaaaa99a99a999a"], checks: isCodiceFiscale, words: null },
  {
    checked: false,
    entity: "nationalId",
    patterns: ["aa999999a"],
    checks: isNino,
    words: /\bnino\b|national insurance|\bni (?:no|num)|\bni\b|insurance n/,
  },
  {
    checked: false,
    entity: "taxId",
    patterns: ["aaaaa9999a"],
    checks: (word) => /^...[abcfghljpt]/.test(word),
    words: /\bpan\b|permanent account|income tax|\btax\b/,
  },
  {
    ...checked,
    entity: "nationalId",
    patterns: ["a9999999a"],
    checks: isNric,
    words: /\bnric\b|\bfin\b|identity|\bic (?:no|num)|singapore/,
  },
  { ...checked, entity: "nationalId", patterns: ["aaaa999999aaaaaa*9"], checks: isCurp, words: null },
  {
    ...checked,
    entity: "taxId",
    patterns: ["9999999a", "9999999aa"],
    checks: isPps,
    words: /\bpps/,
  },
  { ...checked, entity: "nationalId", patterns: ["99999999999999999a"], checks: isChineseX, words: null },
  {
    ...checked,
    entity: "nationalId",
    patterns: ["999999a99999999"],
    checks: isCorsicanNir,
    words: /\bnir\b|securite sociale|\bsecu\b|social security/,
  },
];
