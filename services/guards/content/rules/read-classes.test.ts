import assert from "node:assert/strict";
import { test } from "node:test";
import { lexicon } from "./lexicon.ts";
import { readClasses } from "./read-classes.ts";

const read = (text: string) => readClasses(text, { start: 0, end: text.length });

const sentences: readonly [text: string, letters: string][] = [
  ["the harbour wall", "A.."],
  ["kill all jews", "kAG"],
  ["kill the process", "."],
  ["you're a loser", "YBAI"],
  ["videos about black people", ".rG"],
  ["black\npeople", "G"],
  ["black people should be shot", "GMBK"],
  ["", ""],
  ["...!?", ""],
];

for (const [text, letters] of sentences) {
  test(`${JSON.stringify(text)} reads ${JSON.stringify(letters)}`, () => assert.equal(read(text).letters, letters));
}

test("each letter knows where its word or phrase stands, also in the middle of a text", () => {
  const text = "x. black people, all of them";
  const { letters, places } = readClasses(text, { start: 3, end: text.length });
  assert.equal(letters, "GP");
  assert.deepEqual(
    places.map(({ start, end }) => text.slice(start, end)),
    ["black people", "all of them"],
  );
});

test("every phrase is written as folding leaves it, and its words as they are read", () => {
  for (const [phrase, letters] of lexicon) {
    assert.match(phrase, /^[a-z0-9']+(?: [a-z0-9']+)*$/);
    assert.equal(read(phrase).letters, letters, phrase);
  }
});
