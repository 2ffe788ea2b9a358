/**
 * Gives the schemas that requests bring along one object each, however often
 * they come: what is compiled is remembered by the object, and dies with it.
 * The latest are remembered, within a bound; one that is too long is not.
 */
import type { AnySchemaObject } from "ajv";
import { canonicalJson } from "../../definitions/canonical-json.ts";

const mostSchemas = 256;
/** Of all of them together, UTF-16 code units as JSON; compiled, each was measured to take 100 bytes. */
const mostChars = 256 * 1024;

/** From the least to the most recently asked for. */
const remembered = new Map<string, AnySchemaObject>();
let chars = 0;

/** The same object for schemas that are equal, whatever the order of their keywords. */
export function rememberedSchema(schema: AnySchemaObject): AnySchemaObject {
  const key = canonicalJson(schema);
  const known = remembered.get(key);
  if (known === undefined && key.length > mostChars) return schema;
  if (known === undefined) chars += key.length;
  remembered.delete(key);
  remembered.set(key, known ?? schema);
  for (const oldest of remembered.keys()) {
    if (remembered.size <= mostSchemas && chars <= mostChars) break;
    remembered.delete(oldest);
    chars -= oldest.length;
  }
  return known ?? schema;
}
