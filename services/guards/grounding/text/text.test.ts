import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readText, spanOf } from "./read-text.ts";
import { stem } from "./stem.ts";

const oneStem: readonly (readonly string[])[] = [
  ["elects", "elected", "electing", "elect"],
  ["election", "elections"],
  ["stopped", "stopping", "stop", "stops"],
  ["make", "made", "making", "makes"],
  ["country", "countries"],
  ["won", "winner", "winning"],
  ["child", "children", "child's"],
  ["organised", "organise", "organises"],
  ["Reagan", "Reagan's"].map((name) => name.toLowerCase()),
];
for (const words of oneStem)
  test(`${words.join(", ")} have one stem`, () => assert.equal(new Set(words.map(stem)).size, 1));

const differ: readonly (readonly [string, string])[] = [
  ["born", "bore"],
  ["university", "universe"],
  ["news", "newton"],
  ["paris", "parish"],
  ["elect", "election"],
];
for (const [left, right] of differ)
  test(`${left} and ${right} are not one word`, () => assert.notEqual(stem(left), stem(right)));

const cuts: readonly (readonly [name: string, text: string, sentences: readonly string[]])[] = [
  ["a full stop ends a sentence", "It rained. We left!  Why? So.", ["It rained", "We left", "Why", "So"]],
  [
    "initials, titles and abbreviations do not",
    "Mr. Smith met J. K. Rowling at the U.S. embassy.",
    ["Mr. Smith met J. K. Rowling at the U.S. embassy"],
  ],
  ["a wrapped line goes on, a new line with a capital does not", "one\ntwo\nThree", ["one\ntwo", "Three"]],
  ["a closing quotation mark stands behind the stop", 'He said "go." She went.', ['He said "go', "She went"]],
  ["a list's number is no end", "1. First of 3. may 2020", ["1", "First of 3. may 2020"]],
  ["Chinese stops end sentences", "他来了。她走了。", ["他来了", "她走了"]],
];
for (const [name, text, sentences] of cuts)
  test(name, () => {
    const read = readText(text);
    const found = read.sentences.map(({ first, last }) =>
      read.text.folded.slice(read.words[first]?.start, read.words[last - 1]?.end),
    );
    assert.deepEqual(
      found,
      sentences.map((sentence) => sentence.toLowerCase()),
    );
  });

const languages: readonly (readonly [string, string])[] = [
  ["en", "The house was sold by the heirs of the old man."],
  ["de", "Das Haus wurde von den Erben des alten Mannes verkauft."],
  ["fr", "La maison a été vendue par les héritiers du vieil homme."],
  ["es", "La casa fue vendida por los herederos del anciano."],
  ["it", "La casa è stata venduta dagli eredi del vecchio."],
  ["pt", "A casa foi vendida pelos herdeiros do velho e não pela filha."],
  ["nl", "Het huis werd door de erfgenamen van de oude man verkocht."],
];
for (const [language, text] of languages)
  test(`function words tell that a text is ${language}`, () => assert.equal(readText(text).language, language));

test("a text too short to tell has the language it is given", () => {
  assert.equal(readText("Delhi", "de").language, "de");
  assert.equal(readText("Delhi").language, null);
});

test("words know how they were written, under accents and invisible characters too", () => {
  const { words } = readText("Ézéchiel\u200b went to NASA, the U.S. and île");
  assert.deepEqual(
    words.map(({ text, case: written }) => `${text} ${written}`),
    [
      "ezechiel capital",
      "went small",
      "to small",
      "nasa capitals",
      "the small",
      "us capitals",
      "and small",
      "ile small",
    ],
  );
});

test("every word is in one sentence, and every span lies in the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (text) => {
      const read = readText(text);
      const inSentences = read.sentences.flatMap(({ first, last }) => read.words.slice(first, last));
      assert.deepEqual(inSentences, read.words);
      for (const { start, end } of read.words) {
        const span = spanOf(read, start, end);
        assert.ok(span.start < span.end && span.end <= text.length);
      }
    }),
  );
});
