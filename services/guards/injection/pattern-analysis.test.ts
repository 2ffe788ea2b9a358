/** What a pattern can cost, and the literals that every match of it must hold. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { limitDefect, limitsOf } from "./pattern-limits.ts";
import { rarestOf, requiredGroups } from "./pattern-literals.ts";
import { sourceOf } from "./pattern-source.ts";
import { parsePattern } from "./pattern-syntax.ts";

const unbounded: readonly [what: string, pattern: string, reason: RegExp][] = [
  ["the exponential (a{1,20}){1,20}", "(a{1,20}){1,20}", /variable length/],
  ["words without an end", "(?:\\w{1,20}){1,9}x", /variable length/],
  ["words ended by what they can hold", "(?:\\w{1,20}a){1,9}x", /variable length/],
  ["alternatives of which one begins another", "(?:ab|abc){1,9}x", /variable length/],
  ["a repeat inside a choice inside a repeat", "(?:x|y{1,3}z){1,9}", /variable length/],
  ["too many gaps", "a.{0,60}b.{0,60}c.{0,60}d", /ways/],
  ["a match that is too long", "abc.{200}.{200}.{200}", /characters/],
];
for (const [what, pattern, reason] of unbounded) {
  test(`refuses ${what}`, () => assert.match(limitDefect(parsePattern(pattern)) ?? "", reason));
}

const bounded: readonly [what: string, pattern: string][] = [
  ["a few words ended by a space", "ignore (?:\\w{1,20} ){0,4}rules"],
  ["a few tokens ended by a space", "ignore (?:\\S{1,20} ){0,4}rules"],
  ["words of which none begins another", "(?:the |all |my ){0,3}rules"],
  ["two gaps", "abc.{0,60}def.{0,60}ghi"],
];
for (const [what, pattern] of bounded) {
  test(`accepts ${what}`, () => assert.equal(limitDefect(parsePattern(pattern)), null));
}

test("the longest match is counted", () => {
  assert.equal(limitsOf(parsePattern("ab(?:c|de){0,3}.{2}")).longest, 2 + 6 + 2);
});

const literals: readonly [pattern: string, expected: readonly string[] | null][] = [
  ["ignore previous", ["ignore previous"]],
  ["\\bignore (?:all|any) rules", ["ignore all rules", "ignore any rules"]],
  ["instructions?", ["instruction"]],
  ["summari[sz]e", ["summarise", "summarize"]],
  ["a.{0,9}instructions", ["instructions"]],
  ["(?:a|b).{0,9}(?:rules|orders)", ["rules", "orders"]],
  ["(?:prompt){1,2}", ["prompt"]],
  ["(?:prompt){0,2}ab", null],
  ["a b", ["a b"]],
  ["\\w{3,9}", null],
  ["指示", ["指示"]],
  ["abc|\\d{3}", null],
];
for (const [pattern, expected] of literals) {
  test(`every match of ${pattern} holds ${expected === null ? "no literal" : expected.join(" or ")}`, () => {
    const found = rarestOf(requiredGroups(parsePattern(pattern)))?.literals;
    assert.deepEqual(
      found === undefined ? null : [...found].toSorted(),
      expected === null ? null : [...expected].toSorted(),
    );
  });
}

const piece = fc.constantFrom(
  "abc",
  "abd?",
  "x",
  "[xy]",
  "(?:foo|bar)",
  "(?:foo|ba[rz])?",
  ".{0,3}",
  "\\d{1,2}",
  "qux{1,2}",
  " ",
);

test("law: a match holds one of the pattern's literals, as far from its start as was said", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      fc.string({ unit: fc.constantFrom(..."abcdxyforqu 1".split("")), maxLength: 30 }),
      (pieces, text) => {
        const node = parsePattern(pieces.join(""));
        const match = new RegExp(sourceOf(node), "s").exec(text);
        if (match === null) return;
        let from = 0;
        for (const { literals: some, before } of requiredGroups(node)) {
          const least = Math.max(from, before.least);
          const places = Array.from({ length: Math.max(0, before.most - least + 1) }, (_, at) => least + at);
          const ends = places.flatMap((at) =>
            some.flatMap((literal) => (match[0].startsWith(literal, at) ? [at + literal.length] : [])),
          );
          assert.notEqual(ends.length, 0, `${pieces.join("")} on ${match[0]}: none of ${some.join(", ")}`);
          from = Math.min(...ends);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("law: no match is longer than the pattern's limit says", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      fc.string({ unit: fc.constantFrom(..."abcdxyforqu 1".split("")), maxLength: 40 }),
      (pieces, text) => {
        const node = parsePattern(pieces.join(""));
        const match = new RegExp(sourceOf(node), "s").exec(text);
        assert.ok((match?.[0].length ?? 0) <= limitsOf(node).longest);
      },
    ),
    { numRuns: 1000 },
  );
});
