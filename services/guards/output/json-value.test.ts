import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maxJsonDepth, parseJson } from "./json-value.ts";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

const cases: readonly (readonly [name: string, text: string, expected: ReturnType<typeof parseJson>])[] = [
  ["a scalar is a value", " 3 ", { kind: "value", value: 3, duplicateKeys: false }],
  ["null is a value", "null", { kind: "value", value: null, duplicateKeys: false }],
  [
    "keys and colons in strings are not members",
    '{"a:b": "c:d"}',
    { kind: "value", value: { "a:b": "c:d" }, duplicateKeys: false },
  ],
  [
    "an escaped quote does not end a string",
    '{"a": "\\":"}',
    { kind: "value", value: { a: '":' }, duplicateKeys: false },
  ],
  ["a key given twice is seen", '{"a": 1, "a": 2}', { kind: "value", value: { a: 2 }, duplicateKeys: true }],
  [
    "a key given twice deep inside is seen",
    '[{"b": {"a": 1, "a": 2}}]',
    { kind: "value", value: [{ b: { a: 2 } }], duplicateKeys: true },
  ],
  ["an exponent that rounds is a number like any other", "1e22", { kind: "value", value: 1e22, duplicateKeys: false }],
  [
    "digits in a string are no number",
    '"12345678901234567890"',
    { kind: "value", value: "12345678901234567890", duplicateKeys: false },
  ],
  [
    "a long integer that a double holds is a value",
    "9007199254740992",
    { kind: "value", value: 9007199254740992, duplicateKeys: false },
  ],
  [
    "a long integer that a double changes is a defect",
    "9007199254740993",
    { kind: "defect", defect: "json_number_inexact" },
  ],
  ["a number beyond a double is a defect, not null", "[1e999]", { kind: "defect", defect: "json_number_inexact" }],
  ["blank is malformed", "  ", { kind: "defect", defect: "json_malformed" }],
  ["NaN is malformed", "NaN", { kind: "defect", defect: "json_malformed" }],
  ["nesting beyond the limit is a defect", nested(maxJsonDepth + 2), { kind: "defect", defect: "json_too_deep" }],
  [
    "nesting that would break a recursive reader is a defect",
    nested(500_000),
    { kind: "defect", defect: "json_too_deep" },
  ],
];

for (const [name, text, expected] of cases) {
  test(name, () => assert.deepEqual(parseJson(text), expected));
}

test("nesting at the limit is a value", () => assert.equal(parseJson(nested(maxJsonDepth)).kind, "value"));

test("law: what JSON.stringify writes comes back, without duplicates", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(parseJson(text), { kind: "value", value: JSON.parse(text), duplicateKeys: false });
    }),
  );
});
