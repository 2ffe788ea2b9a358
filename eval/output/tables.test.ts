import assert from "node:assert/strict";
import { test } from "node:test";
import type { Figure } from "../input/figure.ts";
import { outputGuards } from "./guards.ts";
import { guardTable, outputTables } from "./tables.ts";

const figure = (name: string, value: number): Figure => ({ name, value, size: 10, better: "higher" });

test("a guard's table has a row a set and a column for each thing measured", () => {
  const table = guardTable(
    [
      figure("output/x/one/recall", 0.5),
      figure("output/x/one/precision", 1),
      figure("output/x/two/false-positives", 0),
      figure("output/xy/other/recall", 1),
    ],
    "x",
    "T",
  );
  assert.deepEqual(table, {
    title: "T",
    head: ["set", "size", "recall", "precision", "false positives"],
    rows: [
      ["one", 10, 50, 100, ""],
      ["two", 10, "", "", 0],
    ],
  });
});

test("a set of several parts has a column for each", () => {
  const { head, rows } = guardTable([figure("output/x/one/hate/recall", 1)], "x", "T");
  assert.deepEqual([head, rows], [["set", "part", "size", "recall"], [["one", "hate", 10, 100]]]);
});

test("every guard has its table, by the name that docs/ knows it by", () => {
  assert.deepEqual(
    Object.keys(outputTables([])),
    outputGuards.map(({ name }) => `output-${name}`),
  );
});
