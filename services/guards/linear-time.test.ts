/**
 * Hostile texts cost every guard a time that grows with their length and not
 * with its square. Two lengths are compared, the best of several runs each, so
 * that a slow machine changes nothing: eight times the text may take at most
 * thirty times as long; a quadratic guard would take sixty-four.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { signaturePack } from "../../schemas/control/signature-pack.ts";
import { checkGrounding } from "./grounding/check-grounding.ts";
import { findContent } from "./content/find-content.ts";
import { compilePack } from "./injection/compile-pack.ts";
import { buildScanner } from "./injection/scanner.ts";
import { findLeaks } from "./leaks/find-leaks.ts";
import { scoreInjection } from "./model/score.ts";
import { piiEntities } from "./pii/entity.ts";
import { findPii } from "./pii/find-pii.ts";
import { findPlanted } from "./planted/find-planted.ts";
import { fold } from "./text/fold.ts";
import { readings } from "./text/readings.ts";
import { spanToCut } from "./tokens/cut.ts";
import { tokenizerOf } from "./tokens/tokenizer.ts";

const packs = globSync("harnesses/signatures/*.yaml").map((file) => {
  const verdict = compilePack(signaturePack.parse(parse(readFileSync(file, "utf8"))));
  assert.ok(verdict.kind === "compiled", file);
  return verdict.pack;
});
assert.ok(packs.length >= 10);
const scanner = buildScanner(packs);

const estimate = tokenizerOf({ provider: "anthropic", model: "claude-3-5-sonnet-latest" });
const o200k = tokenizerOf({ provider: "openai", model: "gpt-4o" });

const everyEntity = piiEntities.map(({ entity }) => entity);

const guards: readonly [name: string, run: (text: string) => unknown][] = [
  ["folding", fold],
  ["reading further", (text) => readings(fold(text))],
  ["signatures", (text) => scanner.scan(fold(text))],
  ["the linear model", (text) => scoreInjection(fold(text))],
  ["planted instructions", (text) => findPlanted(fold(text))],
  ["personal data", (text) => findPii(fold(text), everyEntity)],
  ["grounding", (text) => checkGrounding(text, [text])],
  ["leaks", (text) => findLeaks(text, { system: text.slice(0, 2000), canaries: [], input: [text.slice(0, 2000)] })],
  ["leaks of a long prompt", (text) => findLeaks(text.slice(0, 2000), { system: text, canaries: [], input: [text] })],
  ["content", findContent],
  ["token estimates", (text) => spanToCut(text, { tokenizer: estimate, room: text.length / 8, keep: "tail" })],
  ["token counts", (text) => spanToCut(text, { tokenizer: o200k, room: text.length / 8, keep: "middle" })],
];

const pieces = [
  "1",
  "1 ",
  "4111 1111 ",
  "1.1.1.",
  "4-",
  "a@",
  "a.b@c.",
  "://a",
  "ignore ",
  "ignore all previous ",
  "curl curl ",
  "reveal your ",
  "you lose tokens ",
  "[dan ",
  "](https://a/",
  "\u200b",
  "i\u0301",
  " ",
  "\n#",
  "aаɑ",
  "i g n ",
  "%69",
  "&#105;",
  "\\u0069",
  "69 ",
  "aWdub3Jl",
  "1gn0r3 ",
  "Ingore ",
  "vtaber nyy ",
  "ignoreall",
  "\u{e0069}",
  "Ab Cd. ",
  "in 1999 in 2000. ",
  "rose fell. ",
  "not a not b. ",
  '"a b c d" ',
  "https://a.b ",
  "we should kill all ",
  "jews are ",
  "they are nothing but a ",
  "i will find you and ",
  "you are such a fucking ",
  "you filthy ",
  "severed ",
];

const small = 24_000;
const factor = 8;

for (const [name, run] of guards) {
  test(`${name}: linear on hostile texts`, () => {
    for (const piece of pieces) {
      const short = piece.repeat(Math.ceil(small / piece.length));
      const long = piece.repeat(Math.ceil((factor * small) / piece.length));
      const ratio = leastRatio(
        () => run(long),
        () => run(short),
      );
      assert.ok(
        ratio < 30,
        `${JSON.stringify(piece)}: ${ratio.toFixed(1)} times the time for ${factor} times the text`,
      );
    }
  });
}

/**
 * Quadratic work would give 64. Other work on the machine only ever adds time,
 * so the least of many rounds comes near the true one on both sides.
 */
function leastRatio(onLong: () => unknown, onShort: () => unknown): number {
  let long = Infinity;
  let short = Infinity;
  for (let tries = 0; tries < 20 && !(long / short < 30); tries += 1) {
    long = Math.min(long, best(onLong));
    short = Math.min(short, Math.max(best(onShort), 0.05));
  }
  return long / short;
}

/** Milliseconds, the least of four rounds. */
function best(work: () => unknown): number {
  let least = Infinity;
  for (let round = 0; round < 4; round += 1) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
