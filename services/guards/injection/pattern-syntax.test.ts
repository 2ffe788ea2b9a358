/** The pattern language: what is refused, and how what is read is written for the engine. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceOf } from "./pattern-source.ts";
import { parsePattern, PatternError } from "./pattern-syntax.ts";

const refused: readonly [what: string, pattern: string, reason: RegExp][] = [
  ["look-ahead", "ignore(?= all)", /look-around/],
  ["negative look-ahead", "ignore(?! all)", /look-around/],
  ["look-behind", "(?<=a)bcd", /look-around/],
  ["negative look-behind", "(?<!a)bcd", /look-around/],
  ["a back-reference", "(abc)\\1", /back-reference/],
  ["a named back-reference", "(abc)\\k<x>", /back-reference/],
  ["a named group", "(?<x>abc)", /named group or a flag/],
  ["an inline flag", "(?i)abc", /named group or a flag/],
  ["a star", "ab*c", /unbounded/],
  ["a plus", "ab+c", /unbounded/],
  ["an open upper bound", "ab{2,}c", /unbounded/],
  ["a lazy quantifier", "ab{1,3}?c", /lazy/],
  ["a huge bound", "ab{1,1000}c", /out of bounds/],
  ["bounds the wrong way round", "ab{3,1}c", /out of bounds/],
  ["the end anchor", "abc$", /\$ is not part/],
  ["a quantifier on an assertion", "\\b{2}abc", /nothing it can repeat/],
  ["an unclosed group", "(abc", /unclosed group/],
  ["an unmatched bracket", "abc)", /unmatched/],
  ["an unclosed class", "[abc", /unclosed class/],
  ["an empty class", "a[]b", /empty class/],
  ["a range of other letters", "[а-я]bc", /range/],
  ["a range of capitals", "[A-Z]bc", /range/],
  ["an escape it does not know", "\\xabc", /escape/],
  ["a trailing backslash", "abc\\", /too early/],
];
for (const [what, pattern, reason] of refused) {
  test(`refuses ${what}, with its position`, () => {
    assert.throws(
      () => parsePattern(pattern),
      (error) => {
        assert.ok(error instanceof PatternError);
        assert.match(error.message, reason);
        assert.match(error.message, /at character \d+/);
        return true;
      },
    );
  });
}

const written: readonly [what: string, pattern: string, source: string][] = [
  ["a space as any white space", "a b", "a\\sb"],
  ["capitals and accents folded", "Ignoré", "ignore"],
  ["look-alikes folded, as in the text", "іgnоre", "ignore"],
  ["letters that become two", "straße", "strasse"],
  ["other scripts as they are", "指示", "指示"],
  ["characters that mean something, escaped", "a\\.b\\|c", "a\\.b\\|c"],
  ["a brace that bounds nothing", "{a}", "\\{a\\}"],
  ["a question mark as bounds", "ab?", "ab{0,1}"],
  ["an exact count", "a{3}b", "a{3,3}b"],
  ["a plain group without capture", "(a|b)c", "(?:a|b)c"],
  ["a class with folded members", "[Éx]", "[ex]"],
  ["a class with its special characters", "[\\]\\-^]", "[\\]\\-\\^]"],
  ["a negated class", "[^.\\n]{0,9}a", "[^.\\n]{0,9}a"],
  ["a class with white space", "[ ,]a", "[\\s,]a"],
];
for (const [what, pattern, source] of written) {
  test(`writes ${what}`, () => assert.equal(sourceOf(parsePattern(pattern)), source));
}
