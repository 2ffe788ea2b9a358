/** One text for one value, whatever the order it was written in; and versions that follow from it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson } from "./canonical-json.ts";

const texts: readonly [what: string, value: unknown, text: string][] = [
  ["sorted keys", { b: 1, a: { d: 2, c: 3 } }, '{"a":{"c":3,"d":2},"b":1}'],
  ["lists in their order", [3, 1, 2], "[3,1,2]"],
  ["numbers as ECMAScript prints them", [1.0, 1e21, -0, 0.1], "[1,1e+21,0,0.1]"],
  ["no undefined fields", { a: undefined, b: null }, '{"b":null}'],
  ["undefined items as null", [undefined], "[null]"],
  ["escapes", 'a"\u0001é\u2028', '"a\\"\\u0001é\u2028"'],
  ["keys by UTF-16 code unit", { "\u{1f600}": 1, "\uffff": 2 }, '{"\u{1f600}":1,"\uffff":2}'],
];
for (const [what, value, text] of texts) {
  test(`writes ${what}`, () => assert.equal(canonicalJson(value), text));
}

test("refuses what is no JSON", () => {
  assert.throws(() => canonicalJson({ f: () => 1 }), TypeError);
  assert.throws(() => canonicalJson(undefined), TypeError);
});

test("law: the text means the value, and does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(reversed(value)), text);
    }),
  );
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}
