/**
 * What a contract says of a value's outline, for the repair of JSON: whether
 * it is an object or an array, and whether a value has room for anything more.
 * Reads the plain parts of JSON Schema; of the rest it says that it knows nothing.
 */
import type { JsonSchema } from "../../guards/output/judge-contract.ts";
import type { JsonValue } from "../../guards/output/json-value.ts";
import type { Shape } from "./repair/choose.ts";

type Members = Readonly<Record<string, unknown>>;

export function shapeOf(schema: JsonSchema | undefined): Shape {
  const type = schema?.["type"];
  return {
    root: type === "object" || type === "array" ? type : undefined,
    isWhole: (value) => isWhole(value, schema),
  };
}

/** Every object in it has every member that the contract allows there, so that no bracket can stand too late. */
function isWhole(value: JsonValue, schema: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (!isMembers(schema)) return false;
  if (Array.isArray(schema["anyOf"])) return schema["anyOf"].some((branch) => isWhole(value, branch));
  if (isList(value)) return value.every((item) => isWhole(item, schema["items"]));
  const { properties, additionalProperties } = schema;
  if (additionalProperties !== false || "patternProperties" in schema || !isMembers(properties)) return false;
  return Object.entries(properties).every(([name, inner]) => {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    return member !== undefined && isWhole(member, inner);
  });
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
