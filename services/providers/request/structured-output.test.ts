import assert from "node:assert/strict";
import { test } from "node:test";
import {
  anthropicAnswerTool,
  anthropicOutputFormat,
  anthropicTakesSchema,
  isStrictSubset,
  openaiResponseFormat,
  openaiTakesSchema,
} from "./structured-output.ts";

const closed = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  additionalProperties: false,
  required: ["lines"],
  properties: {
    lines: {
      type: "array",
      items: {
        type: "object",
        additionalProperties: false,
        required: ["n"],
        properties: { n: { type: "integer", minimum: 1 } },
      },
    },
  },
};

test("which OpenAI models are asked by schema", () => {
  const asked = ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-5", "o3", "llama-3.3-70b"];
  const not = ["gpt-3.5-turbo", "gpt-4", "gpt-4-turbo"];
  assert.deepEqual(asked.filter(openaiTakesSchema), asked);
  assert.deepEqual(not.filter(openaiTakesSchema), []);
});

test("which Anthropic models are asked by schema, and which by a forced tool", () => {
  const asked = ["claude-sonnet-4-5", "claude-opus-4-1-20250805", "claude-haiku-4-5-20251001", "claude-opus-5"];
  const not = [
    "claude-3-5-sonnet-latest",
    "claude-3-haiku-20240307",
    "claude-2.1",
    "claude-sonnet-4-20250514",
    "claude-opus-4-0",
  ];
  assert.deepEqual(asked.filter(anthropicTakesSchema), asked);
  assert.deepEqual(not.filter(anthropicTakesSchema), []);
});

const strictness: readonly (readonly [name: string, schema: unknown, strict: boolean])[] = [
  ["closed objects with every property required", closed, true],
  ["an open object", { ...closed, additionalProperties: true }, false],
  ["an optional property", { ...closed, required: [] }, false],
  [
    "an open object within an array",
    { ...closed, properties: { lines: { type: "array", items: { type: "object" } } } },
    false,
  ],
  ["an open object behind a definition", { ...closed, $defs: { part: { type: "object" } } }, false],
  [
    "an open object in a branch",
    { ...closed, properties: { lines: { anyOf: [{ type: "null" }, { type: "object" }] } } },
    false,
  ],
  [
    "a property called not is no keyword",
    { ...closed, required: ["not"], properties: { not: { type: "string" } } },
    true,
  ],
  ["a keyword that strict mode lacks", { ...closed, properties: { lines: { oneOf: [{ type: "string" }] } } }, false],
];

for (const [name, schema, strict] of strictness) {
  test(`OpenAI's strict mode: ${name} is ${strict ? "in" : "out"}`, () => assert.equal(isStrictSubset(schema), strict));
}

test("a schema is sent without its dialect, strict when it can be", () => {
  const format = openaiResponseFormat(closed);
  assert.equal(format.json_schema.strict, true);
  assert.equal("$schema" in format.json_schema.schema, false);
  assert.equal(openaiResponseFormat({ type: "array", items: { type: "string" } }).json_schema.strict, false);
});

test("Anthropic's format keeps the shape and moves the bounds into words", () => {
  const format = anthropicOutputFormat(closed);
  assert.equal(format?.type, "json_schema");
  assert.match(JSON.stringify(format?.schema), /"type":"integer","description":"\{minimum: 1\}"/);
});

test("a schema that Anthropic's format cannot take goes as a tool", () => {
  assert.equal(anthropicOutputFormat({ type: "object", properties: { anything: {} } }), null);
  assert.equal(anthropicOutputFormat({ type: "string" }), null);
  assert.equal(anthropicAnswerTool(closed).input_schema.type, "object");
});

test("what is derived from a schema is derived once for each schema object", () => {
  assert.equal(openaiResponseFormat(closed), openaiResponseFormat(closed));
  assert.notEqual(openaiResponseFormat({ ...closed }), openaiResponseFormat(closed));
});
