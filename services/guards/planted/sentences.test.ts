/** Where sentences end, and that nothing of a text is lost or counted twice. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { longest, sentencesOf } from "./sentences.ts";

const cut = (text: string) => sentencesOf(text).map(({ start, end }) => text.slice(start, end));

const texts: readonly [what: string, text: string, sentences: readonly string[]][] = [
  ["at a stop before white space", "one is here. two is there! three?", ["one is here.", "two is there!", "three?"]],
  ["not inside a number or an address", "it costs 3.50 at shop.example today", ["it costs 3.50 at shop.example today"]],
  ["not after an initial", "j. smith came", ["j. smith came"]],
  [
    "behind a closing quote or bracket",
    'he said "go." then (he left.) and so',
    ['he said "go."', "then (he left.)", "and so"],
  ],
  ["at the end of a short line", "a heading\nthe text below it", ["a heading", "the text below it"]],
  [
    "not where a line is only wrapped",
    "this line goes on and on until it is long enough to be wrapped\nsomewhere",
    ["this line goes on and on until it is long enough to be wrapped\nsomewhere"],
  ],
  ["nowhere in nothing", "", []],
];
for (const [what, text, sentences] of texts) test(`cuts ${what}`, () => assert.deepEqual(cut(text), sentences));

test("a run without a stop is cut at spaces, and hard where there is none", () => {
  assert.ok(cut("word ".repeat(500)).every((part) => part.length <= longest && !part.startsWith("ord")));
  assert.deepEqual(
    cut("x".repeat(1000)).map(({ length }) => length),
    [400, 400, 200],
  );
});

test("law: sentences are in order, apart, bounded, and hold every letter", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", ".", " ", "\n", "!", '"', ")"), maxLength: 900 });
  fc.assert(
    fc.property(text, (folded) => {
      let last = 0;
      let left = "";
      for (const { start, end } of sentencesOf(folded)) {
        assert.ok(start >= last && end > start && end - start <= longest && end <= folded.length);
        left += folded.slice(last, start);
        last = end;
      }
      assert.match(left + folded.slice(last), /^[ \n]*$/);
    }),
  );
});
