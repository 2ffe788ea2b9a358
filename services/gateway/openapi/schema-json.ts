/**
 * Zod schemas as JSON Schemas to stand inside an OpenAPI 3.1 document: in the
 * shape that callers send, or in the one that they get.
 */
import { z } from "zod";

export type JsonObject = Readonly<Record<string, unknown>>;

/** "Any JSON" is a schema that refers to itself; here it is one that takes anything. */
export function schemaJson(schema: z.ZodType, io: "input" | "output"): JsonObject {
  const {
    $schema: _,
    $defs: __,
    ...written
  } = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type !== "lazy") return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
    },
  });
  return objectOf(withoutReferences(written));
}

function withoutReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutReferences(inner)]));
}

export function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
