/** Figures, money, times and CSV as the console writes them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "csv-parse/sync";
import { csv } from "./csv.ts";
import { money } from "./money.ts";
import { compact, counted, grouped, percent } from "./numbers.ts";
import { relative, span, utc } from "./times.ts";

for (const [usd, text] of [
  [null, "unknown"],
  ["0", "$0.00"],
  ["0.000000000000", "$0.00"],
  ["0.000012", "< $0.0001"],
  ["0.00005", "$0.0001"],
  ["0.0123", "$0.0123"],
  ["0.5", "$0.5000"],
  ["1", "$1.00"],
  ["1234.565", "$1,234.57"],
  // As a float it would be 1.0049999….
  ["1.005", "$1.01"],
  ["12345678901234567.885", "$12,345,678,901,234,567.89"],
  ["-3.5", "-$3.50"],
] as const) {
  test(`${usd} dollars are written ${text}`, () => assert.equal(money(usd), text));
}

for (const [ago, text] of [
  [0, "just now"],
  [4999, "just now"],
  [5000, "5 s ago"],
  [59_999, "59 s ago"],
  [60_000, "1 min ago"],
  [7_200_000, "2 h ago"],
  [200_000_000, "2 d ago"],
  [-90_000, "in 1 min"],
] as const) {
  test(`${ago} ms before now is ${text}`, () =>
    assert.equal(relative(1_800_000_000_000 - ago, 1_800_000_000_000), text));
}

for (const [ms, text] of [
  [0, "0 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [59_999, "59.9 s"],
  [125_000, "2 min 5 s"],
  [11_400_000, "3 h 10 min"],
] as const) {
  test(`a span of ${ms} ms is ${text}`, () => assert.equal(span(ms), text));
}

test("counts, shares and times", () => {
  assert.deepEqual([grouped(1_234_567), compact(12_345), percent(0.125)], ["1,234,567", "12.3K", "12.5%"]);
  assert.deepEqual(
    [counted(1, "run"), counted(2, "run"), counted(0, "reply", "replies")],
    ["1 run", "2 runs", "0 replies"],
  );
  assert.equal(utc(1_800_000_000_000), "2027-01-15 08:00:00 UTC");
});

test("a name that a spreadsheet would run is text; numbers stay numbers", () => {
  assert.equal(
    csv(
      ["name", "cost"],
      [
        ["=cmd()", "-1.5"],
        ["@x", null],
        ['a "b"', 2],
      ],
    ),
    'name,cost\r\n\'=cmd(),-1.5\r\n\'@x,\r\n"a ""b""",2\r\n',
  );
});

test("law: a reader of CSV gets back what was written", () => {
  const cell = fc.string({ unit: "grapheme" }).map((text) => `x${text}`);
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
      assert.deepEqual(parse(csv(["a", "b"], rows), { record_delimiter: "\r\n" }), [["a", "b"], ...rows]);
    }),
  );
});
