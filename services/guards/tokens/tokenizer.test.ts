/** Exact counts beside those of OpenAI's own tokenizer; which model is counted how; linear in hostile texts. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { getEncoding } from "js-tiktoken";
import { estimateTokens } from "./estimate.ts";
import { tokenizerOf } from "./tokenizer.ts";

const o200k = tokenizerOf({ provider: "openai", model: "gpt-4o" });
const cl100k = tokenizerOf({ provider: "openai", model: "gpt-4" });
const count = (text: string): number => o200k.count(text, Infinity);

const models: readonly [provider: "openai" | "anthropic", model: string, kind: string][] = [
  ["openai", "gpt-4o", "o200k"],
  ["openai", "gpt-4o-mini-2024-07-18", "o200k"],
  ["openai", "ft:gpt-4o-mini:acme::x", "o200k"],
  ["openai", "gpt-4.1-nano", "o200k"],
  ["openai", "gpt-5-mini", "o200k"],
  ["openai", "o3", "o200k"],
  ["openai", "o4-mini", "o200k"],
  ["openai", "gpt-4", "cl100k"],
  ["openai", "gpt-4-turbo", "cl100k"],
  ["openai", "gpt-3.5-turbo-0125", "cl100k"],
  ["openai", "llama-3.3-70b", "estimated"],
  ["openai", "o3x", "estimated"],
  ["anthropic", "gpt-4o", "estimated"],
  ["anthropic", "claude-3-5-sonnet-latest", "estimated"],
];
for (const [provider, model, kind] of models) {
  test(`${provider}'s ${model} is counted by ${kind}`, () => {
    const tokenizer = tokenizerOf({ provider, model });
    const expected = kind === "o200k" ? tokenizer === o200k : kind === "cl100k" ? tokenizer === cl100k : null;
    assert.equal(expected ?? tokenizer.kind === "estimated", true);
  });
}

const documents: readonly [name: string, tokens: number][] = [
  ["abraham-lincoln-1861", 4211],
  ["franklin-d-roosevelt-1933", 2167],
  ["john-f-kennedy-1961", 1579],
  ["george-washington-1789", 1670],
];
for (const [name, tokens] of documents) {
  test(`${name} is ${tokens} tokens`, () => {
    assert.equal(count(readFileSync(`examples/documents/${name}.txt`, "utf8")), tokens);
  });
}

test("law: the same number as js-tiktoken, whose merging is another", () => {
  const theirs = { o200k: getEncoding("o200k_base"), cl100k: getEncoding("cl100k_base") };
  const unit = fc.constantFrom("a", "E", "the", " ", "  ", "\n", "7", "...", "é", "漢字", "😀", "дом", "'s", "\t", "�");
  const texts = fc.oneof(fc.string({ unit: "grapheme", maxLength: 60 }), fc.string({ unit, maxLength: 60 }));
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(count(text), theirs.o200k.encode(text, [], []).length);
      assert.equal(cl100k.count(text, Infinity), theirs.cl100k.encode(text, [], []).length);
    }),
    { numRuns: 300 },
  );
});

test("OpenAI's models are counted exactly wherever they run, others of an unknown provider as the dearest", () => {
  const named = [
    ["azure", "gpt-4o"],
    ["groq", "llama-3.3-70b"],
    ["openai", "house-model"],
    ["anthropic", "gpt-4o"],
  ] as const;
  assert.deepEqual(
    named.map(([provider, model]) => tokenizerOf({ provider, model }).name),
    ["o200k_base", "o200k_base x 1.25", "o200k_base x 1.15", "o200k_base x 1.25"],
  );
});

test("a text is never more tokens than bytes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => count(text) <= Buffer.byteLength(text)));
});

test("counting stops soon after the limit", () => {
  const text = "one two three ".repeat(1000);
  assert.equal(count(text), 3001);
  const stopped = o200k.count(text, 10);
  assert.ok(stopped > 10 && stopped < 20);
});

test("words that spell a control token are counted as words: the provider never reads them as one", () => {
  assert.ok(count("<|endoftext|>") > 1);
});

test("the estimate errs high on prose, for either encoding", () => {
  const text = readFileSync("examples/documents/john-f-kennedy-1961.txt", "utf8");
  for (const tokenizer of [o200k, cl100k]) assert.ok(estimateTokens(text, "openai") >= tokenizer.count(text, Infinity));
});

const runs = ["a", "A", " ", "\n", "-", "漢", "😀", "e\u0301", " \n", "7", "aB", "\u0301"];
for (const run of runs) {
  test(`a run of ${JSON.stringify(run)} costs in proportion to its length`, () => {
    const work = (length: number): number => {
      let characters = 0;
      let start = 0;
      o200k.eachPiece(run.repeat(length), (end) => {
        characters += (end - start) ** 2;
        start = end;
        return true;
      });
      return characters;
    };
    assert.ok(work(4000) <= 4.5 * work(1000));
    assert.ok(count(run.repeat(4000)) <= 4.1 * count(run.repeat(1000)) + 4);
  });
}
