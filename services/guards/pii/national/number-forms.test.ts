/** Forms of numbers: how a form is read, where it may stand, and when a word is needed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fold } from "../../text/fold.ts";
import { readPiiText } from "../pii-text.ts";
import { buildFormTree, findNumbers } from "./number-forms.ts";

const tree = buildFormTree([
  {
    entity: "taxId",
    named: ["4", "2 2"],
    telling: ["2-2", "1.3/2"],
    checks: (digits) => !digits.startsWith("0"),
    checked: false,
    words: /\bcode\b/,
  },
]);
const found = (text: string) =>
  findNumbers(readPiiText(fold(text)), tree).map(({ start, end }) => text.slice(start, end));

const matches: readonly [what: string, text: string, expected: readonly string[]][] = [
  ["a telling form needs no word", "is 12-34 here", ["12-34"]],
  ["separators of several kinds", "1.234/56", ["1.234/56"]],
  ["a named form after its word", "code 1234", ["1234"]],
  ["a named form before its word", "1234 (code)", ["1234"]],
  ["a line end stands for a space", "code 12\n34", ["12\n34"]],
  ["a named form without a word", "1234", []],
  ["another separator", "code 12.34", []],
  ["a check that fails", "02-34", []],
  ["more of the same after it", "12-34-56", []],
  ["more of the same before it", "56-12-34", []],
  ["letters at its end", "12-34x", []],
  ["two side by side", "12-34 56-78", ["12-34", "56-78"]],
];
for (const [what, text, expected] of matches) {
  test(what, () => assert.deepEqual(found(text), expected));
}

test("a telling form is validated, a named one without a check digit contextual", () => {
  const spans = findNumbers(readPiiText(fold("code 1234, 12-34")), tree);
  assert.deepEqual(
    spans.map(({ confidence }) => confidence),
    ["contextual", "validated"],
  );
});
