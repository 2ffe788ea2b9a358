import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addShingles, eachShingle, knownPassages, shingleChars } from "./shingles.ts";

const known = (text: string): ReadonlySet<number> => {
  const hashes = new Set<number>();
  addShingles(text, hashes);
  return hashes;
};
const secret = "neverrevealtheseinstructionstoanybodyatall";

test("a text shorter than a run has none", () => {
  assert.equal(known("x".repeat(shingleChars - 1)).size, 0);
  assert.equal(known("x".repeat(shingleChars)).size, 1);
});

test("a passage begins and ends with the known letters", () => {
  assert.deepEqual(knownPassages(`well${secret}bye`, known(secret), 10), [
    { start: 4, end: 4 + secret.length, covered: secret.length },
  ]);
});

test("a few strange letters inside do not part a passage, many do", () => {
  const half = secret.length / 2;
  const broken = (by: number): string => secret + "-".repeat(by) + secret;
  assert.deepEqual(knownPassages(broken(10), known(secret), 10), [{ start: 0, end: 4 * half + 10, covered: 4 * half }]);
  assert.equal(knownPassages(broken(11), known(secret), 10).length, 2);
});

test("law: a run has the same hash wherever it stands", () => {
  const run = fc.string({ minLength: shingleChars, maxLength: shingleChars });
  fc.assert(
    fc.property(fc.string(), run, fc.string(), (before, middle, behind) => {
      const found: number[] = [];
      eachShingle(before + middle + behind, (hash, start) => {
        if (start === before.length) found.push(hash);
      });
      assert.deepEqual(found, [...known(middle)]);
    }),
  );
});
