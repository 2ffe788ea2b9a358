import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { grouped, printable, renderTable, wrapped, type Table } from "./table.ts";

const textOf = (table: Table, width?: number): string => renderTable(table, width).text;

test("columns are as wide as their widest cell, numbers stand to the right, totals below a rule", () => {
  const text = textOf({
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
  assert.equal(textOf({ columns: [{ head: "a" }], rows: [] }), "a\n-");
});

test("missing cells are empty, and no line ends in spaces", () => {
  assert.equal(textOf({ columns: [{ head: "a" }, { head: "b" }], rows: [["x"]] }), "a  b\n-  -\nx");
});

test("a cell cannot move the cursor or break its line", () => {
  assert.equal(printable("a\u001B[2Jb\r\nc\u0085"), "a?[2Jb??c?");
  const lines = textOf({ columns: [{ head: "n" }], rows: [["x\ny"]] }).split("\n");
  assert.deepEqual(lines, ["n", "---", "x?y"]);
});

test("every line of a table is at most as wide as its rule, whatever the cells", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.string())), (rows) => {
      const lines = textOf({ columns: [{ head: "one" }, { head: "two", align: "right" }], rows }).split("\n");
      const width = Array.from(lines[1] ?? "").length;
      assert.equal(lines.length, rows.length + 2);
      assert.ok(lines.every((line) => Array.from(line).length <= width));
    }),
  );
});

const wide: Table = {
  columns: [
    { head: "run" },
    { head: "client", shrink: 8 },
    { head: "calls", align: "right", drop: 2 },
    { head: "finished", drop: 1 },
  ],
  rows: [["0199a7c4", "a client of a long name", "12", "2026-11-22T17:34:31"]],
};

test("a narrow terminal shortens what may be, then leaves columns out, and says which", () => {
  assert.deepEqual(renderTable(wide, 46).leftOut, []);
  assert.match(textOf(wide, 50), /^0199a7c4 {2}a client of… +12 {2}2026-11-22T17:34:31$/m);
  assert.deepEqual(renderTable(wide, 45).leftOut, ["calls"]);
  assert.deepEqual(renderTable(wide, 20).leftOut, ["calls", "finished"]);
  assert.match(textOf(wide, 20), /^0199a7c4 {2}a client …$/m);
  assert.deepEqual(
    renderTable(wide, 30).leftOut,
    ["finished"],
    "a narrow column takes the room that a wide one cannot",
  );
});

test("a table is as wide as it is where there is no terminal", () => {
  assert.match(textOf(wide), /a client of a long name {2} {3}12 {2}2026-11-22T17:34:31/);
});

test("no line is wider than the terminal while something may give, whatever the cells", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.nat().map(String))), fc.nat(60), (rows, more) => {
      const columns = [
        { head: "one", shrink: 5 },
        { head: "two", drop: 1 },
        { head: "n", align: "right" as const, drop: 2 },
      ];
      const lines = textOf({ columns, rows }, 5 + more).split("\n");
      assert.ok(lines.every((line) => Array.from(line).length <= 5 + more));
    }),
  );
});

test("a long text goes on below, broken at spaces, its long words whole", () => {
  const table = {
    columns: [{ head: "name" }, { head: "value", wrap: true }],
    rows: [["message", "a b ".repeat(10).trim()]],
  };
  assert.deepEqual(textOf(table, 29).split("\n"), [
    "name     value",
    "-------  --------------------",
    "message  a b a b a b a b a b",
    "         a b a b a b a b a b",
  ]);
  assert.deepEqual(wrapped("one 0199a7c4-8a51-7c3e two", 8), ["one", "0199a7c4-8a51-7c3e", "two"]);
  assert.deepEqual(wrapped("  indented", 20), ["  indented"]);
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
