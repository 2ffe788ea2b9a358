import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fieldsOf } from "./fields-of.ts";

const invoice = {
  type: "object",
  required: ["total"],
  properties: {
    total: { type: "number", minimum: 0, description: "With tax" },
    currency: { type: ["string", "null"], enum: ["EUR", null] },
    lines: { type: "array", items: { type: "object", properties: { price: { type: "number" } } }, maxItems: 9 },
    tags: { type: "array", items: { type: "string" } },
    any: true,
  },
};

test("each field is told with its kind, whether it must be there, and its rules", () => {
  const told = fieldsOf(invoice).map(({ path, kind, isRequired, rules }) => [path, kind, isRequired, rules]);
  assert.deepEqual(told, [
    ["total", "number", true, "minimum 0"],
    ["currency", "string or null", false, 'enum ["EUR",null]'],
    ["lines", "list of object", false, "maxItems 9"],
    ["lines[].price", "number", false, ""],
    ["tags", "list of string", false, ""],
    ["any", "any", false, ""],
  ]);
  assert.equal(fieldsOf(invoice)[0]?.about, "With tax");
});

test("what has no fields has none, and nothing that is no schema fails", () => {
  for (const none of [undefined, null, true, {}, { type: "string" }, { properties: 7 }])
    assert.deepEqual(fieldsOf(none), []);
  fc.assert(fc.property(fc.jsonValue(), (value) => Array.isArray(fieldsOf(value))));
});

test("a schema without end is read as far as a person would", () => {
  let deep: object = { type: "string" };
  for (let at = 0; at < 1000; at += 1) deep = { type: "object", properties: { a: deep } };
  assert.ok(fieldsOf(deep).length < 20);
});
