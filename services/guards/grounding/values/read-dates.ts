/**
 * Dates in their writings: `12 March 2021`, `March 12th`, `12. März 2021`,
 * `le 12 mars 2021`, 2021-03-12, 12/03/21, decades and centuries, times of
 * day. A writing that has two readings keeps both.
 */
import type { ReadText } from "../text/read-text.ts";
import type { Word } from "../text/read-words.ts";
import type { DateParts, DateValue, Period, TimeOfDay } from "./value.ts";

const monthWords: readonly string[] = [
  "january jan januar janner janvier enero gennaio janeiro januari stycznia",
  "february feb februar fevrier febrero febbraio fevereiro februari lutego",
  "march mar marz maerz mars marzo marco maart marca",
  "april apr avril abril aprile kwietnia",
  "may mai mayo maggio maio mei maja",
  "june jun juni juin junio giugno junho czerwca",
  "july jul juli juillet julio luglio julho lipca",
  "august aug aout agosto augustus sierpnia",
  "september sep sept septembre septiembre settembre setembro wrzesnia",
  "october oct okt oktober octobre octubre ottobre outubro pazdziernika",
  "november nov novembre noviembre novembro listopada",
  "december dec dez dezember decembre diciembre dicembre dezembro grudnia",
];
const months: ReadonlyMap<string, number> = new Map(
  monthWords.flatMap((line, at) => line.split(" ").map((word) => [word, at + 1] as const)),
);
/** What follows the number of a day or a century. */
const ordinalEnds = new Set(["st", "nd", "rd", "th", "er", "e", "ten"]);
const links = new Set(["of", "de", "del", "den", "van", "d"]);

export type Dated = DateValue | Period | TimeOfDay;

/** The date, period or time of day that begins at a word; null when none does. */
export function dateAt(read: ReadText, at: number): Dated | null {
  const word = read.words[at];
  if (word === undefined) return null;
  if (word.kind !== "number") return monthFirst(read, at);
  return numeric(read, at) ?? timeOfDay(read, at) ?? period(read, at) ?? dayFirst(read, at);
}

/** Some are other words too: alone, without a day or a year, a month has a capital letter and its full name. */
function monthFirst({ words }: ReadText, at: number): DateValue | null {
  const month = monthAt(words, at);
  if (month === null) return null;
  const dayAt = smallNumber(words, at + 1);
  const afterDay = dayAt === null ? at + 1 : skip(words, at + 2, ordinalEnds);
  const yearAt = dayAt === null ? skip(words, afterDay, links) : afterDay;
  const year = yearOf(words[yearAt]);
  if (dayAt === null && year === null && words[at]?.case === "small") return null;
  if (dayAt === null && year === null && words[at]?.text.length === 3 && words[at]?.text !== "may") return null;
  const last = year === null ? (dayAt === null ? at + 1 : afterDay) : yearAt + 1;
  return dateFrom(words, { first: at, last }, [{ year, month, day: dayAt }]);
}

function dayFirst({ words }: ReadText, at: number): DateValue | null {
  const day = smallNumber(words, at);
  if (day === null) return null;
  const monthPlace = skip(words, skip(words, at + 1, ordinalEnds), links);
  const month = monthAt(words, monthPlace);
  if (month === null) return null;
  const yearAt = skip(words, monthPlace + 1, links);
  const year = yearOf(words[yearAt]);
  return dateFrom(words, { first: at, last: year === null ? monthPlace + 1 : yearAt + 1 }, [{ year, month, day }]);
}

/** 2021-03-12, 12.03.2021, 3/12/21. */
function numeric({ words, text }: ReadText, at: number): DateValue | null {
  const three = [words[at], words[at + 1], words[at + 2]];
  const [one, two, last] = three;
  if (one === undefined || two === undefined || last === undefined) return null;
  if (three.some((word) => word?.kind !== "number")) return null;
  const sign = text.folded.charAt(one.end);
  if (!"-/.".includes(sign) || two.start !== one.end + 1) return null;
  if (text.folded.charAt(two.end) !== sign || last.start !== two.end + 1) return null;
  const [a = 0, b = 0, c = 0] = [one, two, last].map((word) => Number(word.text));
  const span = { first: at, last: at + 3 };
  if (one.text.length === 4) return dateFrom(words, span, valid([{ year: a, month: b, day: c }]));
  if (one.text.length > 2 || two.text.length > 2 || (last.text.length !== 4 && last.text.length !== 2)) return null;
  const year = last.text.length === 4 ? c : c + (c < 50 ? 2000 : 1900);
  const readings = [{ year, month: b, day: a }, ...(sign === "." ? [] : [{ year, month: a, day: b }])];
  return dateFrom(words, span, valid(readings));
}

function valid(readings: readonly DateParts[]): readonly DateParts[] {
  return readings.filter(
    ({ month, day }) => (month ?? 0) >= 1 && (month ?? 0) <= 12 && (day ?? 0) >= 1 && (day ?? 0) <= 31,
  );
}

function timeOfDay({ words, text }: ReadText, at: number): TimeOfDay | null {
  const [hour, minute] = [words[at], words[at + 1]];
  if (hour === undefined) return null;
  const clock =
    minute?.kind === "number" &&
    minute.text.length === 2 &&
    text.folded.charAt(hour.end) === ":" &&
    minute.start === hour.end + 1;
  const next = at + (clock ? 2 : 1);
  const half = words[next]?.text;
  const named = half === "am" || half === "pm" || half === "uhr";
  const hours = Number(hour.text);
  if ((!clock && !named) || hours > 24 || hour.text.length > 2) return null;
  const minutes = (hours % (named && half !== "uhr" ? 12 : 24)) * 60 + (clock ? Number(minute?.text) : 0);
  const readings =
    half === "pm"
      ? [minutes + 720]
      : half === "am" || half === "uhr" || hours > 12
        ? [minutes]
        : [minutes, minutes + 720];
  return { kind: "time", readings, ...place(words, { first: at, last: named ? next + 1 : next }) };
}

/** 1990s, 19th century. */
function period({ words }: ReadText, at: number): Period | null {
  const [number, next, third] = [words[at], words[at + 1], words[at + 2]];
  if (number === undefined || next === undefined) return null;
  const value = Number(number.text);
  const joined = next.start === number.end || (next.start === number.end + 1 && next.text === "s");
  if (number.text.length === 4 && value % 10 === 0 && joined && (next.text === "s" || next.text === "er")) {
    const span = value % 100 === 0 ? 99 : 9;
    return { kind: "period", from: value, to: value + span, ...place(words, { first: at, last: at + 2 }) };
  }
  const isCentury = ordinalEnds.has(next.text) && third?.text === "century";
  const isGerman = next.text === "jahrhundert" || next.text === "jahrhunderts";
  if (number.text.length > 2 || (!isCentury && !isGerman)) return null;
  const from = (value - 1) * 100;
  return { kind: "period", from, to: from + 100, ...place(words, { first: at, last: at + (isCentury ? 3 : 2) }) };
}

function monthAt(words: readonly Word[], at: number): number | null {
  return months.get(words[at]?.text ?? "") ?? null;
}

function smallNumber(words: readonly Word[], at: number): number | null {
  const word = words[at];
  if (word?.kind !== "number" || word.text.length > 2) return null;
  const day = Number(word.text);
  return day >= 1 && day <= 31 ? day : null;
}

export function yearOf(word: Word | undefined): number | null {
  if (word?.kind !== "number" || word.text.length !== 4) return null;
  const year = Number(word.text);
  return year >= 1000 && year <= 2100 ? year : null;
}

function skip(words: readonly Word[], at: number, over: ReadonlySet<string>): number {
  return over.has(words[at]?.text ?? "") ? at + 1 : at;
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function dateFrom(words: readonly Word[], range: Range, readings: readonly DateParts[]): DateValue | null {
  return readings.length === 0 ? null : { kind: "date", readings, ...place(words, range) };
}

export function place(
  words: readonly Word[],
  { first, last }: Range,
): Range & { readonly start: number; readonly end: number } {
  return { first, last, start: words[first]?.start ?? 0, end: words[last - 1]?.end ?? 0 };
}
