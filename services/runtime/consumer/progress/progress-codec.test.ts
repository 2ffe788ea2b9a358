import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { bitmapOf, nothingDoneAbove, offsetsIn } from "./done-map.ts";
import { maxSpan } from "./offset-tracker.ts";
import { decodeProgress, encodeProgress, fullMetadataBytes, maxMetadataBytes } from "./progress-codec.ts";

const mark = { nonce: "0123abcd", committedAtMs: 1_795_000_000_000 };
const mapOf = (low: number, offsets: readonly number[]) => {
  const set = new Set(offsets);
  return { low, bitmap: bitmapOf(low, Math.max(low - 1, ...offsets), (offset) => set.has(offset)) };
};
const doneAfter = (metadata: string, low: number, end = Number.MAX_SAFE_INTEGER) => {
  const decoded = decodeProgress(metadata, low, end);
  return decoded === null ? null : offsetsIn(decoded.done);
};

test("what is written comes back: done offsets, nonce and time", () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 40),
      fc.uniqueArray(fc.integer({ min: 1, max: 4000 }), { maxLength: 300 }),
      (low, above) => {
        const offsets = above.map((distance) => low + distance).toSorted((a, b) => a - b);
        const decoded = decodeProgress(encodeProgress(mark, mapOf(low, offsets)), low, Number.MAX_SAFE_INTEGER);
        assert.ok(decoded);
        assert.deepEqual(offsetsIn(decoded.done), offsets);
        assert.deepEqual([decoded.nonce, decoded.committedAtMs], [mark.nonce, mark.committedAtMs]);
      },
    ),
  );
});

test("the widest window fits a commit whatever its pattern", () => {
  const random = fc.infiniteStream(fc.nat(1));
  fc.assert(
    fc.property(random, (bits) => {
      const bitmap = bitmapOf(0, maxSpan, () => bits.next().value === 1);
      const metadata = encodeProgress(mark, { low: 0, bitmap });
      assert.ok(metadata.length <= maxMetadataBytes, `${metadata.length} bytes`);
      assert.deepEqual(doneAfter(metadata, 0), offsetsIn({ low: 0, bitmap }));
    }),
    { numRuns: 10 },
  );
});

test("a stuck head below twenty thousand scattered completions stays far below the limit", () => {
  const scattered = bitmapOf(0, maxSpan, (offset) => offset > 0 && offset % 20 !== 0);
  assert.ok(encodeProgress(mark, { low: 0, bitmap: scattered }).length < fullMetadataBytes);
});

test("a map that is too wide loses its highest offsets, never its lowest", () => {
  let seed = 1;
  const noise = () => (seed = (seed * 48_271) % 2_147_483_647) % 2 === 0;
  const wide = { low: 0, bitmap: bitmapOf(0, 60_000, noise) };
  const metadata = encodeProgress(mark, wide);
  assert.ok(metadata.length <= maxMetadataBytes);
  const kept = doneAfter(metadata, 0) ?? [];
  assert.deepEqual(kept, offsetsIn(wide).slice(0, kept.length));
  assert.ok(kept.length > 4000);
});

test("a map that claims offsets beyond the log's end is cut there: real records are never skipped", () => {
  assert.deepEqual(doneAfter(encodeProgress(mark, mapOf(10, [11, 12, 500])), 10, 12), [11]);
});

const foreign: readonly (readonly [string, string | null])[] = [
  ["none", null],
  ["empty", ""],
  ["another program's", "app-7/checkpoint"],
  ["the Confluent parallel consumer's", "bnVsbA=="],
  ["another version's", "BW2.0123abcd.1.AAAA"],
  ["without a time", "BW1.0123abcd..AAAA"],
  ["not base64", "BW1.0123abcd.1.%%%"],
  ["not deflated", `BW1.0123abcd.1.${Buffer.from("nonsense").toString("base64")}`],
  ["cut off", encodeProgress(mark, mapOf(0, [1, 5, 9, 700, 900, 1300])).slice(0, -6)],
  ["longer than a commit can be", `BW1.0123abcd.1.${"A".repeat(5000)}`],
  ["a bomb", `BW1.0123abcd.1.${deflateRawSync(Buffer.alloc(1_000_000, 255)).toString("base64")}`],
];

for (const [name, metadata] of foreign) {
  test(`metadata that is ${name} is no map`, () => assert.equal(decodeProgress(metadata, 0, 100), null));
}

test("an empty map still carries nonce and time", () => {
  const decoded = decodeProgress(encodeProgress(mark, nothingDoneAbove(5)), 5, 5);
  assert.deepEqual([decoded?.nonce, decoded?.committedAtMs, decoded?.done.low], [mark.nonce, mark.committedAtMs, 5]);
});
