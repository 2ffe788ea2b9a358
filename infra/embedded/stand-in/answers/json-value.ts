/**
 * The answer to a JSON schema: a value that satisfies it, drawn from the text
 * where a label, a date, an amount or a table row can be found, and otherwise
 * filled in by rule. Deterministic. It knows types, enum, const, properties,
 * items, $ref, anyOf/oneOf/allOf, formats, bounds and simple patterns; a
 * schema that asks for more may get a value that breaks it.
 */
import { isObject } from "../ask.ts";
import { documentIn, keywordsOf, labelled, leadOf, numbersIn, rowsIn, sentencesOf, wordsOf } from "./facts.ts";
import { firstLine, fitted, stringFor } from "./string-value.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Where a value is wanted: under which name, out of which text. */
export interface Place {
  readonly root: Schema;
  readonly name: string;
  readonly text: string;
  /** Set within a table row: how many numbers of it are taken already. */
  readonly row: { taken: number } | null;
  readonly depth: number;
}

const deepest = 12;
const usualItems = 3;
const mostRows = 20;

export function jsonAnswer(schema: unknown, text: string): unknown {
  const root = isObject(schema) ? schema : {};
  return valueFor(root, { root, name: "", text, row: null, depth: 0 });
}

function valueFor(given: unknown, at: Place): unknown {
  const schema = resolved(given, at.root);
  if (at.depth > deepest) return null;
  if (at.row === null && mayBeNull(given, at.root) && labelled(at.text, at.name) === undefined) return null;
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return chosenOf(schema["enum"], at);
  switch (typeOf(schema)) {
    case "object":
      return objectFor(schema, at);
    case "array":
      return arrayFor(schema, at);
    case "string":
      return stringFor(schema, at);
    case "integer":
    case "number":
      return numberFor(schema, at);
    case "boolean":
      return wordsOf(at.name).every((word) => at.text.toLowerCase().includes(word));
    default:
      return null;
  }
}

/** Whether null is permitted where a scalar is wanted: then nothing is made up. */
function mayBeNull(given: unknown, root: Schema): boolean {
  if (!isObject(given)) return false;
  const branches = [given["anyOf"], given["oneOf"]].find((list) => Array.isArray(list)) ?? [];
  if (["object", "array"].includes(typeOf(resolved(given, root)))) return false;
  return (
    [given["type"]].flat().includes("null") ||
    branches.some((branch: unknown) => isObject(branch) && branch["type"] === "null")
  );
}

/** Follows $ref, merges allOf, and takes the first branch of anyOf and oneOf that is not null. */
function resolved(given: unknown, root: Schema): Schema {
  let schema: Schema = isObject(given) ? given : {};
  for (let step = 0; step < deepest; step += 1) {
    const reference = schema["$ref"];
    const branches = [schema["anyOf"], schema["oneOf"]].find((list) => Array.isArray(list));
    if (typeof reference === "string") schema = pointed(root, reference);
    else if (Array.isArray(schema["allOf"])) {
      const { allOf, ...rest } = schema;
      schema = Object.assign({}, ...(Array.isArray(allOf) ? allOf : []).map((part) => resolved(part, root)), rest);
    } else if (Array.isArray(branches)) {
      const { anyOf: _anyOf, oneOf: _oneOf, ...rest } = schema;
      const branch: unknown = branches.find((one) => typeOf(resolved(one, root)) !== "null");
      schema = { ...rest, ...(isObject(branch) ? branch : {}) };
    } else return schema;
  }
  return schema;
}

function pointed(root: Schema, reference: string): Schema {
  let found: unknown = root;
  for (const step of reference.split("/").slice(1)) found = isObject(found) ? found[step] : undefined;
  return isObject(found) ? found : {};
}

function typeOf(schema: Schema): string {
  const { type } = schema;
  if (typeof type === "string") return type;
  if (Array.isArray(type)) return String(type.find((one) => one !== "null") ?? "null");
  if (isObject(schema["properties"])) return "object";
  return "items" in schema ? "array" : "string";
}

function chosenOf(options: readonly unknown[], { name, text }: Place): unknown {
  const said = (labelled(text, name) ?? "").toLowerCase();
  const lower = text.toLowerCase();
  const spoken = (option: unknown): string => String(option).toLowerCase().replaceAll("_", " ");
  return (
    options.find((option) => said !== "" && said.includes(spoken(option))) ??
    options.find((option) => lower.includes(spoken(option))) ??
    options[0]
  );
}

function objectFor(schema: Schema, at: Place): Record<string, unknown> {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      valueFor(property, { ...at, name, depth: at.depth + 1 }),
    ]),
  );
}

function arrayFor(schema: Schema, at: Place): unknown[] {
  const item = resolved(schema["items"], at.root);
  const least = Number(schema["minItems"] ?? 0);
  const most = Number(schema["maxItems"] ?? Infinity);
  const texts = itemTexts(item, at).slice(0, most);
  while (texts.length < least) texts.push(texts.at(-1) ?? firstLine(documentIn(at.text)));
  const inner = (text: string): Place => ({ ...at, text, row: { taken: 0 }, depth: at.depth + 1 });
  if (typeOf(item) !== "string" || "enum" in item || "format" in item)
    return texts.map((text) => valueFor(item, inner(text)));
  return texts.map((text) => fitted(text, item));
}

/** One piece of the text for each item: table rows for objects, keywords or sentences for strings. */
function itemTexts(item: Schema, at: Place): string[] {
  if (typeOf(item) === "object") {
    const properties = isObject(item["properties"]) ? Object.values(item["properties"]) : [];
    const numbers = properties.filter((property) =>
      /^(?:number|integer)$/.test(typeOf(resolved(property, at.root))),
    ).length;
    return rowsIn(at.text, numbers).slice(0, mostRows);
  }
  if (typeOf(item) !== "string") return numbersIn(at.text).slice(0, usualItems).map(String);
  const short = /tag|topic|keyword|label|name|entit|categor|theme/.test(at.name.toLowerCase());
  return short ? keywordsOf(at.text, usualItems) : sentencesOf(at.text, usualItems);
}

function numberFor(schema: Schema, at: Place): number {
  const [least, most] = boundsOf(schema);
  const fits = (value: number): boolean => value >= least && value <= most;
  const found = at.row === null ? foundNumber(at) : nextOfRow(at.text, at.row);
  const drawn = found !== undefined && fits(found) ? found : (numbersIn(at.text).find(fits) ?? 0);
  const within = Math.min(Math.max(drawn, least), most);
  if (typeOf(schema) === "integer") return Math.trunc(within);
  const step = schema["multipleOf"];
  return typeof step === "number" ? Number((Math.round(within / step) * step).toFixed(10)) : within;
}

/** Both ends included; beyond an exclusive bound the next hundredth, or whole number, is the end. */
function boundsOf(schema: Schema): [least: number, most: number] {
  const step = typeOf(schema) === "integer" ? 1 : 0.01;
  const above = Number(schema["exclusiveMinimum"] ?? -Infinity) + step;
  const below = Number(schema["exclusiveMaximum"] ?? Infinity) - step;
  return [
    Math.max(Number(schema["minimum"] ?? -Infinity), above),
    Math.min(Number(schema["maximum"] ?? Infinity), below),
  ];
}

function foundNumber(at: Place): number | undefined {
  const said = labelled(at.text, at.name) ?? lastWordLabelled(at);
  return said === undefined ? undefined : numbersIn(said)[0];
}

/** `total_amount` finds `Total: 90.00` by its parts. */
function lastWordLabelled(at: Place): string | undefined {
  return wordsOf(at.name)
    .map((word) => labelled(at.text, word))
    .find((said) => said !== undefined && numbersIn(said).length > 0);
}

function nextOfRow(text: string, row: { taken: number }): number | undefined {
  const value = numbersIn(text.slice(text.indexOf(leadOf(text)) + leadOf(text).length))[row.taken];
  row.taken += 1;
  return value;
}
