/** How many records of a partition are done and how many wait, from what its group committed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bitmapOf } from "./done-map.ts";
import { progressIn } from "./group-progress.ts";
import { encodeProgress } from "./progress-codec.ts";

const mark = { nonce: "0123456789abcdef", committedAtMs: 1 };
const packed = (low: number, done: readonly number[]): string =>
  encodeProgress(mark, { low, bitmap: bitmapOf(low, Math.max(...done), (offset) => done.includes(offset)) });

const ends = { low: 0, high: 20 };
const cases: readonly [what: string, offset: number, metadata: string | null, done: number, next: number][] = [
  ["never committed", -1, null, 0, 0],
  ["committed by another program", 4, "", 4, 4],
  ["with records done above the commit", 4, packed(4, [5, 7]), 6, 4],
  ["with more done above it than the log holds", 4, packed(4, [5, 30]), 5, 4],
  ["all done", 20, null, 20, 20],
  ["committed beyond the log's end, as after a topic was made anew", 21, null, 0, 0],
];
for (const [what, offset, metadata, done, next] of cases) {
  test(`${what}: ${done} done, and ${next} is next`, () => {
    assert.deepEqual(progressIn({ offset, metadata }, ends), { done, waiting: 20 - done, next });
  });
}

test("what retention deleted counts as done: it does not wait", () => {
  assert.deepEqual(progressIn({ offset: 3, metadata: null }, { low: 8, high: 20 }), { done: 8, waiting: 12, next: 8 });
});

test("law: done and waiting are all there ever was, and neither is negative", () => {
  const offsets = fc.array(fc.nat(60), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: -1, max: 50 }), offsets, fc.nat(50), (offset, above, high) => {
      const done = above.filter((one) => one > offset);
      const metadata = done.length === 0 ? null : packed(Math.max(0, offset), done);
      const { done: past, waiting } = progressIn({ offset, metadata }, { low: 0, high });
      assert.equal(past + waiting, high);
      assert.ok(past >= 0 && waiting >= 0);
    }),
  );
});
