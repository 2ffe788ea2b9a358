/** Social security numbers: the areas that exist, the separators that count, and the context that bare digits need. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { buildFormTree, findNumbers } from "./number-forms.ts";
import { usNumbers } from "./us-numbers.ts";

const tree = buildFormTree(usNumbers);
const findSsns = (text: ReturnType<typeof readPiiText>) => findNumbers(text, tree);

const found = (text: string) => findSsns(readPiiText(fold(text))).map(({ start, end }) => text.slice(start, end));

const numbers: readonly [what: string, text: string, number: string][] = [
  ["with dashes", "it is 536-90-4399.", "536-90-4399"],
  ["with spaces", "536 90 4399 is mine", "536 90 4399"],
  ["with dots", "536.90.4399", "536.90.4399"],
  ["in brackets", "(536-90-4399)", "536-90-4399"],
  ["in the lowest area", "001-01-0001", "001-01-0001"],
  ["in the highest area", "899-99-9999", "899-99-9999"],
  ["bare, after ssn", "ssn: 536904399", "536904399"],
  ["bare, after the words", "my social security number is 536904399", "536904399"],
  ["bare, before the word", "536904399 (ssn)", "536904399"],
];
for (const [what, text, number] of numbers) {
  test(`finds a number ${what}`, () => assert.deepEqual(found(text), [number]));
}

const others: readonly [what: string, text: string][] = [
  ["area 000", "000-12-3456"],
  ["area 666", "666-12-3456"],
  ["area 900 and above", "900-12-3456 987-65-4320 999-99-9999"],
  ["group 00", "536-00-4399"],
  ["serial 0000", "536-90-0000"],
  ["mixed separators", "536-90 4399"],
  ["nine bare digits without context", "order 536904399 was shipped"],
  ["a longer number", "1-536-90-4399 and 536-90-4399-1 and 1536-90-4399"],
  ["letters beside it", "x536-90-4399 536-90-4399x"],
  ["a telephone number", "536-904-3990"],
  ["a postal code", "53690-4399"],
  ["a date", "2024-11-22"],
  ["a bare impossible number with context", "ssn 000123456"],
];
for (const [what, text] of others) {
  test(`takes no number from ${what}`, () => assert.deepEqual(found(text), []));
}

test("says what it relies on: the shape, or a word nearby", () => {
  assert.deepEqual(
    findSsns(readPiiText(fold("ssn 536904399 and 536-90-4399")))
      .map(({ confidence }) => confidence)
      .toSorted(),
    ["contextual", "validated"],
  );
});
