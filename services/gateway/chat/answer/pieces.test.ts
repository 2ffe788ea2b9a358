/** Laws of cutting: nothing is lost, nothing is empty, no code point is torn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pieces } from "./pieces.ts";

test("joined, the pieces are the text, and each is whole on its own", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (text, length) => {
      const cut = pieces(text, length);
      assert.equal(cut.join(""), text);
      for (const piece of cut) {
        assert.ok(piece.length > 0 && piece.length <= length + 1);
        assert.ok(piece.isWellFormed());
      }
    }),
  );
});

test("half a pair stays where it was", () => {
  assert.deepEqual(pieces("a\ud83db", 2), ["a\ud83d", "b"]);
  assert.deepEqual(pieces("a😀b", 2), ["a😀", "b"]);
  assert.deepEqual(pieces("", 2), []);
});
