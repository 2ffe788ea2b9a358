import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Ajv } from "ajv";
import { breakingChanges, type JsonSchema, narrowings } from "./compatibility.ts";

const text = { type: "string" };
const record = (properties: object, required: readonly string[] = [], more: object = {}): JsonSchema => ({
  type: "object",
  properties,
  required: [...required],
  ...more,
});

const started = record({ kind: { type: "string", const: "started" }, at: text }, ["kind", "at"]);
const finished = record({ kind: { type: "string", const: "finished" }, usage: text }, ["kind"]);

interface Change {
  readonly name: string;
  readonly before: JsonSchema;
  readonly now: JsonSchema;
  /** `breaks path message`, in order. */
  readonly breaks: readonly string[];
}

const changes: readonly Change[] = [
  {
    name: "a new optional field breaks nothing",
    before: record({ a: text }),
    now: record({ a: text, b: text }),
    breaks: [],
  },
  {
    name: "another description breaks nothing",
    before: record({ a: text }),
    now: record({ a: { ...text, description: "A" } }),
    breaks: [],
  },
  {
    name: "a new required field breaks old records",
    before: record({ a: text }),
    now: record({ a: text, b: text }, ["b"]),
    breaks: ["records /b is required"],
  },
  {
    name: "an optional field that becomes required breaks old records",
    before: record({ a: text }),
    now: record({ a: text }, ["a"]),
    breaks: ["records /a is required"],
  },
  {
    name: "a required field that goes breaks old readers",
    before: record({ a: text }, ["a"]),
    now: record({}),
    breaks: ["readers /a is required"],
  },
  {
    name: "an optional field that goes from an open record breaks nothing",
    before: record({ a: text }),
    now: record({}),
    breaks: [],
  },
  {
    name: "a field that goes from a closed record breaks old records",
    before: record({ a: text }, [], { additionalProperties: false }),
    now: record({}, [], { additionalProperties: false }),
    breaks: ["records /a is no longer allowed"],
  },
  {
    name: "a new optional field of a closed record breaks old readers",
    before: record({}, [], { additionalProperties: false }),
    now: record({ a: text }, [], { additionalProperties: false }),
    breaks: ["readers /a is no longer allowed"],
  },
  {
    name: "closing a record breaks old records",
    before: record({ a: text }),
    now: record({ a: text }, [], { additionalProperties: false }),
    breaks: ["records /* is no longer allowed"],
  },
  {
    name: "a narrowed type breaks old records",
    before: record({ a: { type: "number" } }),
    now: record({ a: { type: "integer" } }),
    breaks: ["records /a is number, must be integer"],
  },
  {
    name: "a field that may be null no longer breaks old records",
    before: { type: ["string", "null"] },
    now: text,
    breaks: ["records / is null, must be string"],
  },
  {
    name: "a value taken off an enum breaks old records",
    before: { enum: ["a", "b"] },
    now: { enum: ["a"] },
    breaks: ['records / does not take "b"'],
  },
  {
    name: "a value put on an enum breaks old readers",
    before: { enum: ["a"] },
    now: { enum: ["a", "b"] },
    breaks: ['readers / does not take "b"'],
  },
  {
    name: "an enum where any text went breaks old records",
    before: text,
    now: { type: "string", enum: ["a"] },
    breaks: ['records / is limited to "a"'],
  },
  {
    name: "a shorter text breaks old records",
    before: { ...text, maxLength: 9 },
    now: { ...text, maxLength: 5 },
    breaks: ["records / is held to maxLength 5"],
  },
  {
    name: "a first bound breaks old records",
    before: { type: "integer" },
    now: { type: "integer", minimum: 0 },
    breaks: ["records / is held to minimum 0"],
  },
  {
    name: "a pattern that changes breaks both, for nobody compares patterns",
    before: { ...text, pattern: "^a" },
    now: { ...text, pattern: "^b" },
    breaks: ['records / is held to pattern "^b"', 'readers / is held to pattern "^a"'],
  },
  {
    name: "items are compared",
    before: { type: "array", items: { type: "number" } },
    now: { type: "array", items: { type: "integer" } },
    breaks: ["records /* is number, must be integer"],
  },
  {
    name: "a branch put on a union breaks old readers",
    before: { oneOf: [started] },
    now: { oneOf: [started, finished] },
    breaks: ["readers /at is required", 'readers /kind does not take "finished"'],
  },
  {
    name: "the nearest branch is the one compared",
    before: { oneOf: [started, finished] },
    now: {
      oneOf: [
        started,
        record({ kind: { type: "string", const: "finished" }, usage: text, cost: text }, ["kind", "cost"]),
      ],
    },
    breaks: ["records /cost is required"],
  },
  {
    name: "a definition is followed",
    before: { ...record({ a: { $ref: "#/definitions/a" } }), definitions: { a: { type: "number" } } },
    now: { ...record({ a: { $ref: "#/definitions/a" } }), definitions: { a: { type: "integer" } } },
    breaks: ["records /a is number, must be integer"],
  },
  {
    name: "a value of a map is compared",
    before: { type: "object", additionalProperties: { type: "number" } },
    now: { type: "object", additionalProperties: { type: "integer" } },
    breaks: ["records /* is number, must be integer"],
  },
];

for (const { name, before, now, breaks } of changes) {
  test(name, () => {
    const seen = breakingChanges(before, now).map((change) => `${change.breaks} ${change.path} ${change.message}`);
    assert.deepEqual(seen, breaks);
  });
}

test("a definition that contains itself is compared once", () => {
  const tree = (leaf: object): JsonSchema => ({
    $ref: "#/definitions/tree",
    definitions: { tree: { anyOf: [leaf, { type: "array", items: { $ref: "#/definitions/tree" } }] } },
  });
  assert.deepEqual(breakingChanges(tree(text), tree(text)), []);
  assert.equal(breakingChanges(tree(text), tree({ type: "integer" }))[0]?.breaks, "records");
});

const scalar = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom("", "a", "bb", "ccc"),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.oneof(
  scalar,
  fc.dictionary(fc.constantFrom("p", "q"), scalar, { maxKeys: 2 }),
  fc.array(scalar, { maxLength: 2 }),
);
const leaf = fc.oneof(
  fc.record({ type: fc.constantFrom("string", "integer", "number", "boolean", "null") }),
  fc.record({ type: fc.constant("string"), minLength: fc.nat({ max: 2 }), maxLength: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ type: fc.constant("integer"), minimum: fc.integer({ min: -3, max: 3 }) }),
  fc.record({ enum: fc.uniqueArray(fc.constantFrom("a", "bb", 1, null), { minLength: 1 }) }),
);
const schema = fc.oneof(
  leaf,
  fc.record({ anyOf: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant("array"), items: leaf }),
  fc.record({
    type: fc.constant("object"),
    properties: fc.dictionary(fc.constantFrom("p", "q"), leaf, { maxKeys: 2 }),
    required: fc.uniqueArray(fc.constantFrom("p", "q")),
    additionalProperties: fc.constant(false),
  }),
);

test("where nothing is named, every value of the one schema is a value of the other", () => {
  const ajv = new Ajv({ strict: false });
  fc.assert(
    fc.property(schema, schema, value, (from, to, sample) => {
      fc.pre(narrowings({ ...from }, { ...to }).length === 0);
      if (ajv.validate(from, sample)) assert.ok(ajv.validate(to, sample), JSON.stringify({ from, to, sample }));
    }),
    { numRuns: 2000 },
  );
});

test("a schema never narrows itself", () => {
  fc.assert(fc.property(schema, (one) => assert.deepEqual(narrowings({ ...one }, { ...one }), [])));
});
