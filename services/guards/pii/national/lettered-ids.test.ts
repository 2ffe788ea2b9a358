/** Identifiers with letters, in one word or with gaps: examples of each country, and near misses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { letteredIds } from "./lettered-ids.ts";
import { findSpacedIds } from "./spaced-ids.ts";
import { findWords, indexWordForms } from "./word-forms.ts";

const index = indexWordForms(letteredIds);
const found = (text: string) => {
  const read = readPiiText(fold(text));
  return [...findWords(read, index), ...findSpacedIds(read)].map(
    ({ entity, start, end }) => `${entity} ${text.slice(start, end)}`,
  );
};

const ids: readonly [what: string, text: string, expected: string][] = [
  ["Spanish DNI", "DNI 12345678Z", "nationalId 12345678Z"],
  ["Spanish NIE, unnamed", "X1234567L", "nationalId X1234567L"],
  ["Spanish CIF", "CIF A58818501", "taxId A58818501"],
  ["Italian codice fiscale, unnamed", "RSSMRA85T10A562S", "nationalId RSSMRA85T10A562S"],
  ["British NINO", "National Insurance AB123456C", "nationalId AB123456C"],
  ["British NINO with gaps", "NI number AB 12 34 56 C", "nationalId AB 12 34 56 C"],
  ["Indian PAN", "PAN ABCPE1234F", "taxId ABCPE1234F"],
  ["Singapore NRIC", "NRIC S1234567D", "nationalId S1234567D"],
  ["Mexican CURP, unnamed", "HEGG560427MVZRRL04", "nationalId HEGG560427MVZRRL04"],
  ["Irish PPS", "PPS 1234567FA", "taxId 1234567FA"],
  ["Finnish code, unnamed", "131052-308T", "nationalId 131052-308T"],
  ["Chilean RUT, unnamed", "12.345.678-5", "nationalId 12.345.678-5"],
  ["Chinese id that ends in X", "11010519491231002X", "nationalId 11010519491231002X"],
];
for (const [what, text, expected] of ids) {
  test(`finds a ${what}`, () => assert.ok(found(text).includes(expected), found(text).join("; ")));
}

const others: readonly [what: string, text: string][] = [
  ["fifteen letters and digits that are no Corsican's", "001-01-000100A12345678"],
  ["a DNI with another letter", "DNI 12345678A"],
  ["a DNI without its name", "12345678Z"],
  ["a NIE with another letter", "X1234567A"],
  ["a codice fiscale with another last letter", "RSSMRA85T10A562T"],
  ["a NINO of a prefix never given out", "NINO BG123456C"],
  ["a NINO without its name", "AB123456C"],
  ["a PAN without its name", "ABCPE1234F"],
  ["a part number", "SKU-12345678Z"],
  ["a Finnish code of day 41", "411052-308T"],
  ["a Chilean RUT with another digit", "12.345.678-6"],
];
for (const [what, text] of others) {
  test(`takes nothing from ${what}`, () => assert.deepEqual(found(text), []));
}
