/** Schemas of callers: which are taken, which are not and why, and that none of them can hold up whoever judges by it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { compileContract } from "../contract.ts";
import { maxSchemaChars, readCallerSchema, type JsonObject } from "./caller-schema.ts";

const jsonOf = (schema: z.ZodType): JsonObject => z.record(z.string(), z.json()).parse(z.toJSONSchema(schema));

const usable: readonly [what: string, schema: JsonObject][] = [
  ["nothing", {}],
  ["an object", { type: "object", properties: { city: { type: "string" } }, required: ["city"] }],
  ["draft 7", { $schema: "http://json-schema.org/draft-07/schema#", type: "object", definitions: { a: true } }],
  ["what Zod writes, e-mail and URL included", jsonOf(z.object({ to: z.email(), at: z.url(), on: z.iso.date() }))],
  ["keywords that nobody here knows", { type: "string", "x-order": 1, example: "a", deprecatedSince: "2" }],
  ["a format that nobody here knows", { type: "string", format: "phone" }],
  [
    "a reference to a definition, twice",
    { $defs: { a: { type: "string" } }, prefixItems: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/a" }] },
  ],
  ["a reference by an escaped path", { $defs: { "a/b": { type: "string" } }, not: { $ref: "#/$defs/a~1b" } }],
  [
    "a field of the name of a keyword",
    { type: "object", properties: { $ref: { type: "string" }, id: { type: "string" } } },
  ],
];
for (const [what, schema] of usable) {
  test(`takes ${what}`, () => {
    const read = readCallerSchema(schema);
    assert.equal(read.kind, "usable", JSON.stringify(read));
    if (read.kind === "usable") assert.ok(Array.isArray(compileContract(read.schema)("x")));
  });
}

const doubling = (levels: number): JsonObject => ({
  $defs: Object.fromEntries(
    Array.from({ length: levels }, (_, at) => [
      `d${at}`,
      at === 0 ? { type: "string" } : { anyOf: [{ $ref: `#/$defs/d${at - 1}` }, { $ref: `#/$defs/d${at - 1}` }] },
    ]),
  ),
  $ref: `#/$defs/d${levels - 1}`,
});

const unusable: readonly [what: string, schema: JsonObject, why: RegExp][] = [
  ["a type that there is not", { type: "text" }, /no JSON Schema/],
  ["a pattern that is none", { pattern: "(" }, /no JSON Schema/],
  ["a pattern with look-around", { pattern: "^(?=a)a+$" }, /not linear/],
  ["another dialect", { $schema: "http://json-schema.org/draft-04/schema#" }, /no JSON Schema/],
  ["a schema elsewhere", { $ref: "https://planted.example/schema.json" }, /outside/],
  ["a reference to nowhere", { $ref: "#/$defs/planted" }, /not there/],
  ["a reference by name", { $ref: "#planted", $defs: { a: { $anchor: "planted" } } }, /outside/],
  ["a dynamic reference", { $dynamicRef: "#planted" }, /outside/],
  ["itself", { $ref: "#" }, /itself/],
  ["itself further in", { properties: { next: { $ref: "#" } } }, /itself/],
  ["two that refer to each other", { $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } }, /itself/],
  ["what doubles with each reference", doubling(40), /parts/],
  [
    "a long chain of references",
    {
      $defs: Object.fromEntries(
        Array.from({ length: 200 }, (_, at) => [`d${at}`, at === 199 ? {} : { $ref: `#/$defs/d${at + 1}` }]),
      ),
    },
    /next too often/,
  ],
  ["a long one", { description: "x".repeat(maxSchemaChars) }, /longer than/],
  [
    "patterns that are long when they are written out",
    { anyOf: Array.from({ length: 40 }, () => ({ pattern: "^a{900}$" })) },
    /longer/,
  ],
  ["very many parts", { anyOf: Array.from({ length: 1001 }, () => ({})) }, /parts/],
];
for (const [what, schema, why] of unusable) {
  test(`refuses ${what}, and repeats nothing of it`, () => {
    const read = readCallerSchema(schema);
    assert.ok(read.kind === "unusable");
    assert.match(read.why, why);
    assert.equal(read.why.includes("planted"), false);
  });
}

test("names are taken out, so that no schema takes the place of another or of its own rules", () => {
  const meta = "https://json-schema.org/draft/2020-12/schema";
  const read = readCallerSchema({
    $id: meta,
    properties: { a: { $id: meta, type: "string" }, $id: { type: "string" } },
  });
  assert.deepEqual(read, {
    kind: "usable",
    schema: { properties: { a: { type: "string" }, $id: { type: "string" } } },
  });
  assert.equal(readCallerSchema({ type: "number" }).kind, "usable");
  assert.equal(readCallerSchema({ type: "numbers" }).kind, "unusable");
});

test("a pattern stays beside a format where it can be checked", () => {
  const pattern = "^https:";
  const read = readCallerSchema({ type: "string", format: "uri", pattern });
  assert.deepEqual(read, { kind: "usable", schema: { type: "string", format: "uri", pattern } });
});

test("law: anything that is JSON is taken or refused, and what is taken compiles", () => {
  const schema = fc.dictionary(
    fc.constantFrom("type", "properties", "$ref", "anyOf", "items", "pattern", "format", "enum", "$id", "x"),
    fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom("string", "#/anyOf/0", "object", "email")),
  );
  fc.assert(
    fc.property(schema, fc.jsonValue(), (given, value) => {
      const read = readCallerSchema(z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(given))));
      if (read.kind === "usable") assert.ok(Array.isArray(compileContract(read.schema)(value)));
    }),
  );
});
