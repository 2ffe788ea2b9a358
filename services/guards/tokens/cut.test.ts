/** The laws of cutting: what is left fits, is an end of the text, and holds whole characters; more room keeps more. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { spanToCut, type Keep } from "./cut.ts";
import { tokenizerOf, type Tokenizer } from "./tokenizer.ts";

const o200k = tokenizerOf({ provider: "openai", model: "gpt-4o" });
const claude = tokenizerOf({ provider: "anthropic", model: "claude-3-5-sonnet-latest" });

interface Order {
  readonly by?: Tokenizer;
  readonly room: number;
  readonly keep: Keep;
}

function cut(text: string, { by = o200k, room, keep }: Order): readonly [head: string, tail: string] {
  const { start, end } = spanToCut(text, { tokenizer: by, room, keep });
  return [text.slice(0, start), text.slice(end)];
}

const fox = "The quick brown fox jumps over the lazy dog. ".repeat(100);

test("head keeps the beginning, whole words of it", () => {
  assert.deepEqual(cut(fox, { room: 5, keep: "head" }), ["The quick brown fox jumps", ""]);
});

test("tail keeps the end", () => {
  assert.deepEqual(cut(fox, { room: 5, keep: "tail" }), ["", " the lazy dog. "]);
});

test("middle keeps both ends, each half of what is permitted", () => {
  assert.deepEqual(cut(fox, { room: 8, keep: "middle" }), ["The quick brown fox", " lazy dog. "]);
});

test("one endless word is cut inside", () => {
  for (const by of [o200k, claude]) {
    const [head] = cut("a".repeat(10_000), { by, room: 100, keep: "head" });
    assert.ok(head.length >= 300 && head.length <= 800, String(head.length));
    const [, tail] = cut("a".repeat(10_000), { by, room: 100, keep: "tail" });
    assert.ok(tail.length >= 300 && tail.length <= 800, String(tail.length));
  }
});

const whole: readonly [what: string, character: string][] = [
  ["an emoji", "😀"],
  ["a family", "👩‍👩‍👧‍👦"],
  ["a flag", "🇩🇪"],
  ["a letter with two accents", "e\u0302\u0301"],
  ["a Hindi syllable", "क्षि"],
];
for (const [what, character] of whole) {
  test(`${what} is never cut in two`, () => {
    const text = character.repeat(60);
    for (let room = 0; room < 40; room++) {
      for (const keep of ["head", "tail", "middle"] as const) {
        for (const part of cut(text, { room, keep }))
          assert.equal(part, character.repeat(part.length / character.length));
      }
    }
  });
}

const unit = fc.constantFrom("word", "a", " ", "\n", "7", ".", "é", "漢", "😀", "д", "e\u0301", "👩‍👧", "🇩🇪", "क्षि");
const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 120 }),
  fc.string({ unit, maxLength: 120 }),
  fc.string({ unit: fc.constantFrom("a", "😀", "\u0301"), maxLength: 300 }),
);
const keep = fc.constantFrom<Keep>("head", "tail", "middle");
const by = fc.constantFrom(o200k, claude);
const costOf = (text: string, tokenizer: Tokenizer): number => tokenizer.count(text, Infinity);
const characters = new Intl.Segmenter("und", { granularity: "grapheme" });

test("law: what fits is never cut", () => {
  fc.assert(
    fc.property(anyText, keep, by, (text, end, tokenizer) => {
      assert.equal(cut(text, { by: tokenizer, room: costOf(text, tokenizer), keep: end }).join(""), text);
    }),
  );
});

test("law: each end that is kept costs no more than its room, and holds whole characters", () => {
  fc.assert(
    fc.property(anyText, fc.nat(60), keep, by, (text, room, end, tokenizer) => {
      const [head, tail] = cut(text, { by: tokenizer, room, keep: end });
      assert.ok(text.startsWith(head) && text.endsWith(tail) && head.length + tail.length <= text.length);
      if (head + tail === text) return;
      assert.ok(costOf(end === "tail" ? tail : head, tokenizer) <= (end === "middle" ? Math.ceil(room / 2) : room));
      const boundaries = new Set(Array.from(characters.segment(text), ({ index }) => index).concat(text.length));
      assert.ok(boundaries.has(head.length) && boundaries.has(text.length - tail.length));
    }),
    { numRuns: 500 },
  );
});

test("law: more room never keeps less", () => {
  fc.assert(
    fc.property(anyText, fc.nat(60), keep, by, (text, room, end, tokenizer) => {
      const kept = (tokens: number) => cut(text, { by: tokenizer, room: tokens, keep: end }).join("").length;
      assert.ok(kept(room + 1) >= kept(room));
    }),
    { numRuns: 500 },
  );
});
