/**
 * Judges a value by a JSON Schema (2020-12 or draft 7) and says which field
 * broke which rule and what was expected. A reason names paths and keywords of
 * the schema and never echoes the value: keys that only the value knows are
 * written as `*`. Compiled once per schema object. A schema with a pattern that
 * is not linear does not compile. Of what is unknown in it, a keyword or a format,
 * its author is told; when a value is judged it says nothing.
 */
import type { AnySchemaObject, ErrorObject, ValidateFunction } from "ajv";
import type { Reason } from "../../schemas/parts/finding.ts";
import { compileSchema } from "./contract/dialects.ts";
import { expectedBy } from "./contract/expected.ts";

export type Contract = (value: unknown) => Reason[];

/** Most reasons one value is given, and the most values inside it for which all of them are looked for. */
const maxReasons = 20;
const maxNodesForAllErrors = 20_000;

const compiled = new WeakMap<AnySchemaObject, Contract>();

/**
 * Shapes: [] when the value keeps the contract. At most 20 reasons, in the
 * order found; for a very large value the first one alone, so that a hostile
 * input cannot make the errors larger than itself.
 * @throws Error when the schema does not compile: see `contractDefect`.
 */
export function compileContract(schema: AnySchemaObject): Contract {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const names = declaredNames(schema);
  const first = compileSchema(schema, "first");
  let all: ValidateFunction | undefined;
  const contract = (value: unknown): Reason[] => {
    if (first(value)) return [];
    let errors = first.errors ?? [];
    if (!exceedsNodes(value, maxNodesForAllErrors)) {
      all ??= compileSchema(schema, "all");
      all(value);
      errors = all.errors ?? errors;
    }
    return errors.slice(0, maxReasons).map((error) => toReason(error, names));
  };
  compiled.set(schema, contract);
  return contract;
}

/** What is wrong with a schema, or null when it compiles. */
export function contractDefect(schema: AnySchemaObject): string | null {
  try {
    compileContract(schema);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "the schema does not compile";
  }
}

/** What its author should be told of: what is wrong with it, or stands in it without an effect. */
export function authoringDefect(schema: AnySchemaObject): string | null {
  try {
    compileSchema(schema, "authoring");
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "the schema does not compile";
  }
}

function toReason(error: ErrorObject, names: ReadonlySet<string>): Reason {
  const path = error.instancePath
    .split("/")
    .map((part) => (part === "" || /^\d+$/.test(part) || names.has(unescapePointer(part)) ? part : "*"))
    .join("/");
  const missing = error.keyword === "required" ? `/${escapePointer(String(error.params["missingProperty"]))}` : "";
  const expected = expectedBy(error);
  return {
    code: "contract_broken",
    message: error.message ?? `must keep ${error.keyword}`,
    path: path + missing,
    rule: error.keyword,
    ...(expected === undefined ? {} : { expected }),
  };
}

function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescapePointer(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}

const named = new WeakMap<AnySchemaObject, ReadonlySet<string>>();

/** Every property name the schema itself speaks of, at any depth. A key outside it is the value's own word. */
export function declaredNames(schema: AnySchemaObject): ReadonlySet<string> {
  const known = named.get(schema);
  if (known !== undefined) return known;
  const names = new Set<string>();
  collectNames(schema, names);
  named.set(schema, names);
  return names;
}

function collectNames(schema: unknown, names: Set<string>): void {
  if (Array.isArray(schema)) for (const item of schema) collectNames(item, names);
  else if (typeof schema === "object" && schema !== null) {
    for (const [keyword, inner] of Object.entries(schema)) {
      if (keyword === "properties" && typeof inner === "object" && inner !== null) {
        for (const name of Object.keys(inner)) names.add(name);
      }
      collectNames(inner, names);
    }
  }
}

function exceedsNodes(value: unknown, limit: number): boolean {
  const open: unknown[] = [value];
  let seen = 0;
  for (let next = open.pop(); open.length > 0 || next !== undefined; next = open.pop()) {
    if (++seen > limit) return true;
    if (typeof next !== "object" || next === null) continue;
    for (const inner of Object.values(next)) if (inner !== undefined) open.push(inner);
  }
  return false;
}
