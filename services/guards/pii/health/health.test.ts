/** Medicare numbers by their pattern, DEA numbers by their check digit, providers by Luhn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { buildFormTree, findNumbers } from "../national/number-forms.ts";
import { usNumbers } from "../national/us-numbers.ts";
import { findWords, indexWordForms } from "../national/word-forms.ts";
import { readPiiText } from "../pii-text.ts";
import { healthWords, isMbi } from "./health-words.ts";
import { findDashedMbis } from "./mbi-dashed.ts";

const words = indexWordForms(healthWords);
const numbers = buildFormTree(usNumbers);
const found = (text: string) => {
  const read = readPiiText(fold(text));
  return [...findWords(read, words), ...findDashedMbis(read), ...findNumbers(read, numbers)].map(
    ({ entity, start, end }) => `${entity} ${text.slice(start, end)}`,
  );
};

const named: readonly [text: string, expected: string][] = [
  ["Medicare 1EG4TE5MK73", "mbi 1EG4TE5MK73"],
  ["1EG4-TE5-MK73", "mbi 1EG4-TE5-MK73"],
  ["on the card: 1EG4 TE5 MK73.", "mbi 1EG4 TE5 MK73"],
  ["DEA AB1234563", "dea AB1234563"],
  ["prescriber F91234563", "dea F91234563"],
  ["NPI 1234567893", "npi 1234567893"],
  ["NPI: 123-456-7893", "npi 123-456-7893"],
  ["ITIN 912-70-1234", "itin 912-70-1234"],
];
for (const [text, expected] of named)
  test(`finds ${expected} in "${text}"`, () => assert.deepEqual(found(text), [expected]));

const others: readonly [what: string, text: string][] = [
  ["a DEA number with a wrong check digit", "DEA AB1234564"],
  ["a DEA number without a word", "AB1234563"],
  ["an NPI that fails Luhn", "NPI 1234567890"],
  ["an NPI without a word", "1234567893"],
  ["an NPI that begins with 3", "NPI 3234567891"],
  ["an ITIN of a group never given out", "ITIN 912-69-1234"],
  ["an ITIN without a word", "912-70-1234"],
  ["a Medicare pattern with letters never used", "1SG4TE5MK73"],
];
for (const [what, text] of others) test(`takes nothing from ${what}`, () => assert.deepEqual(found(text), []));

test("a Medicare number has letters and digits in their places", () => {
  assert.equal(isMbi("1eg4te5mk73"), true);
  for (const wrong of ["0eg4te5mk73", "1e44tb5mk73", "1eg4te5mk7", "11g4te5mk73"]) assert.equal(isMbi(wrong), false);
});
