/** Bank account numbers: lengths, spellings, and the check that tells them from other codes. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { findIbans } from "./iban.ts";

const found = (text: string) => findIbans(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end));

/** Examples of SWIFT's registry. */
const ibans: readonly string[] = [
  "GB29NWBK60161331926819",
  "DE89370400440532013000",
  "FR1420041010050500013M02606",
  "NO9386011117947",
  "MT84MALT011000012345MTLCAST001S",
  "GB29 NWBK 6016 1331 9268 19",
  "gb29nwbk60161331926819",
  "BE68-5390-0754-7034",
];
for (const iban of ibans) test(`finds ${iban}`, () => assert.deepEqual(found(`to ${iban}, please`), [iban]));

test("finds one over a line end and leaves what follows", () => {
  assert.deepEqual(found("NO93 8601\n1117 947 and 12"), ["NO93 8601\n1117 947"]);
});

const others: readonly [what: string, text: string][] = [
  ["a wrong check digit", "GB28NWBK60161331926819"],
  ["a country that does not take part", "US29NWBK60161331926819"],
  ["a length of another country", "DE8937040044053201300"],
  ["more characters at its end", "NO9386011117947X"],
  ["more characters before it", "XNO9386011117947"],
  ["two separators side by side", "NO93  -8601 1117 947"],
  ["a word with two digits", "no12 of the list"],
];
for (const [what, text] of others) test(`takes none from ${what}`, () => assert.deepEqual(found(text), []));
