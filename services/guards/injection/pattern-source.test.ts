/**
 * The written form matches what the pattern says, and V8's linear engine takes
 * all of it: with that engine switched on, the flag l compiles what can run on
 * it and refuses the rest.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { parse } from "yaml";
import { signaturePack } from "../../../schemas/control/signature-pack.ts";
import { limitDefect } from "./pattern-limits.ts";
import { patternFlags, sourceOf } from "./pattern-source.ts";
import { parsePattern } from "./pattern-syntax.ts";

setFlagsFromString("--enable-experimental-regexp-engine");
const linear = (source: string) => new RegExp(source, `${patternFlags}l`);

const written: readonly [pattern: string, source: string][] = [
  ["a{0,16}", "a{0,16}"],
  ["a{2,20}", "a{2}(?:a{16}a{0,2}|a{0,15})"],
  ["a{33}", "a{16}a{16}a{1}"],
  ["a{0,40}", "(?:a{16}(?:a{16}a{0,8}|a{0,15})|a{0,15})"],
  ["(?:\\w{1,4} ){0,4}", "(?:\\w{1,4}\\s){0,4}"],
  ["(?:\\w{1,9} ){1,3}", "(?:\\w{1,9}\\s)(?:(?:\\w{1,9}\\s)(?:(?:\\w{1,9}\\s))?)?"],
];
for (const [pattern, source] of written) {
  test(`writes ${pattern} as ${source}`, () => assert.equal(sourceOf(parsePattern(pattern)), source));
}

test("without this form V8's linear engine refuses a gap of 40", () => {
  assert.throws(() => linear("ab{0,40}c"), /linear time/);
  assert.doesNotThrow(() => linear(sourceOf(parsePattern("ab{0,40}c"))));
});

test("every pattern of the core pack runs on V8's linear engine", () => {
  const { signatures } = signaturePack.parse(parse(readFileSync("harnesses/signatures/core.yaml", "utf8")));
  for (const { id, pattern } of signatures) assert.doesNotThrow(() => linear(sourceOf(parsePattern(pattern))), id);
});

const bounds = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([least, more]) => `{${least},${Math.min(60, least + more)}}`);
const atom = fc.constantFrom("a", "[ab]", "(?:ab|c)", ".", "\\w", "(?:\\w{1,20} )", "(?:[ab]{1,3} )");
const repeat = fc.tuple(atom, bounds).map(([item, times]) => item + times);
const pattern = fc
  .array(fc.oneof(fc.constantFrom("a", "b ", "(?:c|ab)"), repeat), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(""))
  .filter((source) => limitDefect(parsePattern(source)) === null);

test("law: whatever passes the limits runs on V8's linear engine", () => {
  fc.assert(
    fc.property(pattern, (source) => {
      assert.doesNotThrow(() => linear(sourceOf(parsePattern(source))), source);
    }),
    { numRuns: 500 },
  );
});

test("law: written out, a pattern matches where and as long as it did before", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), maxLength: 70 });
  fc.assert(
    fc.property(pattern, text, (source, among) => {
      const plain = new RegExp(source.replaceAll(" ", "\\s"), "ms").exec(among);
      const ours = new RegExp(sourceOf(parsePattern(source)), "ms").exec(among);
      assert.deepEqual([ours?.index, ours?.[0]], [plain?.index, plain?.[0]], source);
    }),
    { numRuns: 1000 },
  );
});
