/**
 * Avro's schema resolution: whether a reader's schema can read what a writer's
 * schema wrote (Avro 1.11, "Schema Resolution"). Names are compared without
 * their namespace, as the specification allows; logical types are passed over.
 */

type Avro =
  | { readonly kind: "primitive"; readonly name: string }
  /** Without fields: a mention, within its own definition, of a record that is compared where it is defined. */
  | { readonly kind: "record"; readonly name: string; readonly fields: readonly Field[] | null }
  | { readonly kind: "enum"; readonly name: string; readonly symbols: readonly string[]; readonly hasDefault: boolean }
  | { readonly kind: "fixed"; readonly name: string; readonly size: number }
  | { readonly kind: "array" | "map"; readonly of: Avro }
  | { readonly kind: "union"; readonly branches: readonly Avro[] };

interface Field {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: Avro;
  readonly hasDefault: boolean;
}

const primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

/** What a written primitive may be read as, beside itself. */
const promotions: Readonly<Record<string, readonly string[]>> = {
  int: ["long", "float", "double"],
  long: ["float", "double"],
  float: ["double"],
  string: ["bytes"],
  bytes: ["string"],
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shortName(name: unknown): string {
  if (typeof name !== "string" || !/^[A-Za-z_][\w.]*$/.test(name))
    throw new Error(`${JSON.stringify(name)} is no name`);
  return name.slice(name.lastIndexOf(".") + 1);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${what} is missing`);
  return value;
}

/** Errors: one sentence that says what is wrong with the schema. */
export function parseAvro(schema: unknown, named = new Map<string, { type: Avro | null }>()): Avro {
  if (typeof schema === "string") return namedType(schema, named);
  if (Array.isArray(schema)) return { kind: "union", branches: schema.map((branch) => parseAvro(branch, named)) };
  if (!isObject(schema)) throw new Error(`${JSON.stringify(schema)} is no Avro type`);
  const { type } = schema;
  if (type === "array") return { kind: "array", of: parseAvro(schema["items"], named) };
  if (type === "map") return { kind: "map", of: parseAvro(schema["values"], named) };
  if (type !== "record" && type !== "error" && type !== "enum" && type !== "fixed") return parseAvro(type, named);
  const name = shortName(schema["name"]);
  const entry: { type: Avro | null } = { type: null };
  named.set(name, entry);
  const parsed = namedDefinition(name, schema, named);
  entry.type = parsed;
  return parsed;
}

function namedDefinition(
  name: string,
  schema: Readonly<Record<string, unknown>>,
  named: Map<string, { type: Avro | null }>,
): Avro {
  if (schema["type"] === "fixed") return { kind: "fixed", name, size: Number(schema["size"]) };
  if (schema["type"] === "enum")
    return {
      kind: "enum",
      name,
      symbols: listOf(schema["symbols"], "symbols").map(String),
      hasDefault: "default" in schema,
    };
  const fields = listOf(schema["fields"], "fields").map((field) => {
    if (!isObject(field)) throw new Error(`a field of ${name} is no object`);
    const aliases = Array.isArray(field["aliases"]) ? field["aliases"].map(String) : [];
    return {
      name: shortName(field["name"]),
      aliases,
      type: parseAvro(field["type"], named),
      hasDefault: "default" in field,
    };
  });
  return { kind: "record", name, fields };
}

function namedType(name: string, named: ReadonlyMap<string, { type: Avro | null }>): Avro {
  if (primitives.includes(name)) return { kind: "primitive", name };
  const known = named.get(shortName(name));
  if (known === undefined) throw new Error(`the type ${name} is not known`);
  return known.type ?? { kind: "record", name: shortName(name), fields: null };
}

/** Why the reader cannot read what the writer wrote, one line each; none when it can. */
export function avroProblems(reader: Avro, writer: Avro, path = "/"): string[] {
  if (writer.kind === "union") return writer.branches.flatMap((branch) => avroProblems(reader, branch, path));
  if (reader.kind === "union") {
    const reads = reader.branches.some((branch) => avroProblems(branch, writer, path).length === 0);
    return reads ? [] : [`${path}: no branch reads ${nameOf(writer)}`];
  }
  const differs = [`${path}: ${nameOf(writer)} cannot be read as ${nameOf(reader)}`];
  if (reader.kind === "primitive" || writer.kind === "primitive") {
    const [read, written] = [nameOf(reader), nameOf(writer)];
    const isRead = reader.kind === writer.kind && (read === written || promotions[written]?.includes(read) === true);
    return isRead ? [] : differs;
  }
  if (reader.kind === "record" && writer.kind === "record")
    return reader.name === writer.name ? fieldProblems(reader.fields ?? [], writer.fields, path) : differs;
  if (reader.kind === "enum" && writer.kind === "enum" && reader.name === writer.name) {
    const lost = reader.hasDefault ? [] : writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
    return lost.map((symbol) => `${path}: the symbol ${symbol} cannot be read`);
  }
  if (reader.kind === "fixed" && writer.kind === "fixed")
    return reader.name === writer.name && reader.size === writer.size ? [] : differs;
  if ((reader.kind === "array" || reader.kind === "map") && reader.kind === writer.kind)
    return avroProblems(reader.of, writer.of, `${path}*`);
  return differs;
}

function fieldProblems(reader: readonly Field[], writer: readonly Field[] | null, path: string): string[] {
  if (writer === null) return [];
  return reader.flatMap((field) => {
    const written = writer.find(({ name }) => name === field.name || field.aliases.includes(name));
    if (written !== undefined) return avroProblems(field.type, written.type, `${path}${field.name}/`);
    return field.hasDefault ? [] : [`${path}${field.name}: was not written and has no default`];
  });
}

function nameOf(type: Avro): string {
  return "name" in type ? type.name : type.kind;
}
