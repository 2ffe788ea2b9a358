/** How the fields of chat requests stand in the OpenAPI document: as what is taken, whatever they are read into. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { messagesRequest } from "../../anthropic/messages-request.ts";
import { chatRequest } from "../../openai/chat-request.ts";
import { objectOf, schemaJson } from "../../openapi/schema-json.ts";
import { fixed, orNull, textParts, unlessDefault } from "./body-fields.ts";

const shown = (schema: z.ZodType) => schemaJson(schema, "input");

test("content is a text or parts of one", () => {
  const part = { type: "object", properties: { type: { const: "text" }, text: { type: "string" } } };
  const { type, items } = shown(textParts);
  assert.deepEqual(type, ["string", "array"]);
  assert.deepEqual(items, { ...part, required: ["type", "text"], additionalProperties: {} });
});

test("what is settled takes null and what is done anyway", () => {
  assert.deepEqual(shown(fixed(1)), { enum: [null, 1] });
  for (const [value, is] of [
    [undefined, true],
    [null, true],
    [1, true],
    [2, false],
    ["1", false],
  ] as const)
    assert.equal(fixed(1).safeParse(value).success, is);
});

test("bodies take no field that is not there", () => {
  for (const schema of [chatRequest, messagesRequest]) {
    const { properties, additionalProperties } = shown(schema);
    assert.equal(additionalProperties, false);
    assert.ok(Object.keys(objectOf(properties)).length > 20);
  }
});

test("null is absent, and a default asks for nothing", () => {
  assert.equal(orNull(z.string()).parse(null), undefined);
  assert.equal(orNull(z.string()).parse("a"), "a");
  const temperature = unlessDefault(z.number().optional(), 1);
  assert.deepEqual(
    [1, null, undefined, 0].map((value) => temperature.parse(value)),
    [undefined, undefined, undefined, 0],
  );
});
