/** European identity and tax numbers: published examples, the words they need, and that a wrong digit is not taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { europeanNumbers } from "./european-numbers.ts";
import { buildFormTree, findNumbers } from "./number-forms.ts";

const tree = buildFormTree(europeanNumbers);
const found = (text: string) =>
  findNumbers(readPiiText(fold(text)), tree).map(({ entity, start, end }) => `${entity} ${text.slice(start, end)}`);

const numbers: readonly [what: string, text: string, expected: string][] = [
  ["German tax id", "Steuer-ID 86095742719", "taxId 86095742719"],
  ["German tax id in groups", "meine IdNr: 86 095 742 719", "taxId 86 095 742 719"],
  ["French NIR in groups, unnamed", "elle a 2 55 08 14 168 025 38 !", "nationalId 2 55 08 14 168 025 38"],
  ["French NIR in one piece", "sécurité sociale: 255081416802538", "nationalId 255081416802538"],
  ["Dutch BSN", "BSN 111222333", "nationalId 111222333"],
  ["Belgian national number, unnamed", "85.07.30-033.28", "nationalId 85.07.30-033.28"],
  ["Belgian, in one piece", "rijksregisternummer 85073003328", "nationalId 85073003328"],
  ["Polish PESEL", "PESEL: 44051401359", "nationalId 44051401359"],
  ["Polish NIP", "NIP 123-456-32-18", "taxId 123-456-32-18"],
  ["British UTR", "UTR 1955839661", "taxId 1955839661"],
  ["Swiss AHV, unnamed", "756.9217.0769.85", "nationalId 756.9217.0769.85"],
  ["Swedish personnummer", "personnummer 811228-9874", "nationalId 811228-9874"],
  ["Swedish, with the century, unnamed", "19811228-9874", "nationalId 19811228-9874"],
  ["Danish CPR", "CPR 070761-4285", "nationalId 070761-4285"],
  ["Portuguese NIF", "NIF 501442600", "taxId 501442600"],
  ["Italian partita IVA", "Partita IVA 07643520567", "taxId 07643520567"],
];
for (const [what, text, expected] of numbers) {
  test(`finds a ${what}`, () => assert.ok(found(text).includes(expected), found(text).join("; ")));
}

const others: readonly [what: string, text: string][] = [
  ["a wrong German check digit", "Steuer-ID 86095742718"],
  ["a German number whose digits are too varied", "Steuer-ID 12345678903"],
  ["a wrong French key", "2 55 08 14 168 025 39"],
  ["a month that does not exist", "2 55 13 14 168 025 38"],
  ["a BSN that fails the eleven test", "BSN 111222334"],
  ["a Belgian key that is wrong", "85.07.30-033.29"],
  ["a PESEL without its name", "44051401359"],
  ["a PESEL of month 13", "PESEL 44131401359"],
  ["an AHV of another country", "757.9217.0769.85"],
  ["a UTR without its name", "1955839661"],
  ["a number inside a longer one", "Steuer-ID 860957427190"],
  ["groups that go on", "IdNr 86 095 742 719 123"],
];
for (const [what, text] of others) {
  test(`takes nothing from ${what}`, () => assert.deepEqual(found(text), []));
}
