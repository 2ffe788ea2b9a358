import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonValue } from "../../guards/output/json-value.ts";
import { shapeOf } from "./contract-shape.ts";

const item = { type: "object", properties: { b: { type: "number" } }, additionalProperties: false };
const closed = {
  type: "object",
  properties: { a: { type: "array", items: item }, c: { anyOf: [{ type: "null" }, item] } },
  additionalProperties: false,
};

const cases: readonly (readonly [
  name: string,
  value: JsonValue,
  schema: Parameters<typeof shapeOf>[0],
  whole: boolean,
])[] = [
  ["a value with every member, deep inside too", { a: [{ b: 1 }], c: { b: 2 } }, closed, true],
  ["null where it may be null", { a: [], c: null }, closed, true],
  ["a member is missing", { a: [] }, closed, false],
  ["a member is missing deep inside", { a: [{ b: 1 }, {}], c: null }, closed, false],
  ["a member is missing in a branch", { a: [], c: {} }, closed, false],
  ["other members are allowed", { b: 1 }, { ...item, additionalProperties: true }, false],
  ["other members are allowed by their names", { b: 1 }, { ...item, patternProperties: { x: true } }, false],
  ["a member of any shape", { b: {} }, { ...item, properties: { b: {} } }, false],
  ["a name that every object knows", { b: 1 }, { ...item, properties: { b: {}, toString: {} } }, false],
  ["no contract at all", { b: 1 }, undefined, false],
];

for (const [name, value, schema, whole] of cases) {
  test(`${whole ? "whole" : "not surely whole"}: ${name}`, () => assert.equal(shapeOf(schema).isWhole(value), whole));
}

test("the root is told where the contract says one type", () => {
  assert.equal(shapeOf(closed).root, "object");
  assert.equal(shapeOf({ type: "array" }).root, "array");
  for (const schema of [undefined, {}, { type: ["object", "null"] }, { type: "string" }]) {
    assert.equal(shapeOf(schema).root, undefined);
  }
});
