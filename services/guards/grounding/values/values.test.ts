import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { indexValues } from "../passages/value-index.ts";
import { readText } from "../text/read-text.ts";
import { readValues } from "./read-values.ts";
import type { Value } from "./value.ts";

function shown(value: Value): string {
  if (value.kind === "quantity")
    return `${value.readings.join("|")}${value.unit === null ? "" : ` ${value.unit.name}`}`;
  if (value.kind === "period") return `${value.from}-${value.to}`;
  if (value.kind === "time") return `${value.readings.join("|")} min`;
  return value.readings.map(({ year, month, day }) => `${year ?? "?"}-${month ?? "?"}-${day ?? "?"}`).join("|");
}

const readings: readonly (readonly [text: string, values: readonly string[]])[] = [
  ["1,000 and 1.000 and 1 000 000", ["1000|1", "1000|1", "1000000"]],
  ["1,234.5 or 1.234,5", ["1234.5", "1234.5"]],
  ["one thousand, a hundred, twenty-five, three hundred and two", ["1000", "100", "25", "302"]],
  ["$3.1 million and £20k, 5m of rope", ["3100000 usd", "20000 gbp", "5 m"]],
  ["20 %, 20%, 20 percent, 20 per cent", ["20 percent", "20 percent", "20 percent", "20 percent"]],
  ["half of them, two thirds, one in five", ["50 percent", `${(2 / 3) * 100} percent`, "20 percent"]],
  ["a third cousin in his fifth season", ["3", "5"]],
  [
    "5 miles, 8 km, 30 °C, 86 degrees Fahrenheit, 90 km/h",
    ["5 mile", "8 km", "30 celsius", "86 fahrenheit", "90 km/h"],
  ],
  [
    "12 March 2021, March 12, 2021, 12th of March 2021, 2021-03-12",
    ["2021-3-12", "2021-3-12", "2021-3-12", "2021-3-12"],
  ],
  ["03/04/2021 and 25/12/99", ["2021-4-3|2021-3-4", "1999-12-25"]],
  ["March 2021, on March 12, in May", ["2021-3-?", "?-3-12", "?-5-?"]],
  ["they may march in 1999", ["1999"]],
  ["the 1990s and the 19th century", ["1990-1999", "1800-1900"]],
  ["the season 1965-66", ["1965", "1966"]],
  ["8:46 pm, 20:46, 3 am", ["1246 min", "1246 min", "180 min"]],
  ["see [3]\n1. first\n2) second", []],
  ["a lone one is none, and once is no number", []],
];
for (const [text, values] of readings)
  test(`reads ${text.replaceAll("\n", " / ")}`, () =>
    assert.deepEqual(readValues(readText(text, "en")).map(shown), values));

const foreign: readonly (readonly [
  language: "de" | "fr" | "es" | "it" | "nl",
  text: string,
  values: readonly string[],
])[] = [
  [
    "de",
    "am 12. März 2021 fünfundzwanzig Prozent, 1.000 Meter, zwei Millionen",
    ["2021-3-12", "25 percent", "1000|1 m", "2000000"],
  ],
  ["fr", "le 12 mars 2021, vingt-cinq, 20 pour cent", ["2021-3-12", "25", "20 percent"]],
  ["es", "el 12 de marzo de 2021, veinte por ciento, dos mil", ["2021-3-12", "20 percent", "2000"]],
  ["it", "il 12 marzo 2021, tre ore", ["2021-3-12", "3 hour"]],
  ["nl", "op 12 maart 2021 vijfentwintig uur", ["2021-3-12", "25 hour"]],
];
for (const [language, text, values] of foreign)
  test(`reads ${language}: ${text}`, () => assert.deepEqual(readValues(readText(text, language)).map(shown), values));

const lookups: readonly (readonly [context: string, answer: string, found: string])[] = [
  ["1,000 people", "one thousand people", "found"],
  ["3,085,000 people", "3.1 million people", "found"],
  ["3,085,000 people", "3.2 million people", "absent"],
  ["985 people", "about 1,000 people", "found"],
  ["985 people", "1,000 people", "found"],
  ["985 people", "995 people", "absent"],
  ["5 miles", "8 km", "found"],
  ["5 miles", "5 km", "unit"],
  ["86 °F", "30 degrees Celsius", "found"],
  ["90 minutes", "1.5 hours", "found"],
  ["$500", "€500", "unit"],
  ["$500", "500", "found"],
  ["52 %", "half", "found"],
  ["20 percent", "one in five", "found"],
  ["on 12 March 2021", "on March 12th", "found"],
  ["on 12 March 2021", "on 13 March 2021", "absent"],
  ["on 12 March 2021", "in April 2021", "absent"],
  ["on 12 March. It was 2021", "2021-03-12", "found"],
  ["in 1994", "in the 1990s", "found"],
  ["in 1994", "in 1995", "absent"],
  ["in 1994", "in the 18th century", "absent"],
  ["at 8:46 pm", "at 20:46", "found"],
  ["at 8:46 pm", "at 8:46 am", "absent"],
  ["in 1998", "in 2000", "absent"],
];
for (const [context, answer, found] of lookups)
  test(`"${context}" and "${answer}": ${found}`, () => {
    const lookUp = indexValues(readValues(readText(context, "en")));
    const [value] = readValues(readText(answer, "en"));
    assert.ok(value !== undefined);
    assert.equal(lookUp(value), found);
  });

/** Whether a context in which one value is written so holds it when it is written otherwise. */
function isHeld(context: string, answer: string): boolean {
  const [value] = readValues(readText(answer, "en"));
  return value !== undefined && indexValues(readValues(readText(context, "en")))(value) === "found";
}

test("a whole number is the same however its thousands are parted", () => {
  const writings = [",", ".", " ", "'", ""].map(
    (sign) => (value: number) => String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, sign),
  );
  const writing = fc.constantFrom(...writings);
  fc.assert(
    fc.property(fc.integer({ min: 3000, max: 999_999_999 }), writing, writing, (value, one, other) => {
      assert.ok(isHeld(`There were ${one(value)} of them.`, `It had ${other(value)} of these.`));
    }),
  );
});

test("a day is the same however it is written, and no other day", () => {
  const months = "January February March April May June July August September October November December".split(" ");
  const writings = [
    (year: number, month: number, day: number) => `${day} ${months[month - 1]} ${year}`,
    (year: number, month: number, day: number) => `${months[month - 1]} ${day}, ${year}`,
    (year: number, month: number, day: number) =>
      `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`,
    (year: number, month: number, day: number) => `${day}.${month}.${year}`,
  ];
  const writing = fc.constantFrom(...writings);
  const [years, monthsOf, days] = [
    fc.integer({ min: 1800, max: 2090 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 27 }),
  ];
  fc.assert(
    fc.property(years, monthsOf, days, fc.tuple(writing, writing), (year, month, day, [one, other]) => {
      assert.ok(isHeld(`On ${one(year, month, day)} it rained.`, `It rained on ${other(year, month, day)}.`));
      assert.ok(!isHeld(`On ${one(year, month, day)} it rained.`, `It rained on ${other(year, month, day + 1)}.`));
    }),
  );
});
