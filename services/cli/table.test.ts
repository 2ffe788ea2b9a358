import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { grouped, printable, renderTable } from "./table.ts";

test("columns are as wide as their widest cell, numbers stand to the right, totals below a rule", () => {
  const text = renderTable({
    columns: [{ head: "client" }, { head: "calls", align: "right" }],
    rows: [
      ["acme", "12"],
      ["a longer one", "1,204"],
    ],
    totals: ["total", "1,216"],
  });
  assert.equal(
    text,
    [
      "client        calls",
      "------------  -----",
      "acme             12",
      "a longer one  1,204",
      "------------  -----",
      "total         1,216",
    ].join("\n"),
  );
});

test("a table without rows is its head", () => {
  assert.equal(renderTable({ columns: [{ head: "a" }], rows: [] }), "a\n-");
});

test("missing cells are empty, and no line ends in spaces", () => {
  assert.equal(renderTable({ columns: [{ head: "a" }, { head: "b" }], rows: [["x"]] }), "a  b\n-  -\nx");
});

test("a cell cannot move the cursor or break its line", () => {
  assert.equal(printable("a\u001B[2Jb\r\nc\u0085"), "a?[2Jb??c?");
  const lines = renderTable({ columns: [{ head: "n" }], rows: [["x\ny"]] }).split("\n");
  assert.deepEqual(lines, ["n", "---", "x?y"]);
});

test("every line of a table is at most as wide as its rule, whatever the cells", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.string())), (rows) => {
      const lines = renderTable({ columns: [{ head: "one" }, { head: "two", align: "right" }], rows }).split("\n");
      const width = Array.from(lines[1] ?? "").length;
      assert.equal(lines.length, rows.length + 2);
      assert.ok(lines.every((line) => Array.from(line).length <= width));
    }),
  );
});

test("thousands are grouped, also of numbers beyond 2^53", () => {
  assert.deepEqual(["0", "999", "1000", "1234567", "12345678901234567890"].map(grouped), [
    "0",
    "999",
    "1,000",
    "1,234,567",
    "12,345,678,901,234,567,890",
  ]);
  assert.equal(grouped(1000), "1,000");
});
