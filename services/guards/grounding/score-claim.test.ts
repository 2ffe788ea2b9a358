import assert from "node:assert/strict";
import { test } from "node:test";
import { indexContext } from "./passages/index-context.ts";
import { readClaims } from "./read-claims.ts";
import { scoreClaim, signsOf, unsupportedFrom, type Signs } from "./score-claim.ts";
import { readText } from "./text/read-text.ts";

const context =
  "The town of Marlow opened its new library on 12 March 2021. The building cost $3.1 million and holds 45,000 books. " +
  "Mayor Alice Brennan said that British visitors had doubled within a year.";
const index = indexContext([context]);

function judged(sentence: string): { readonly score: number; readonly signs: Signs } {
  const [claim] = readClaims(readText(sentence, "en"), index);
  assert.ok(claim !== undefined);
  return { score: scoreClaim(claim, index), signs: signsOf(claim, index) };
}

type Row = readonly [name: string, sentence: string, signs: Partial<Signs>];
const rows: readonly Row[] = [
  [
    "a copy has no sign at all",
    "The building cost $3.1 million and holds 45,000 books.",
    { values: 0, names: 0, uncovered: 0, newPairs: 0, foreign: 0 },
  ],
  ["numbers in another writing are there", "It holds 45k books since 2021-03-12.", { values: 0 }],
  ["each number that is not there counts", "It holds 51,000 books and 900 maps.", { values: 2 }],
  ["a share that is said without counting does not", "Half of the library holds books.", { values: 0 }],
  ["words of names that are not there count, frequent ones too", "Marlow thanked Bishop Okonkwo.", { names: 2 }],
  ["a surname alone, and a country's other name, are there", "Brennan spoke of visitors from Britain.", { names: 0 }],
  ["in a text without capitals, rare words are its names", "mayor okonkwo opened the library", { names: 1 }],
  ["nothing of a foreign sentence is there", "Whales sing under polar ice.", { uncovered: 1, newPairs: 1, foreign: 1 }],
];
for (const [name, sentence, signs] of rows)
  test(name, () => {
    const found = judged(sentence).signs;
    assert.deepEqual({ ...found, ...signs }, found);
  });

test("the more is wrong, the higher the score, from what is said there to what is said nowhere", () => {
  const scores = [
    "The building cost $3.1 million and holds 45,000 books.",
    "The building holds many books and cost much.",
    "The building of Mayor Okonkwo holds 51,000 books.",
    "Senator Bartholomew Okonkwo sang 51,000 carols under polar ice.",
  ].map((sentence) => judged(sentence).score);
  assert.deepEqual(
    scores,
    scores.toSorted((left, right) => left - right),
  );
  assert.ok((scores[0] ?? 1) < 0.2 && (scores[3] ?? 0) >= unsupportedFrom, scores.join(" "));
});

test("a score does not depend on how long the context is", () => {
  const sentence = "The building of Mayor Okonkwo holds 51,000 books.";
  const longer = indexContext([context, "Nothing here is about that. ".repeat(200)]);
  const [claim] = readClaims(readText(sentence, "en"), longer);
  assert.ok(claim !== undefined);
  assert.equal(scoreClaim(claim, longer), judged(sentence).score);
});
