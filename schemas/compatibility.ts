/**
 * Whether a schema may take the place of another. `narrowings(from, to)` names
 * what a value that is valid under `from` could break under `to`; a change of
 * schema breaks old records where old -> new narrows, and old readers where
 * new -> old does. Knows what our schemas use: types, const, enum, properties,
 * required, additionalProperties, items, bounds, patterns, anyOf/oneOf, local
 * $ref. A keyword it does not know must stay as it is.
 */

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Narrowing {
  /** JSON-pointer-like path into a value: `/settlement/task`, `/items/*`. */
  readonly path: string;
  readonly message: string;
}

export interface BreakingChange extends Narrowing {
  /** `records`: written before, unreadable now. `readers`: deployed before, cannot read what is written now. */
  readonly breaks: "records" | "readers";
}

export function breakingChanges(before: JsonSchema, now: JsonSchema): BreakingChange[] {
  return [
    ...narrowings(before, now).map((change) => ({ ...change, breaks: "records" as const })),
    ...narrowings(now, before).map((change) => ({ ...change, breaks: "readers" as const })),
  ];
}

export function narrowings(from: JsonSchema, to: JsonSchema): Narrowing[] {
  return compare(from, to, { fromRoot: from, toRoot: to, path: "", seen: new Set() });
}

interface Place {
  readonly fromRoot: JsonSchema;
  readonly toRoot: JsonSchema;
  readonly path: string;
  /** Pairs of recursive definitions under comparison already. */
  readonly seen: ReadonlySet<string>;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function at(place: Place, step: string): Place {
  return { ...place, path: `${place.path}/${step}` };
}

function narrowed(place: Place, message: string): Narrowing[] {
  return [{ path: place.path === "" ? "/" : place.path, message }];
}

function pointed(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  let found: unknown = root;
  for (const step of reference.split("/").slice(1)) found = isSchema(found) ? found[step] : undefined;
  return isSchema(found) ? found : {};
}

function compare(given: unknown, wanted: unknown, place: Place): Narrowing[] {
  if (wanted === undefined || wanted === true) return [];
  if (wanted === false) return given === false ? [] : narrowed(place, "is no longer allowed");
  const from = isSchema(given) ? given : {};
  const to = isSchema(wanted) ? wanted : {};
  if ("$ref" in from || "$ref" in to) {
    const pair = `${JSON.stringify(from["$ref"] ?? from)} ${JSON.stringify(to["$ref"] ?? to)}`;
    if (place.seen.has(pair)) return [];
    const seen = new Set(place.seen).add(pair);
    return compare(pointed(from, place.fromRoot), pointed(to, place.toRoot), { ...place, seen });
  }
  const fromBranches = branchesOf(from);
  const toBranches = branchesOf(to);
  if (fromBranches !== null) return fromBranches.flatMap((branch) => compare(branch, to, place));
  if (toBranches !== null)
    return leastOf(
      toBranches.map((branch) => compare(from, branch, place)),
      place,
    );
  return [
    ...comparedValues(from, to, place),
    ...comparedTypes(from, to, place),
    ...comparedObjects(from, to, place),
    ...comparedArrays(from, to, place),
    ...comparedBounds(from, to, place),
    ...comparedRest(from, to, place),
  ];
}

function branchesOf(schema: JsonSchema): readonly unknown[] | null {
  const branches = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(branches) ? branches : null;
}

/** A value needs one branch that takes it: the nearest branch says what is in its way. */
function leastOf(attempts: readonly Narrowing[][], place: Place): Narrowing[] {
  const [nearest] = attempts.toSorted((a, b) => a.length - b.length);
  if (nearest === undefined) return narrowed(place, "has no branch left");
  return nearest.length <= 2 ? nearest : narrowed(place, "is taken by no branch any more");
}

function valuesOf(schema: JsonSchema): readonly unknown[] | null {
  if ("const" in schema) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? schema["enum"] : null;
}

function comparedValues(from: JsonSchema, to: JsonSchema, place: Place): Narrowing[] {
  const wanted = valuesOf(to);
  const given = valuesOf(from);
  const names = wanted?.map((value) => JSON.stringify(value));
  if (given === null) return names === undefined ? [] : narrowed(place, `is limited to ${names.join(", ")}`);
  const lost = given.filter((value) =>
    names === undefined ? !takes(to, value) : !names.includes(JSON.stringify(value)),
  );
  return lost.length === 0 ? [] : narrowed(place, `does not take ${lost.map((one) => JSON.stringify(one)).join(", ")}`);
}

/** Whether a schema without a list of values takes one value of an enum: by type, bounds and pattern. */
function takes(schema: JsonSchema, value: unknown): boolean {
  const types = typesOf(schema);
  const type = value === null ? "null" : typeof value;
  const isInteger = Number.isInteger(value) && types.includes("integer");
  if (types.length > 0 && !types.includes(type) && !isInteger) return false;
  if (type !== "string" && type !== "number") return true;
  const size = typeof value === "string" ? Array.from(value).length : Number(value);
  const [least, most] = type === "string" ? ["minLength", "maxLength"] : ["minimum", "maximum"];
  if (size < Number(schema[least] ?? -Infinity) || size > Number(schema[most] ?? Infinity)) return false;
  return (
    typeof schema["pattern"] !== "string" || type !== "string" || new RegExp(schema["pattern"]).test(String(value))
  );
}

function typesOf(schema: JsonSchema): string[] {
  return [schema["type"] ?? []].flat().map(String);
}

function comparedTypes(from: JsonSchema, to: JsonSchema, place: Place): Narrowing[] {
  const wanted = typesOf(to);
  if (wanted.length === 0 || valuesOf(from) !== null) return [];
  const given = typesOf(from);
  if (given.length === 0) return narrowed(place, `must be ${wanted.join(" or ")}`);
  const lost = given.filter((type) => !wanted.includes(type) && !(type === "integer" && wanted.includes("number")));
  return lost.length === 0 ? [] : narrowed(place, `is ${lost.join(" or ")}, must be ${wanted.join(" or ")}`);
}

function comparedObjects(from: JsonSchema, to: JsonSchema, place: Place): Narrowing[] {
  const given = isSchema(from["properties"]) ? from["properties"] : {};
  const wanted = isSchema(to["properties"]) ? to["properties"] : {};
  const promised = listOf(from["required"]);
  const missing = listOf(to["required"]).filter((name) => !promised.includes(name));
  const rest = to["additionalProperties"];
  const isOpen = from["type"] === "object" && from["additionalProperties"] !== false;
  const openness =
    "additionalProperties" in to && isOpen ? compare(from["additionalProperties"] ?? {}, rest, at(place, "*")) : [];
  return [
    ...missing.flatMap((name) => narrowed(at(place, String(name)), "is required")),
    ...Object.entries(given).flatMap(([name, property]) =>
      compare(property, name in wanted ? wanted[name] : rest, at(place, name)),
    ),
    ...openness,
  ];
}

function comparedArrays(from: JsonSchema, to: JsonSchema, place: Place): Narrowing[] {
  return "items" in to ? compare(from["items"] ?? {}, to["items"], at(place, "*")) : [];
}

const lowerBounds = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"];
const upperBounds = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"];

function comparedBounds(from: JsonSchema, to: JsonSchema, place: Place): Narrowing[] {
  if (valuesOf(from) !== null) return [];
  const raised = lowerBounds.filter((name) => name in to && Number(to[name]) > Number(from[name] ?? -Infinity));
  const lowered = upperBounds.filter((name) => name in to && Number(to[name]) < Number(from[name] ?? Infinity));
  return [...raised, ...lowered].flatMap((name) => narrowed(place, `is held to ${name} ${String(to[name])}`));
}

const compared = new Set([
  "type",
  "const",
  "enum",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "$ref",
  ...lowerBounds,
  ...upperBounds,
]);
const saysNothing = new Set([
  "$schema",
  "$id",
  "$defs",
  "definitions",
  "title",
  "description",
  "default",
  "examples",
  "$comment",
]);

/** Patterns, formats and everything unknown: what `to` asks for must have been asked for before, in the same words. */
function comparedRest(from: JsonSchema, to: JsonSchema, place: Place): Narrowing[] {
  if (valuesOf(from) !== null) return [];
  return Object.keys(to)
    .filter((name) => !compared.has(name) && !saysNothing.has(name))
    .filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
    .flatMap((name) => narrowed(place, `is held to ${name} ${JSON.stringify(to[name])}`));
}
