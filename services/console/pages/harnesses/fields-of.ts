/**
 * The fields of a JSON Schema as lines to be read: where each stands, of what
 * kind it is, whether it must be there and by which other rules. Pure; what it
 * does not know, references among it, is left to the schema itself.
 */

export interface Field {
  /** `total`, `lines[].price` */
  readonly path: string;
  readonly kind: string;
  readonly isRequired: boolean;
  /** Keywords with their values, as they are written. */
  readonly rules: string;
  readonly about: string;
}

/** No contract that a person writes is deeper; one that is stays readable as JSON. */
const deepest = 8;
const shownApart: ReadonlySet<string> = new Set([
  "type",
  "properties",
  "required",
  "items",
  "description",
  "title",
  "$schema",
  "additionalProperties",
]);

export function fieldsOf(schema: unknown, path = "", depth = 0): readonly Field[] {
  if (!isObject(schema) || depth > deepest) return [];
  const { properties, required, items } = schema;
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  if (isObject(properties))
    return Object.entries(properties).flatMap(([name, inner]) => {
      const place = path === "" ? name : `${path}.${name}`;
      return [fieldOf(inner, place, needed.includes(name)), ...fieldsOf(inner, place, depth + 1)];
    });
  return isObject(items) ? fieldsOf(items, `${path}[]`, depth + 1) : [];
}

function fieldOf(schema: unknown, path: string, isRequired: boolean): Field {
  const known = isObject(schema) ? schema : {};
  const rules = Object.entries(known).filter(([name]) => !shownApart.has(name));
  return {
    path,
    kind: kindOf(known),
    isRequired,
    rules: rules.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(", "),
    about: typeof known["description"] === "string" ? known["description"] : "",
  };
}

function kindOf({ type, items }: Readonly<Record<string, unknown>>): string {
  const own = Array.isArray(type) ? type.join(" or ") : typeof type === "string" ? type : "any";
  return own === "array" && isObject(items) ? `list of ${kindOf(items)}` : own;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
