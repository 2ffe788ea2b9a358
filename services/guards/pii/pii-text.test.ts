/** What the rules are given of a text: its digits, its words with digits, and the case in which it was written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fold } from "../text/fold.ts";
import { readPiiText } from "./pii-text.ts";

const read = (text: string) => readPiiText(fold(text));

test("runs of digits are listed with their ends", () => {
  const { starts, ends } = read("a12 3-456");
  assert.deepEqual(
    [starts, ends],
    [
      [1, 4, 6],
      [3, 5, 9],
    ],
  );
});

const words: readonly [text: string, expected: readonly string[]][] = [
  ["no digits here", []],
  ["ab12cd 34 ef", ["ab12cd", "34"]],
  ["1a2b3c", ["1a2b3c"]],
  ["x-1,y2", ["1", "y2"]],
  ["Straße7", ["strasse7"]],
];
for (const [text, expected] of words) {
  test(`words with a digit in "${text}"`, () => {
    const { folded, words: found } = read(text);
    assert.deepEqual(
      found.map(({ start, end }) => folded.slice(start, end)),
      expected,
    );
  });
}

test("the case of letters comes back, that of disguised ones as folded", () => {
  const text = read("Key Ab1 Ｃd\u200be2");
  assert.equal(text.folded, "key ab1 cde2");
  assert.equal(text.cased(0, 12), "Key Ab1 cde2");
});

test("what is masked stays masked in the cased text", () => {
  const folded = fold("Key Ab1");
  assert.equal(readPiiText(folded, "key ]]]").cased(0, 7), "Key ]]]");
});

test("law: the cased text folds to the folded one, and is as long", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (written) => {
      const text = read(written);
      const cased = text.cased(0, text.folded.length);
      assert.equal(cased.length, text.folded.length);
      assert.equal(cased.toLowerCase().length >= cased.length, true);
    }),
  );
});
