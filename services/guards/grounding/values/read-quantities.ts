/**
 * Numbers with what they count: digits with any grouping (`1,000`, `1.000`,
 * `1 000`), words (`twenty-five`), scales (`3.1 million`, `20k`), percent,
 * currencies, units, shares (`half`, `one in five`). A writing that has two
 * readings keeps both.
 */
import type { ReadText } from "../text/read-text.ts";
import type { Word } from "../text/read-words.ts";
import { numeralOf } from "./number-words.ts";
import { place, yearOf } from "./read-dates.ts";
import { unitOf, type Unit } from "./units.ts";
import type { Quantity } from "./value.ts";

const hedges = new Set(
  `about around approximately approx roughly nearly almost over under some circa ca c than least most up to close
  estimated rund etwa ungefahr fast knapp gut uber mehr als gegen environ pres presque plus casi cerca unos aproximadamente quasi circa
  bijna ongeveer`.split(/\s+/),
);
/** One in how many each word is. */
const fractions: ReadonlyMap<string, number> = new Map(
  `half:2 halves:2 halfte:2 moitie:2 mitad:2 third:3 thirds:3 drittel:3 quarter:4 quarters:4 viertel:4 fifth:5 fifths:5
  tenth:10 tenths:10`
    .split(/\s+/)
    .map((row) => [row.split(":")[0] ?? "", Number(row.split(":")[1])] as const),
);
const percent = unitOf("percent") ?? null;

interface Parsed {
  readonly readings: readonly number[];
  readonly digits: number;
  /** The word behind it. */
  readonly last: number;
  readonly form: Quantity["form"];
}

/** The quantity that begins at a word; null when none does. */
export function quantityAt(read: ReadText, at: number): Quantity | null {
  const { words, text } = read;
  const share = shareAt(read, at);
  if (share !== null) return quantity(read, at, { ...share, unit: percent, unitEnd: share.last });
  const bare = words[at]?.kind === "number" ? digitsAt(read, at) : wordsAt(read, at);
  if (bare === null) return null;
  const money = unitBefore(text.folded, words[at]);
  const scaled = scale(read, bare, money);
  const [unit, unitEnd] = unitAfter(read, scaled.last);
  return quantity(read, at, { ...scaled, unit: money ?? unit, unitEnd: money === null ? unitEnd : scaled.last });
}

function quantity(read: ReadText, at: number, parsed: Parsed & { unit: Unit | null; unitEnd: number }): Quantity {
  const { words } = read;
  const plain = parsed.form === "digits" && parsed.last === at + 1 && parsed.unit === null;
  return {
    kind: "quantity",
    readings: parsed.readings,
    digits: parsed.digits,
    unit: parsed.unit,
    hedged: hedges.has(words[at - 1]?.text ?? "") || hedges.has(words[at - 2]?.text ?? ""),
    form: parsed.form,
    year: plain && yearOf(words[at]) !== null,
    ...place(words, { first: at, last: Math.max(parsed.last, parsed.unitEnd) }),
  };
}

/** Digits and what groups them. `1,234.5` has one reading; `1.234` has two; 1.2.3 is a version and none. */
function digitsAt({ words, text: { folded } }: ReadText, at: number): Parsed | null {
  const groups = [words[at]?.text ?? ""];
  const signs: string[] = [];
  let last = at + 1;
  for (; last < words.length && groups.length < 7; last++) {
    const [before, word] = [words[last - 1], words[last]];
    if (before === undefined || word?.kind !== "number") break;
    // Tokenisers write 10, 000.
    const loose = word.text === "000" && folded.slice(before.end, word.start) === ", ";
    if (word.start !== before.end + 1 && !loose) break;
    const sign = folded.charAt(before.end);
    const spaced = sign === " " && word.text.length === 3 && (groups[0]?.length ?? 9) <= 3;
    if (sign !== "." && sign !== "," && sign !== "'" && !spaced) break;
    groups.push(word.text);
    signs.push(sign);
  }
  const readings = groups.length === 1 ? [secondYear(words, folded, at)] : readingsOf(groups, signs);
  if (readings.length === 0) return null;
  return { readings, digits: significant(groups), last, form: "digits" };
}

/** The 66 of 1965-66 is 1966. */
function secondYear(words: readonly Word[], folded: string, at: number): number {
  const word = words[at];
  const first = yearOf(words[at - 1]);
  const value = Number(word?.text);
  if (first === null || word?.text.length !== 2 || folded.charAt(word.start - 1) !== "-") return value;
  return first - (first % 100) + value;
}

function readingsOf(groups: readonly string[], signs: readonly string[]): readonly number[] {
  const [head = "", ...tail] = groups;
  const whole = Number(groups.join(""));
  const lastSign = signs.at(-1) ?? "";
  const grouped = head.length <= 3 && tail.every((group) => group.length === 3);
  const same = signs.every((sign) => sign === lastSign);
  const decimal =
    (lastSign === "." || lastSign === ",") &&
    (signs.length === 1 || signs.slice(0, -1).every((sign) => sign !== lastSign));
  const readings = grouped && same ? [whole] : [];
  if (decimal && (signs.length === 1 || tail.slice(0, -1).every((group) => group.length === 3)))
    readings.push(Number(`${groups.slice(0, -1).join("")}.${tail.at(-1) ?? ""}`));
  return readings;
}

function significant(groups: readonly string[]): number {
  const all = groups.join("").replace(/^0+/, "");
  const trimmed = all.length > 15 ? all : all.replace(/0+$/, "");
  return Math.max(1, trimmed.length);
}

/** `three hundred and twenty-five thousand`; a lone `one` or `million` is none. */
function wordsAt({ words, language, text: { folded } }: ReadText, at: number): Parsed | null {
  let [total, current, last, count] = [0, 0, at, 0];
  while (last < words.length && count < 12) {
    if (count > 0 && /[^ -]/.test(folded.slice(words[last - 1]?.end, words[last]?.start))) break;
    const word = words[last]?.text ?? "";
    const joins = count > 0 && (word === "and" || word === "et" || word === "y" || word === "e");
    const numeral = numeralOf(joins ? (words[last + 1]?.text ?? "") : word, language);
    if (numeral === undefined || (joins && numeral.kind === "scale")) break;
    const { kind, value } = numeral;
    if (kind === "one" && count > 0 && (current % 10 !== 0 || (value > 9 && current % 100 !== 0))) break;
    if (kind === "ten" && current % 100 !== 0) break;
    if (kind === "scale" && count === 0 && !isArticle(words[at - 1]?.text)) return null;
    if (kind !== "scale") current += value;
    else if (value === 100) current = Math.max(1, current) * 100;
    else [total, current] = [total + Math.max(1, current) * value, 0];
    last += joins ? 2 : 1;
    count++;
  }
  const value = total + current;
  if (count === 0 || (value === 1 && count === 1)) return null;
  return { readings: [value], digits: significant([String(value)]), last, form: "words" };
}

function isArticle(word: string | undefined): boolean {
  return word === "a" || word === "an" || word === "eine" || word === "un" || word === "one";
}

/** `5 million`, `20k`, `$5m`. An `m` without money before it is metres as well. */
function scale({ words, language }: ReadText, parsed: Parsed, money: Unit | null): Parsed {
  const word = words[parsed.last];
  if (word === undefined) return parsed;
  if (word.text === "m" && money !== null) return multiplied(parsed, 1e6);
  if ((word.text === "b" || word.text === "bn") && money !== null) return multiplied(parsed, 1e9);
  if (word.text === "k" && word.start !== words[parsed.last - 1]?.end) return parsed;
  const numeral = numeralOf(word.text, language) ?? numeralOf(word.text, null);
  return numeral?.kind === "scale" ? multiplied(parsed, numeral.value) : parsed;
}

function multiplied(parsed: Parsed, by: number): Parsed {
  return { ...parsed, readings: parsed.readings.map((value) => value * by), last: parsed.last + 1 };
}

function unitBefore(folded: string, word: Word | undefined): Unit | null {
  if (word === undefined) return null;
  const near = folded.slice(Math.max(0, word.start - 2), word.start).trimEnd();
  const unit = near === "" ? undefined : unitOf(near.slice(-1));
  return unit?.dimension === "money" ? unit : null;
}

/** The unit behind a number, and the word behind the unit. */
function unitAfter({ words, text: { folded } }: ReadText, at: number): readonly [Unit | null, number] {
  const end = words[at - 1]?.end ?? 0;
  const near = folded.slice(end, end + 3).trimStart();
  const sign = unitOf(near.charAt(0)) ?? (near.startsWith("°") ? unitOf(near.slice(0, 2)) : undefined);
  if (sign !== undefined && !/^[a-z]/.test(near)) return [sign, at];
  const word = words[at];
  if (word === undefined || word.start > end + 3 || folded.slice(end, word.start).includes(".")) return [null, at];
  if (word.text === "per" || word.text === "pour" || word.text === "por")
    return /^(?:cent|ciento|cento)$/.test(words[at + 1]?.text ?? "") ? [percent, at + 2] : [null, at];
  if (word.text === "degrees" || word.text === "grad") return [unitOf(words[at + 1]?.text ?? "") ?? null, at + 2];
  if (word.text === "us" || word.text === "square") return [null, at];
  const next = words[at + 1];
  if (word.text === "km" && (next?.text === "h" || next?.text === "2"))
    return [unitOf(`km${next.text}`) ?? null, at + 2];
  const unit = unitOf(word.text);
  return unit === undefined ? [null, at] : [unit, at + 1];
}

/** `half`, `two thirds`, `one in five`, as percent. */
function shareAt({ words, language }: ReadText, at: number): Parsed | null {
  const [one, two, three] = [words[at], words[at + 1], words[at + 2]];
  if (one === undefined) return null;
  const alone = fractions.get(one.text);
  const found = (share: number, last: number): Parsed => ({ readings: [share * 100], digits: 2, last, form: "share" });
  if (alone === 2) return found(1 / 2, at + 1);
  const count = one.kind === "number" ? Number(one.text) : one.text === "a" ? 1 : numeralOf(one.text, language)?.value;
  if (count === undefined || two === undefined) return null;
  const parts = fractions.get(two.text);
  const isShare = two.text.endsWith("s") || three?.text === "of" || parts === 2;
  if (parts !== undefined && parts > count && isShare) {
    const ofPoints = three?.text === "of" && unitOf(words[at + 4]?.text ?? "")?.dimension === "share";
    const whole = found(count / parts, at + 2);
    // A quarter of a percentage point is 0.25, and 25 basis points.
    return ofPoints ? { ...whole, readings: [count / parts, ...whole.readings] } : whole;
  }
  if (two.text !== "in" || three === undefined || one.text === "a") return null;
  const whole = three.kind === "number" ? Number(three.text) : numeralOf(three.text, language)?.value;
  return whole !== undefined && whole > count && whole <= 100 && yearOf(three) === null
    ? found(count / whole, at + 3)
    : null;
}
