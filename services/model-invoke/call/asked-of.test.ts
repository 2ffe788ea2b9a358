import assert from "node:assert/strict";
import { test } from "node:test";
import { callOptions } from "../../../schemas/parts/call-options.ts";
import { definitionOf } from "../../../test/support/model-invoke-fixtures.ts";
import { askedOf } from "./asked-of.ts";

const schema = { type: "object" };
const wish = { type: "object", properties: {} };
const options = callOptions.parse({
  tools: [{ name: "weather" }],
  tool_choice: "required",
  parallel_tool_calls: false,
  output_schema: wish,
  max_output_tokens: 5,
  temperature: 0.7,
  top_p: 0.9,
  stop: ["END"],
});

test("without options a run asks for what its harness says", () => {
  const asked = askedOf(definitionOf({ temperature: 0.2, output: { format: "json", schema, maxTokens: 9 } }));
  const set = Object.entries(asked).filter(([, value]) => value !== undefined);
  assert.deepEqual(Object.fromEntries(set), { temperature: 0.2, jsonSchema: schema });
});

test("what the harness leaves open is the caller's", () => {
  assert.deepEqual(askedOf(definitionOf(), options), {
    temperature: 0.7,
    topP: 0.9,
    stop: ["END"],
    tools: [{ name: "weather" }],
    toolChoice: "required",
    parallelToolCalls: false,
    jsonSchema: wish,
  });
});

test("a temperature and a schema of the harness's own stay", () => {
  const definition = definitionOf({ temperature: 0, output: { format: "json", schema, maxTokens: 9 } });
  const { temperature, jsonSchema } = askedOf(definition, options);
  assert.deepEqual([temperature, jsonSchema], [0, schema]);
});

test("the schema goes as the same object, so that what is derived from it is derived once", () => {
  const definition = definitionOf({ output: { format: "json", schema, maxTokens: 9 } });
  assert.equal(askedOf(definition).jsonSchema, schema);
});
