/** Identity and tax numbers outside Europe: published examples, and what only looks like one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { buildFormTree, findNumbers } from "./number-forms.ts";
import { worldNumbers } from "./world-numbers.ts";

const tree = buildFormTree(worldNumbers);
const found = (text: string) =>
  findNumbers(readPiiText(fold(text)), tree).map(({ entity, start, end }) => `${entity} ${text.slice(start, end)}`);

const numbers: readonly [what: string, text: string, expected: string][] = [
  ["Brazilian CPF, unnamed", "529.982.247-25", "nationalId 529.982.247-25"],
  ["Brazilian CPF in one piece", "CPF 52998224725", "nationalId 52998224725"],
  ["Brazilian CNPJ, unnamed", "11.222.333/0001-81", "taxId 11.222.333/0001-81"],
  ["Argentine CUIT, unnamed", "20-12345678-6", "taxId 20-12345678-6"],
  ["Indian Aadhaar", "Aadhaar 2341 2341 2346", "nationalId 2341 2341 2346"],
  ["Canadian SIN", "SIN 046 454 286", "nationalId 046 454 286"],
  ["Australian TFN", "tax file number 123 456 782", "taxId 123 456 782"],
  ["Australian ABN", "ABN 51 824 753 556", "taxId 51 824 753 556"],
  ["Australian Medicare", "Medicare 2123 45670 1", "mrn 2123 45670 1"],
  ["South African id", "SA ID 8001015009087", "nationalId 8001015009087"],
  ["Turkish number", "TC kimlik no 10000000146", "nationalId 10000000146"],
  ["Chinese id, unnamed", "110101199003070310", "nationalId 110101199003070310"],
  ["English NHS number", "NHS 943 476 5919", "mrn 943 476 5919"],
  ["American EIN", "EIN 12-3456789", "taxId 12-3456789"],
];
for (const [what, text, expected] of numbers) {
  test(`finds a ${what}`, () => assert.ok(found(text).includes(expected), found(text).join("; ")));
}

const others: readonly [what: string, text: string][] = [
  ["a CPF of one digit", "111.111.111-11"],
  ["a wrong CPF", "529.982.247-26"],
  ["a wrong CNPJ", "11.222.333/0001-80"],
  ["an Aadhaar that begins with 1", "Aadhaar 1341 2341 2346"],
  ["an Aadhaar without its name", "2341 2341 2346"],
  ["a part of four groups of four", "Aadhaar 2341 2341 2346 1111"],
  ["a SIN without its name", "046 454 286"],
  ["a wrong ABN", "ABN 51 824 753 557"],
  ["an EIN of no campus", "EIN 00-3456789"],
];
for (const [what, text] of others) {
  test(`takes nothing from ${what}`, () => assert.deepEqual(found(text), []));
}
