/**
 * Token estimates beside the true counts of OpenAI's o200k tokenizer, which
 * were taken once and stand here as numbers.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { estimateTokens, tokensFor, weighText } from "./estimate.ts";

const counted: readonly [what: string, text: string, tokens: number][] = [
  [
    "English prose",
    "The harness is the boundary around every call to a language model: it validates, guards, prices, records and recovers it.",
    26,
  ],
  [
    "German",
    "Künstliche Intelligenz ist ein Teilgebiet der Informatik, das sich mit der Automatisierung intelligenten Verhaltens befasst.",
    29,
  ],
  [
    "French",
    "L'intelligence artificielle est l'ensemble des théories et des techniques mises en œuvre en vue de réaliser des machines.",
    24,
  ],
  [
    "JSON",
    '{"id":"7f3a","total":1999.5,"items":[{"sku":"A-100","qty":3},{"sku":"B-220","qty":12}],"paid":true,"note":null}',
    47,
  ],
  [
    "TypeScript",
    "export function sum(values: readonly number[]): number {\n  return values.reduce((total, value) => total + value, 0);\n}\n",
    28,
  ],
  ["figures", "Revenue rose 12.5% to $4,310,220 in 2024; 38 of 1,204 orders were late, on 2024-11-22.", 39],
  [
    "Chinese",
    "人工智能是计算机科学的一个分支，它企图了解智能的实质，并生产出一种新的能以人类智能相似的方式做出反应的智能机器。",
    40,
  ],
  ["Japanese", "今日は天気がいいですね。東京の人口は約千四百万人です。明日は雨が降るかもしれません。", 29],
  ["Arabic", "الذكاء الاصطناعي هو فرع من علوم الحاسوب يهدف إلى إنشاء آلات ذكية.", 23],
  ["Hindi", "कृत्रिम बुद्धिमत्ता कंप्यूटर विज्ञान की एक शाखा है।", 16],
];

for (const [what, text, tokens] of counted) {
  test(`${what}: between the true count less a tenth and half as much again`, () => {
    const estimate = estimateTokens(text, "openai");
    assert.ok(estimate >= tokens * 0.9 && estimate <= tokens * 1.5 + 3, `${estimate} for ${tokens}`);
  });
}

const documents: readonly [name: string, tokens: number][] = [
  ["abraham-lincoln-1861", 4211],
  ["franklin-d-roosevelt-1933", 2167],
  ["john-f-kennedy-1961", 1579],
  ["george-washington-1789", 1670],
];

for (const [name, tokens] of documents) {
  test(`${name}: at most a seventh above the true count, and never below it`, () => {
    const estimate = estimateTokens(readFileSync(`examples/documents/${name}.txt`, "utf8"), "openai");
    assert.ok(estimate >= tokens && estimate <= tokens * 1.14, `${estimate} for ${tokens}`);
  });
}

test("nothing costs nothing, and without a provider the dearer one counts", () => {
  assert.equal(estimateTokens(""), 0);
  const text = "The quick brown fox jumps over the lazy dog.";
  assert.equal(estimateTokens(text), estimateTokens(text, "anthropic"));
  assert.ok(estimateTokens(text, "anthropic") > estimateTokens(text, "openai"));
});

test("a provider that nobody measured counts like the dearest that was", () => {
  assert.equal(estimateTokens("A few words of English.", "groq"), estimateTokens("A few words of English."));
  assert.equal(tokensFor(117, ["openai", "groq"], "openai"), 100);
});

test("law: a text together is estimated no higher than its parts, and within rounding of their sum", () => {
  const unit = fc.constantFrom("a", "B", " ", "\n", "7", ".", "é", "漢", "😀", "д");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 200 }), fc.string({ unit, maxLength: 200 }), (left, right) => {
      const sum = weighText(left) + weighText(right);
      const together = weighText(left + right);
      assert.ok(together <= sum + 3 && together >= sum - 3, `${together} and ${sum}`);
    }),
  );
});
