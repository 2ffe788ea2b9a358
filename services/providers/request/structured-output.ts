/**
 * How each provider is asked for JSON that keeps to a schema. OpenAI: its
 * response format, strict where the schema is within the strict subset.
 * Anthropic: the native output format on models that have it, else a tool
 * whose input is the answer. Either way the answer is checked afterwards.
 */
import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";

export type JsonSchema = Readonly<Record<string, unknown>>;

export const answerName = "answer";

/** OpenAI models from before schema support: asked by the prompt alone. */
export function openaiTakesSchema(model: string): boolean {
  return !/^gpt-3\.5|^gpt-4(?:-|$)/.test(model);
}

/** Anthropic models from before native structured output (Claude 4.5; Opus 4.1). */
export function anthropicTakesSchema(model: string): boolean {
  return !/^claude-(?:[0-3]|instant|(?:sonnet|opus|haiku)-4(?:-0|-20\d{6})?$)/.test(model);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const unsupportedByStrict = ["allOf", "oneOf", "not", "if", "patternProperties", "propertyNames", "dependentRequired"];

/**
 * OpenAI's strict mode wants every object closed and every property required;
 * any other schema is sent unstrict, as guidance.
 */
export function isStrictSubset(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSubset);
  if (!isObject(schema)) return true;
  if (unsupportedByStrict.some((keyword) => keyword in schema)) return false;
  if (schema["type"] === "object" || isObject(schema["properties"])) {
    const properties = isObject(schema["properties"]) ? schema["properties"] : {};
    const required = Array.isArray(schema["required"]) ? schema["required"] : [];
    if (schema["additionalProperties"] !== false) return false;
    if (!Object.keys(properties).every((name) => required.includes(name))) return false;
    if (!Object.values(properties).every(isStrictSubset)) return false;
  }
  const definitions = schema["$defs"] ?? schema["definitions"];
  if (isObject(definitions) && !Object.values(definitions).every(isStrictSubset)) return false;
  return isStrictSubset(schema["items"]) && isStrictSubset(schema["anyOf"]);
}

/** Judged once for each schema object: a definition's schema is the same object for every run of it. */
function remembered<Value>(judge: (schema: JsonSchema) => Value): (schema: JsonSchema) => Value {
  const known = new WeakMap<JsonSchema, { readonly value: Value }>();
  return (schema) => {
    const found = known.get(schema) ?? { value: judge(schema) };
    known.set(schema, found);
    return found.value;
  };
}

export const openaiResponseFormat = remembered((schema: JsonSchema) => {
  const strict = schema["type"] === "object" && isStrictSubset(schema);
  return {
    type: "json_schema",
    json_schema: { name: answerName, schema: withoutDialect(schema), strict },
  } as const;
});

export function withoutDialect(schema: JsonSchema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== "$schema"));
}

/** Null when the schema cannot be put into Anthropic's subset (an untyped part, for example). */
export const anthropicOutputFormat = remembered((schema: JsonSchema) => {
  if (schema["type"] !== "object") return null;
  try {
    return { type: "json_schema", schema: transformJSONSchema({ ...schema }) } as const;
  } catch {
    return null;
  }
});

/** A tool whose input is the answer. */
export const anthropicAnswerTool = remembered((schema: JsonSchema) => ({
  name: answerName,
  description: "Give the answer.",
  input_schema: { ...withoutDialect(schema), type: "object" } as const,
}));
