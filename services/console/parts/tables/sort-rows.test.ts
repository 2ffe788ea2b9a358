/** Rows in order, and what is not known at their end. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sortRows } from "./sort-rows.ts";

for (const { name, values, up, down } of [
  { name: "numbers by size", values: [10, 9, null, 100], up: [9, 10, 100, null], down: [100, 10, 9, null] },
  { name: "texts as people read them", values: ["b10", "B9", "a"], up: ["a", "B9", "b10"], down: ["b10", "B9", "a"] },
] as const) {
  test(name, () => {
    const rows: readonly (string | number | null)[] = values;
    assert.deepEqual(
      sortRows(rows, (row) => row, false),
      up,
    );
    assert.deepEqual(
      sortRows(rows, (row) => row, true),
      down,
    );
  });
}

test("law: sorting keeps every row, and those that are equal where they were", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ at: fc.nat(3), id: fc.nat() })), fc.boolean(), (rows, isDescending) => {
      const sorted = sortRows(rows, ({ at }) => at, isDescending);
      for (const at of [0, 1, 2, 3])
        assert.deepEqual(
          sorted.filter((row) => row.at === at),
          rows.filter((row) => row.at === at),
        );
    }),
  );
});
