/** A harness's own kinds of values: what is found, what is refused, and what a search may cost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CustomEntity } from "../../../schemas/control/harness-definition.ts";
import { fold } from "../text/fold.ts";
import { compileCustom, findCustom, maxCustomWays } from "./custom-entity.ts";

function custom(pattern: string, more: Partial<CustomEntity> = {}): CustomEntity {
  return { name: "employeeId", pattern, action: "redact", severity: "medium", context: [], ...more };
}

function found(text: string, pattern: string, context: string[] = []): string[] {
  const verdict = compileCustom(custom(pattern, { context }));
  assert.ok(verdict.kind === "compiled", JSON.stringify(verdict));
  return findCustom(fold(text), [verdict.custom]).map(({ start, end }) => text.slice(start, end));
}

const finds: readonly [what: string, text: string, pattern: string, values: string[]][] = [
  ["each value in its place", "E-123456 and E-654321.", "\\be-\\d{6}\\b", ["E-123456", "E-654321"]],
  ["a pattern without any literal", "Claim AB1234567 of May.", "\\b[a-z]{2}\\d{7}\\b", ["AB1234567"]],
  ["full-width letters", "Ｅ－１２３４５６!", "e-\\d{6}", ["Ｅ－１２３４５６"]],
  ["what hides zero-width characters", "E-12\u200b3456 ok", "e-\\d{6}", ["E-12\u200b3456"]],
  ["a pattern written in capitals", "e-123456", "E-\\d{6}", ["e-123456"]],
  [
    "one of several words",
    "project falcon, project heron",
    "\\bproject (?:falcon|heron)\\b",
    ["project falcon", "project heron"],
  ],
  ["nothing in other text", "E-12345 F-123456", "\\be-\\d{6}\\b", []],
];
for (const [what, text, pattern, values] of finds) {
  test(`finds ${what}`, () => assert.deepEqual(found(text, pattern), values));
}

test("with context words, a value counts only near one of them", () => {
  const pattern = "\\b\\d{6}\\b";
  assert.deepEqual(found("Employee no. 123456", pattern, ["employee"]), ["123456"]);
  assert.deepEqual(found("123456 is the Ｅmployee", pattern, ["employee"]), ["123456"]);
  assert.deepEqual(found("The number is 123456.", pattern, ["employee", "staff"]), []);
  assert.deepEqual(found(`Employee${" .".repeat(60)} 123456`, pattern, ["employee"]), []);
});

const refused: readonly [what: string, pattern: string, rule: string, message: RegExp][] = [
  ["an unbounded quantifier", "e-\\d+", "pattern_syntax", /unbounded quantifier.*at character 5/],
  ["look-around", "(?<=e)\\d{3}", "pattern_syntax", /look-around/],
  ["a back-reference", "(\\d)\\1", "pattern_syntax", /back-reference/],
  ["nested repeats", "(?:a{1,9}){1,9}", "pattern_bounded", /variable length/],
  ["too many ways", "[a-z]{1,20}[0-9]{1,20}x", "pattern_bounded", /400 ways, more than 32/],
  ["a value too long", "[a-z]{150}-[0-9]{150}", "pattern_bounded", /301 characters, more than 200/],
  ["a pattern that matches nothing", "(?:abc)?", "pattern_not_empty", /there is nothing/],
];
for (const [what, pattern, rule, message] of refused) {
  test(`refuses ${what}`, () => {
    const verdict = compileCustom(custom(pattern));
    assert.ok(verdict.kind === "refused");
    assert.equal(verdict.rule, rule);
    assert.match(verdict.message, message);
  });
}

test("law: what is found lies within the text, in order, and holds the value", () => {
  const value = fc.stringMatching(/^E-[0-9]{6}$/);
  const around = fc.stringMatching(/^[ A-Za-zäß\u200b🙂,.]{0,12}$/u);
  fc.assert(
    fc.property(fc.array(fc.tuple(around, value), { maxLength: 5 }), (parts) => {
      const text = parts.map(([before, id]) => `${before} ${id} `).join("");
      assert.deepEqual(
        found(text, "\\be-\\d{6}\\b"),
        parts.map(([, id]) => id),
      );
    }),
  );
});

test("law: where the windows of the search meet changes nothing", () => {
  const verdict = compileCustom(custom("\\bx[a-z]{1,31}\\b"));
  assert.ok(verdict.kind === "compiled");
  const { custom: compiled } = verdict;
  const word = fc.stringMatching(/^(?:x[a-z]{1,31}|[a-z]{1,9}|[ .,]{1,3}|-)$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 200, maxLength: 600 }), (words) => {
      const text = words.join(" ");
      const whole = [...text.matchAll(/\bx[a-z]{1,31}\b/g)].map(({ 0: value, index }) => [index, index + value.length]);
      assert.deepEqual(
        findCustom({ ...fold("a"), original: text, folded: text }, [compiled]).map(({ start, end }) => [start, end]),
        whole,
      );
    }),
    { numRuns: 50 },
  );
});

test("the dearest pattern that is let in takes time linear in a hostile text", () => {
  const verdict = compileCustom(custom(`[a-z]{1,${maxCustomWays}}!`));
  assert.ok(verdict.kind === "compiled");
  const { custom: compiled } = verdict;
  // The best of several, of the processor's own time: a busy machine changes little.
  const time = (length: number): number => {
    const text = fold("a".repeat(length));
    const samples = Array.from({ length: 7 }, () => {
      const from = process.cpuUsage();
      findCustom(text, [compiled]);
      return process.cpuUsage(from).user;
    });
    return Math.max(1, Math.min(...samples));
  };
  time(160_000);
  assert.ok(time(320_000) < 40 * time(40_000));
});
