/** CSV that any reader takes back as it was, and no spreadsheet runs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { csvText } from "./csv.ts";

const columns = [
  { name: "feature", isText: true },
  { name: "change_usd", isText: false },
] as const;

test("lines end with CRLF, unknown is empty, and what needs quotes has them", () => {
  const rows = [
    ['say "hi", twice', "0.5"],
    [null, null],
  ];
  assert.equal(csvText(columns, rows), 'feature,change_usd\r\n"say ""hi"", twice",0.5\r\n,\r\n');
});

for (const [text, written] of [
  ["=1+1", "'=1+1"],
  ["+41 44", "'+41 44"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  [" =1+1", "' =1+1"],
  ["\t=1", "'\t=1"],
  ["a=1", "a=1"],
] as const) {
  test(`the text ${JSON.stringify(text)} is no formula`, () => {
    assert.equal(csvText(columns, [[text, 1]]).split("\r\n")[1], `${written},1`);
  });
}

test("money below zero stays a number", () => {
  assert.equal(csvText(columns, [["x", "-0.25"]]).split("\r\n")[1], "x,-0.25");
});

test("what is written is what is read, but for the mark before a formula", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (cells) => {
      const both = columns.map((column) => ({ ...column, isText: true }));
      const back: string[][] = parse(csvText(both, cells), { relaxColumnCount: true, recordDelimiter: "\r\n" });
      assert.equal(back.length, cells.length + 1);
      for (const [index, row] of cells.entries())
        for (const [column, cell] of row.entries()) {
          const read = back[index + 1]?.[column] ?? "";
          assert.ok(read === cell || read === `'${cell}`);
          assert.doesNotMatch(read, /^[\s\uFEFF]*[=+\-@]/);
        }
    }),
  );
});
