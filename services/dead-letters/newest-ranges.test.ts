import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { newestRanges } from "./newest-ranges.ts";

const logs = (...sizes: readonly number[]) =>
  new Map(sizes.map((size, partition) => [partition, { low: 5n, high: 5n + BigInt(size) }]));
const taken = (sizes: readonly number[], most: number): readonly number[] => {
  const ranges = newestRanges(logs(...sizes), most);
  return sizes.map((_, at) => {
    const range = ranges.find(({ partition }) => partition === at);
    return range === undefined ? 0 : Number(range.to - range.from);
  });
};

const cases: readonly (readonly [what: string, sizes: readonly number[], most: number, taken: readonly number[]])[] = [
  ["everything where there is little", [2, 0, 3], 10, [2, 0, 3]],
  ["the same of each where there is much", [100, 100], 10, [5, 5]],
  ["what small partitions leave goes to the large ones", [100, 1, 0], 10, [9, 1, 0]],
  ["nothing of nothing", [], 10, []],
];
for (const [what, sizes, most, expected] of cases) {
  test(what, () => assert.deepEqual(taken(sizes, most), expected));
}

test("never more than was asked for, never less than there is room for, always the newest", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { maxLength: 30 }), fc.nat(400), (sizes, most) => {
      const all = sizes.reduce((sum, size) => sum + size, 0);
      const sum = taken(sizes, most).reduce((total, size) => total + size, 0);
      assert.ok(sum <= most);
      assert.equal(sum, Math.min(all, most));
      for (const { partition, from, to } of newestRanges(logs(...sizes), most)) {
        assert.equal(to, 5n + BigInt(sizes[partition] ?? 0));
        assert.ok(from >= 5n && from < to);
      }
    }),
  );
});
