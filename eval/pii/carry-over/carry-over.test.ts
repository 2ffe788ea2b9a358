/** What becomes of a rule written for Go: bounded, the same matches, and taken apart where it is name and value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readGitleaksRules } from "./gitleaks-toml.ts";
import { bounded, toJavaScript } from "./to-javascript.ts";

const patterns: readonly [go: string, javascript: string][] = [
  ["ab(?i)[a-f]c{4}", "ab[a-fA-F][cC]{4}"],
  ["(?:x(?i)y)z", "(?:x[yY])z"],
  ["(?i:a(?-i:b)|[c_])", "(?:[aA](?:b)|[cC_])"],
  ["[a-z]+=*", "[a-z]{1,200}={0,200}"],
  ["[+*]{2,}", "[+*]{2,8000}"],
  [String.raw`a\+b\*`, String.raw`a\+b\*`],
  [String.raw`a\z`, "a$"],
  ["[[:alnum:]]{3}", "[A-Za-z0-9]{3}"],
  ["(?P<name>a)", "(?:a)"],
];
for (const [go, javascript] of patterns) {
  test(`${go} becomes ${javascript}`, () => assert.equal(bounded(go), javascript));
}

const assignment = String.raw`(?i)[\w.-]{0,50}?(?:acme)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}([a-z]{8})(?:[\x60'"\s;]|\\[nr]|$)`;

test("a name with a value is taken apart", () => {
  assert.deepEqual(toJavaScript(assignment), [
    { kind: "assignment", name: "(?:(?:[aA][cC][mM][eE]))", value: "(?:([a-zA-Z]{8}))" },
  ]);
});

test("a pattern that stands beside it becomes a rule of its own", () => {
  assert.deepEqual(toJavaScript(String.raw`${assignment}|\b(AC[0-9]{4})`)[1], {
    kind: "pattern",
    pattern: String.raw`\b(AC[0-9]{4})`,
  });
});

test("rules are read from the file as it is written", () => {
  const toml = [
    "title = 'x'",
    "[[rules]]",
    'id = "acme-key"',
    "regex = '''AC[0-9]{4}'''",
    "entropy = 2.5",
    'keywords = ["ac",',
    '  "acme"]',
    "[[rules.allowlists]]",
    "stopwords = [",
    '  "example",',
    "]",
    "[[rules]]",
    'id = "file-only"',
    "path = '''x'''",
  ].join("\n");
  assert.deepEqual(readGitleaksRules(toml), [
    { id: "acme-key", regex: "AC[0-9]{4}", keywords: ["ac", "acme"], entropy: 2.5, stopwords: ["example"] },
    { id: "file-only", regex: null, keywords: [], entropy: 0, stopwords: [] },
  ]);
});
