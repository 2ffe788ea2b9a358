import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { markedText } from "./marked-text.ts";

/** Marked pieces stand in brackets. */
const shown = (text: string, ...marks: Parameters<typeof markedText>[1]): string =>
  markedText(text, marks)
    .pieces.map((piece) => (piece.label === null ? piece.text : `[${piece.text}|${piece.label}]`))
    .join("");

for (const [name, got, expected] of [
  ["without marks it is one piece", shown("In short."), "In short."],
  ["a passage is marked", shown("a bad word", { start: 2, end: 5, label: "x" }), "a [bad|x] word"],
  [
    "passages come in the order of the text",
    shown("one two", { start: 4, end: 7, label: "y" }, { start: 0, end: 3, label: "x" }),
    "[one|x] [two|y]",
  ],
  [
    "what overlaps is one passage with both labels, each once",
    shown(
      "abcdef",
      { start: 0, end: 3, label: "x" },
      { start: 2, end: 5, label: "y" },
      { start: 4, end: 5, label: "x" },
    ),
    "[abcde|x, y]f",
  ],
  ["what lies outside is left out", shown("abc", { start: 2, end: 9, label: "x" }), "abc"],
  ["an empty text has no piece", shown(""), ""],
] as const) {
  test(name, () => assert.equal(got, expected));
}

test("what nobody sees is taken out and counted", () => {
  const { pieces, hidden } = markedText("pay \u202Eevil\u202C \u001b[31mnow\u200b", []);
  assert.deepEqual([pieces[0]?.text, hidden], ["pay evil [31mnow", 4]);
});

test("law: nothing is shown that can turn or hide what stands around it, and no visible ASCII is lost", () => {
  const mark = fc.record({ start: fc.nat(30), end: fc.nat(30), label: fc.constant("x") });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.array(mark), (text, marks) => {
      const all = markedText(text, marks)
        .pieces.map((piece) => piece.text)
        .join("");
      assert.doesNotMatch(all, /[^\P{Cc}\t\r\n]|[\u202a-\u202e\u2066-\u2069]/u);
      const ascii = (part: string): string => part.replaceAll(/[^!-~]/g, "");
      assert.equal(ascii(all), ascii(text));
    }),
  );
});
