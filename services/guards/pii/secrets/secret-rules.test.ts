/** The rules for secrets as they are in force: how many, that each compiles, is bounded and has a way in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import gitleaks from "./gitleaks-rules.json" with { type: "json" };
import { ownRules } from "./own-rules.ts";
import { entropyOf, isKeyLike, isPlaceholder } from "./randomness.ts";
import { identifierWords, secretRules } from "./secret-rules.ts";

const rows = [...gitleaks.rules, ...ownRules];

test("220 rules are carried over, and ours stand beside them", () => {
  assert.equal(new Set(gitleaks.rules.map(({ id }) => id)).size, 220);
  assert.equal(new Set(secretRules.byKeyword.flat().map(({ id }) => id)).size, 220 + ownRules.length);
});

test("each rule has a keyword in lower case", () => {
  for (const { id, keywords } of rows) {
    assert.ok(keywords.length > 0, id);
    for (const keyword of keywords) assert.equal(keyword, keyword.toLowerCase(), id);
  }
});

test("no pattern repeats without an end", () => {
  for (const { id, ...row } of rows) {
    const source = "pattern" in row && row.pattern !== undefined ? row.pattern : `${"name" in row ? row.name : ""}`;
    const outside = source.replaceAll(/\\./g, "").replaceAll(/\[[^\]]*\]/g, "");
    assert.equal(/[*+]|\{\d+,\}/.test(outside), false, `${id}: ${source}`);
  }
});

test("the keywords are found wherever they stand", () => {
  const hits = new Set<string>();
  secretRules.automaton.scan("an adobe-adafruit thing", (keyword) => {
    for (const rule of secretRules.byKeyword[keyword] ?? []) hits.add(rule.id);
  });
  assert.ok(hits.has("adobe-client-id") && hits.has("adafruit-api-key"));
});

test("words of identifiers are known", () => {
  let known = 0;
  identifierWords.scan("customer_account_controller", () => known++);
  assert.ok(known > 0);
});

test("entropy is that of Shannon", () => {
  assert.equal(entropyOf("aaaa"), 0);
  assert.equal(entropyOf("abab"), 1);
  assert.equal(entropyOf("abcdefgh"), 3);
});

const keyLike: readonly [value: string, expected: boolean][] = [
  ["Zx8Kq2Lm9Rt4Wv7Yb3Nc6Hd1", true],
  ["550e8400-e29b-41d4-a716-446655440000", false],
  ["2024-11-22-14", false],
  ["1234567890123456", false],
  ["onlyletterswithoutdigits", false],
  ["https://x.example/a1b2c3d4e5", false],
  ["user_controller_v2", false],
];
for (const [value, expected] of keyLike) {
  test(`${value} is ${expected ? "" : "not "}like a key`, () => assert.equal(isKeyLike(value), expected));
}

for (const value of ["true", "xxxxxxxxxxxx", "<your-key>", "${KEY}", "changeme123", "aaaaaaaaaaaa", "[SECRET]"]) {
  test(`${value} is a placeholder`, () => assert.equal(isPlaceholder(value), true));
}
