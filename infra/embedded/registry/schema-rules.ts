/**
 * Whether a text is a schema of its type, and whether it may follow the
 * versions before it under a compatibility level. JSON: as
 * schemas/compatibility.ts says; Avro: schema resolution.
 */
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { type JsonSchema, narrowings } from "../../../schemas/compatibility.ts";
import { avroProblems, parseAvro } from "./avro-rule.ts";
import { RegistryError } from "./registry-error.ts";
import type { CompatibilityLevel, RegisteredSchema, SchemaType } from "./schema-record.ts";

function parsed(schema: string): unknown {
  try {
    return JSON.parse(schema);
  } catch (error) {
    throw new RegistryError(42201, `the schema is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function jsonSchemaOf(schema: string): JsonSchema {
  const value = parsed(schema);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new RegistryError(42201, "a JSON Schema is an object");
  return Object.fromEntries(Object.entries(value));
}

/** Errors: RegistryError 42201 that says what is wrong. */
export function checkSchema(type: SchemaType, schema: string): void {
  try {
    if (type === "AVRO") parseAvro(parsed(schema));
    else compileJsonSchema(jsonSchemaOf(schema));
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    throw new RegistryError(42201, `invalid ${type} schema: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function compileJsonSchema(schema: JsonSchema): void {
  const options = { strict: false, validateFormats: false, addUsedSchema: false };
  const isLater = typeof schema["$schema"] === "string" && /2019-09|2020-12/.test(schema["$schema"]);
  (isLater ? new Ajv2020(options) : new Ajv(options)).compile({ ...schema });
}

/** Why the next schema may not follow those before it (oldest first), one line each. */
export function incompatibilities(
  level: CompatibilityLevel,
  next: Pick<RegisteredSchema, "schemaType" | "schema">,
  before: readonly RegisteredSchema[],
): string[] {
  if (level === "NONE") return [];
  const held = level.endsWith("_TRANSITIVE") ? before : before.slice(-1);
  return held.flatMap((old) => {
    if (old.schemaType !== next.schemaType)
      return [`version ${old.version} is ${old.schemaType}, this is ${next.schemaType}`];
    const backward = level.startsWith("FORWARD") ? [] : unreadable(next.schemaType, next.schema, old.schema);
    const forward = level.startsWith("BACKWARD") ? [] : unreadable(next.schemaType, old.schema, next.schema);
    return [...backward, ...forward].map((line) => `version ${old.version}: ${line}`);
  });
}

function unreadable(type: SchemaType, reader: string, writer: string): string[] {
  if (type === "AVRO") return avroProblems(parseAvro(parsed(reader)), parseAvro(parsed(writer)));
  return narrowings(jsonSchemaOf(writer), jsonSchemaOf(reader)).map(({ path, message }) => `${path} ${message}`);
}
