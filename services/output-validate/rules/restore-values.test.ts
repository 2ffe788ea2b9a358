/** Values come back into texts and strings, into nothing else, and never into more than a record carries. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maxAnswerBytes } from "../../guards/output/answer-size.ts";
import type { JsonValue } from "../../guards/output/json-value.ts";
import { restoreValues } from "./restore-values.ts";

const pseudonyms = new Map([
  ["[EMAIL_1]", "ann@example.com"],
  ["[EMAIL_2]", "bob@example.com"],
  ["[CARD_1]", 'a "quoted" \\ value'],
]);

const cases: readonly [what: string, output: JsonValue, expected: JsonValue, count: number][] = [
  ["a text", "Write to [EMAIL_1], not [EMAIL_2].", "Write to ann@example.com, not bob@example.com.", 2],
  ["one value twice", "[EMAIL_1] [EMAIL_1]", "ann@example.com ann@example.com", 2],
  [
    "strings at any depth",
    { a: ["[EMAIL_1]", { b: "x [CARD_1]" }], n: 1, t: true, z: null },
    { a: ["ann@example.com", { b: 'x a "quoted" \\ value' }], n: 1, t: true, z: null },
    2,
  ],
  ["no key", { "[EMAIL_1]": "x" }, { "[EMAIL_1]": "x" }, 0],
  ["nothing for a pseudonym that the model made up", "[EMAIL_3] [PHONE_1]", "[EMAIL_3] [PHONE_1]", 0],
  [
    "nothing for one that it altered",
    "[EMAIL 1] [email_1] EMAIL_1 [EMAIL_1 ]",
    "[EMAIL 1] [email_1] EMAIL_1 [EMAIL_1 ]",
    0,
  ],
  ["what stands against other text", "x[EMAIL_1]y", "xann@example.comy", 1],
];
for (const [what, output, expected, count] of cases) {
  test(`puts back ${what}`, () => {
    const restoration = restoreValues({ output, calls: [] }, pseudonyms);
    assert.ok(restoration.kind === "restored");
    assert.deepEqual(restoration.said.output, expected);
    assert.equal(restoration.count, count);
    const { report } = restoration;
    assert.equal(report.detail, `${count} ${count === 1 ? "value" : "values"} put back`);
    assert.doesNotMatch(JSON.stringify(report), /example|EMAIL/);
  });
}

test("values come back into what tools are called with, and not into a call's id or a tool's name", () => {
  const call = { id: "[EMAIL_1]", name: "EMAIL_1", arguments: { to: ["[EMAIL_1]"], n: 1 } };
  const restoration = restoreValues({ output: "To [EMAIL_2].", calls: [call] }, pseudonyms);
  assert.ok(restoration.kind === "restored");
  const given = { ...call, arguments: { to: ["ann@example.com"], n: 1 } };
  assert.deepEqual(restoration.said, { output: "To bob@example.com.", calls: [given] });
  assert.equal(restoration.count, 2);
});

test("an answer that its values would make too large is not made", () => {
  const long = new Map([["[X_1]", "v".repeat(2000)]]);
  const kindOf = (output: string, text = ""): string =>
    restoreValues({ output, calls: [{ id: "1", name: "write", arguments: { text } }] }, long).kind;
  const few = "[X_1]".repeat(maxAnswerBytes / 4000 - 10);
  assert.equal(kindOf(few, few), "restored");
  assert.equal(kindOf("[X_1]".repeat(maxAnswerBytes / 1000)), "too_large");
  assert.equal(kindOf(few, "[X_1]".repeat(maxAnswerBytes / 2000)), "too_large");
});

test("law: an output without pseudonyms stays as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const restoration = restoreValues({ output: asJson(value), calls: [] }, pseudonyms);
      assert.ok(restoration.kind === "restored");
      assert.equal(JSON.stringify(restoration.said.output), JSON.stringify(value));
    }),
  );
});

function asJson(value: unknown): JsonValue {
  const parsed: JsonValue = JSON.parse(JSON.stringify(value));
  return parsed;
}
