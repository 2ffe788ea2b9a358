import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pieceChars, piecesOf } from "./pieces.ts";

const answer = (text: string) => [{ field: "answer", text }];

test("a short answer is one piece", () => {
  assert.deepEqual(piecesOf(answer("Good morning.")), answer("Good morning."));
});

test("short fields share a piece, which then stands for the whole answer", () => {
  const texts = [
    { field: "answer/title", text: "Berths" },
    { field: "answer/body", text: "There are eleven." },
  ];
  assert.deepEqual(piecesOf(texts), [{ field: "answer", text: "Berths\nThere are eleven." }]);
});

test("a field that fills a piece keeps its name", () => {
  const long = "word ".repeat(790);
  const fields = piecesOf([
    { field: "answer/a", text: long },
    { field: "answer/b", text: long },
  ]).map(({ field }) => field);
  assert.deepEqual(fields, ["answer/a", "answer/b"]);
});

test("what says nothing is not asked about", () => {
  assert.deepEqual(piecesOf([...answer(""), ...answer("12,500.5"), ...answer(" \n ")]), []);
});

test("no piece is too long, and whatever is said in 200 characters is whole in one of them", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12_000 });
  fc.assert(
    fc.property(text, fc.nat(12_000), (said, at) => {
      const pieces = piecesOf(answer(`x${said}`)).map((piece) => piece.text);
      assert.ok(pieces.every((piece) => piece.length <= pieceChars));
      const from = Math.min(at, said.length);
      const quote = said
        .slice(from, from + 190)
        .replace(/^[\uDC00-\uDFFF]/, "")
        .replace(/[\uD800-\uDBFF]$/, "");
      assert.ok(pieces.some((piece) => piece.includes(quote)));
    }),
    { numRuns: 100 },
  );
});
