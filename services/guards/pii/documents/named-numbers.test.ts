/** Passports, driving licences and records: only what a word names, and only what can be a number of that kind. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { findNamedNumbers } from "./named-numbers.ts";

const found = (text: string) =>
  findNamedNumbers(readPiiText(fold(text))).map(({ entity, start, end }) => `${entity} ${text.slice(start, end)}`);

const named: readonly [text: string, expected: string][] = [
  ["passport number C01234567", "passport C01234567"],
  ["My passport is 123456789.", "passport 123456789"],
  ["Passport No: AB1234567", "passport AB1234567"],
  ["Reisepassnummer C01X00T47", "passport C01X00T47"],
  ["My driver's license number is 6940579", "drivingLicence 6940579"],
  ["driving licence MORGA657054SM9IJ", "drivingLicence MORGA657054SM9IJ"],
  ["DL# D123-4567-8901", "drivingLicence D123-4567-8901"],
  ["Führerschein B072RRE2I55", "drivingLicence B072RRE2I55"],
  ["MRN: 00123456", "mrn 00123456"],
  ["MRN-0012345", "mrn MRN-0012345"],
  ["patient ID A1234567 was seen", "mrn A1234567"],
  ["medical record number 445566", "mrn 445566"],
];
for (const [text, expected] of named)
  test(`finds ${expected} in "${text}"`, () => assert.deepEqual(found(text), [expected]));

const others: readonly [what: string, text: string][] = [
  ["a number without a name", "C01234567"],
  ["a name too far away", "my passport was lost on the way to the station, and 123456789 people saw it"],
  ["years of records", "medical records 2020-2023"],
  ["a word without digits", "passport INTRODUCTORY"],
  ["a number that is too long", "passport 1234567890123"],
  ["a driver of a device", "driver version 53141012"],
  ["a placeholder's name", "[PASSPORT] 123456789"],
];
for (const [what, text] of others) test(`takes nothing from ${what}`, () => assert.deepEqual(found(text), []));
