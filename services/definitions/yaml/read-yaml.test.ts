/** Lines of values in a YAML text, by JSON pointer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readYaml } from "./read-yaml.ts";

const text = `# a comment
name: chat
models:
  - provider: openai
    model: gpt-4o
  - { provider: anthropic, model: claude }
a/b: { c~d: 1 }
knobs:
  pii:
    failMode: closed
`;

const lines: readonly [pointer: string, line: number][] = [
  ["", 2],
  ["/name", 2],
  ["/models", 3],
  ["/models/0/model", 5],
  ["/models/1/provider", 6],
  ["/models/1/contextWindowTokens", 6],
  ["/a~1b/c~0d", 7],
  ["/knobs/pii/failMode", 10],
  ["/knobs/output/repair", 8],
  ["/nothing/at/all", 2],
];
for (const [pointer, line] of lines) {
  test(`${pointer === "" ? "the document" : pointer} stands on line ${line}`, () =>
    assert.equal(readYaml(text).lineOf(pointer), line));
}

test("the value is what the YAML says", () => {
  assert.deepEqual(readYaml("a: [1, {b: null}]").value, { a: [1, { b: null }] });
});

const mistakes: readonly [what: string, text: string, message: RegExp][] = [
  ["an open bracket", "name: [", /line 1, column 8/],
  ["a key that is there twice", "a: 1\na: 2\n", /unique.*line 2/],
  ["a tab for indentation", "a:\n\tb: 1\n", /line 2/],
];
for (const [what, yaml, message] of mistakes) {
  test(`names the place of ${what}`, () => assert.throws(() => readYaml(yaml), message));
}
