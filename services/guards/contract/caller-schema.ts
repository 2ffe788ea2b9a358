/**
 * A JSON Schema that a caller sends along, made safe to compile and to judge
 * by: whoever sends it can be anybody. It is of bounded size, refers to nothing
 * outside and never to itself, so that judging a value takes time in proportion
 * to the value. Names that would stay behind in the compiler (`$id`) are taken
 * out, and so is a pattern that is not linear where a format beside it says the
 * same (as generators write them for e-mail addresses).
 */
import type { z } from "zod";
import { contractDefect } from "../contract.ts";
import { formatNames } from "./dialects.ts";
import { linearPattern } from "./linear-pattern.ts";
import { rememberedSchema } from "./remembered-schema.ts";

type Json = z.core.util.JSONType;
export type JsonObject = Record<string, Json>;

/** `why` is in our words and repeats nothing of the schema. */
export type CallerSchema =
  | { readonly kind: "usable"; readonly schema: JsonObject }
  | { readonly kind: "unusable"; readonly why: string };

/** Of one schema as JSON, UTF-16 code units. */
export const maxSchemaChars = 65_536;
/** Subschemas of one schema, each counted as often as it is referred to. */
export const maxSubschemas = 1000;
/** `{900}` in a pattern is compiled as 900 copies. */
const charsPerRepeat = 4;
const maxReferences = 64;

export function readCallerSchema(given: JsonObject): CallerSchema {
  if (weightOf(given) > maxSchemaChars) return unusable(`is longer than ${maxSchemaChars} characters`);
  const schema = cleaned(given);
  const why = shapeDefect(schema) ?? (contractDefect(rememberedSchema(schema)) === null ? null : noSchema);
  return why === null ? { kind: "usable", schema } : unusable(why);
}

/** Length as JSON, with what repeats in patterns are when they are compiled. Linear. */
export function weightOf(value: unknown): number {
  const text = JSON.stringify(value);
  const repeats = Array.from(text.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g), ([, low = "", high = ""]) =>
    Number(high || low),
  );
  return text.length + charsPerRepeat * repeats.reduce((sum, count) => sum + count, 0);
}

const noSchema =
  "is no JSON Schema of draft 2020-12 or 7 that can be checked here, or has a pattern that is not linear";

function unusable(why: string): CallerSchema {
  return { kind: "unusable", why };
}

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const one = new Set(
  "items additionalItems contains additionalProperties propertyNames not if then else unevaluatedItems unevaluatedProperties".split(
    " ",
  ),
);
const several = new Set(["allOf", "anyOf", "oneOf", "prefixItems", "items"]);
const named = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"]);

/** The same schema with each of its direct subschemas changed. */
function mapSubschemas(schema: JsonObject, change: (inner: JsonObject) => JsonObject): JsonObject {
  const changed = (inner: Json): Json => (isObject(inner) ? change(inner) : inner);
  const entries = Object.entries(schema).map(([keyword, value]): [string, Json] => {
    if (Array.isArray(value) && several.has(keyword)) return [keyword, value.map(changed)];
    if (isObject(value) && one.has(keyword)) return [keyword, change(value)];
    if (!isObject(value) || !named.has(keyword)) return [keyword, value];
    return [keyword, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, changed(inner)]))];
  });
  return Object.fromEntries(entries);
}

function cleaned(schema: JsonObject): JsonObject {
  const { $id: _id, id: _oldId, ...rest } = mapSubschemas(schema, cleaned);
  const { pattern, format, ...others } = rest;
  const isSaid = typeof format === "string" && formatNames.has(format);
  return isSaid && typeof pattern === "string" && !isLinear(pattern) ? { ...others, format } : rest;
}

function isLinear(pattern: string): boolean {
  try {
    linearPattern(pattern);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with where it refers to and how large it is when references are followed; null when nothing is. */
function shapeDefect(root: JsonObject): string | null {
  const sizes = new Map<JsonObject, number>();
  const open = new Set<JsonObject>();
  let defect: string | null = null;
  const visit = (schema: JsonObject, references: number): number => {
    const known = sizes.get(schema);
    if (known !== undefined || defect !== null) return known ?? 0;
    if (open.has(schema)) defect = "refers to itself, so that checking it could take exponential time";
    if (references > maxReferences) defect = "refers from one part to the next too often";
    if (defect !== null) return 0;
    open.add(schema);
    let size = 1;
    mapSubschemas(schema, (inner) => {
      size += visit(inner, references);
      return inner;
    });
    for (const target of targetsOf(schema, root)) {
      if (target === null) defect ??= "refers to something outside, or that is not there";
      else size += visit(target, references + 1);
    }
    open.delete(schema);
    sizes.set(schema, size);
    if (size > maxSubschemas) defect ??= `has more than ${maxSubschemas} parts when its references are followed`;
    return size;
  };
  visit(root, 0);
  return defect;
}

/** Schemas that this one refers to; null in the place of one that is not found in the same document by its path. */
function targetsOf(schema: JsonObject, root: JsonObject): readonly (JsonObject | null)[] {
  const references = ["$ref", "$dynamicRef", "$recursiveRef"].filter((keyword) => Object.hasOwn(schema, keyword));
  return references.map((keyword) => {
    const reference = schema[keyword];
    return keyword === "$ref" && typeof reference === "string" ? targetOf(reference, root) : null;
  });
}

function targetOf(reference: string, root: JsonObject): JsonObject | null {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return null;
  let target: Json | undefined = root;
  for (const step of reference.slice(2).split("/")) {
    const name = decoded(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(target)) target = target[Number(name)];
    else if (isObject(target) && Object.hasOwn(target, name)) target = target[name];
    else return null;
  }
  return isObject(target) ? target : null;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
