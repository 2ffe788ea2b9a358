/** Dates of birth in figures and words, in several languages; other dates are left. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { findBirthDates } from "./birth-date.ts";

const found = (text: string) => findBirthDates(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end));

const dates: readonly [text: string, date: string][] = [
  ["DOB: 03/12/1980", "03/12/1980"],
  ["D.O.B. 3-12-80", "3-12-80"],
  ["date of birth 1980-12-03.", "1980-12-03"],
  ["She was born on March 3rd, 1985 in Leeds", "March 3rd, 1985"],
  ["born 3 March 1985", "3 March 1985"],
  ["birthday: Mar 3 1985", "Mar 3 1985"],
  ["geboren am 3. März 1980", "3. März 1980"],
  ["Geburtsdatum 03.12.1980", "03.12.1980"],
  ["née le 3 février 1980", "3 février 1980"],
  ["fecha de nacimiento: 3 de mayo de 1980", "3 de mayo de 1980"],
];
for (const [text, date] of dates) test(`finds the date in "${text}"`, () => assert.deepEqual(found(text), [date]));

const others: readonly [what: string, text: string][] = [
  ["a date alone", "the meeting on 03/12/2024"],
  ["a year", "born in 1980"],
  ["a second date", "born 3 March 1985, died 4 May 2020".slice(19)],
  ["a date that another number parts from the word", "born the 2nd of 5, on 03/12/2024"],
  ["a version", "born version 3.12.1980.4"],
];
for (const [what, text] of others) test(`takes none from ${what}`, () => assert.deepEqual(found(text), []));

test("one look tells that a text full of numbers speaks of no birth", () => {
  assert.deepEqual(found("03/12/1980 ".repeat(60)), []);
  assert.equal(found(`${"03/12/1980 ".repeat(60)} dob 01/02/1990`).length, 1);
});
