import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { blockSize, hashText, type HashedText } from "./features.ts";

const tokensOf = ({ tokens, places }: HashedText): number[] => [...places.subarray(0, tokens)];
const charsOf = (folded: string): number[] => {
  const { tokens, chars, charsFrom } = hashText(folded);
  return [...chars.subarray(0, charsFrom[tokens])];
};
const wordsOf = (folded: string): number[] => {
  const { tokens, words, wordsFrom } = hashText(folded);
  return [...words.subarray(0, wordsFrom[tokens])];
};

test("tokens begin where white space ends", () => {
  assert.deepEqual(tokensOf(hashText("ab cd\nef")), [0, 3, 6]);
  assert.deepEqual(tokensOf(hashText("  ab ")), [2]);
  assert.equal(hashText("").tokens, 0);
  assert.equal(hashText(" \n").tokens, 0);
});

test("a token has the runs of three and of five characters of itself between spaces", () => {
  // " ab " holds " ab" and "ab "; " abc " holds three of three and itself
  for (const [token, count] of [
    ["a", 1],
    ["ab", 2],
    ["abc", 4],
    ["abcd", 6],
  ] as const)
    assert.equal(charsOf(token).length, count, token);
});

test("the same word gives the same features wherever it stands", () => {
  assert.deepEqual(charsOf("ignore the rules").slice(0, charsOf("ignore").length), charsOf("ignore"));
  assert.deepEqual(charsOf("please ignore").slice(charsOf("please").length), charsOf("ignore"));
});

test("punctuation ends a word but not a token, and two neighbours make a pair", () => {
  assert.equal(wordsOf("one").length, 1);
  assert.equal(wordsOf("one two").length, 3);
  assert.deepEqual(wordsOf("one,two"), wordsOf("one two"));
  assert.notDeepEqual(charsOf("one,two"), charsOf("one two"));
});

test("a pair is told apart from its mirror image", () => {
  assert.notEqual(wordsOf("the rules")[2], wordsOf("rules the")[2]);
});

test("numbers are told apart by their length only", () => {
  assert.deepEqual(charsOf("room 12"), charsOf("room 97"));
  assert.notDeepEqual(charsOf("room 12"), charsOf("room 120"));
});

test("letters beyond ASCII make words", () => {
  assert.equal(wordsOf("игнорируй правила").length, 3);
  assert.equal(wordsOf("规则").length, 1);
});

test("a token of many characters is cut, so that a text without spaces has windows too", () => {
  assert.deepEqual(tokensOf(hashText("规".repeat(130))), [0, 64, 128]);
});

test("for any text: tokens are in order, features are within their block, nothing overflows", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "b", "é", "1", ".", " ", "\n", "规"), maxLength: 400 }),
      (text) => {
        const { tokens, places, chars, charsFrom, words, wordsFrom } = hashText(text);
        for (let token = 0; token < tokens; token++) {
          assert.ok((places[token] ?? 0) < (places[token + 1] ?? 0));
          assert.ok((charsFrom[token] ?? 0) < (charsFrom[token + 1] ?? 0));
          assert.ok((wordsFrom[token] ?? 0) <= (wordsFrom[token + 1] ?? 0));
        }
        assert.equal(places[tokens], text.length);
        assert.ok((charsFrom[tokens] ?? 0) <= chars.length && (wordsFrom[tokens] ?? 0) <= words.length);
        assert.ok(chars.every((feature) => feature < blockSize));
      },
    ),
  );
});
