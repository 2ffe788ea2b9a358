/**
 * From a record's bytes to a value: plain JSON in UTF-8, or the Confluent wire
 * format (0x00, schema id, payload) in Avro or JSON Schema, whose schema is
 * asked of the registry once and then remembered. Bytes that nobody can read
 * are a value with a code; only a registry that does not answer throws, so that
 * an outage pauses the consumer and never dead-letters a record.
 */
import { SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import { Ajv2020 } from "ajv/dist/2020.js";
import draft7 from "ajv/dist/refs/json-schema-draft-07.json" with { type: "json" };
import formats from "ajv-formats";
import { z } from "zod";
import type { DeadLetterCode } from "../../schemas/parts/codes.ts";
import { TransientError } from "./errors.ts";
import {
  openRegistryRequests,
  registryHost,
  type RegistryConfig,
  type RegistryRequest,
} from "./registry/registry-client.ts";

export type WireFormatConfig = Partial<RegistryConfig>;

export type Decoded =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "poison"; readonly code: DeadLetterCode; readonly message: string };

type Poison = Extract<Decoded, { kind: "poison" }>;

export interface WireFormat {
  /** Messages name places and ids, never values. Errors: TransientError registry_unavailable. */
  readonly decode: (value: Buffer) => Promise<Decoded>;
}

/** Magic byte and schema id; what follows is the payload. */
const prefixBytes = 5;

/** A byte order mark is kept, and then no JSON. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function openWireFormat({ SCHEMA_REGISTRY_URL: url, ...config }: WireFormatConfig): WireFormat {
  const schemas = url === undefined ? null : new RegisteredSchemas({ ...config, SCHEMA_REGISTRY_URL: url });
  return {
    decode: async (value) => {
      if (value[0] !== 0 || value.length <= prefixBytes) return decodeJson(value);
      if (schemas !== null) return schemas.decode(value);
      const message = "the value is in the Confluent wire format, but SCHEMA_REGISTRY_URL is not set";
      return poison("schema_unknown", message);
    },
  };
}

function poison(code: DeadLetterCode, message: string): Poison {
  return { kind: "poison", code, message };
}

function decodeJson(value: Buffer): Decoded {
  let text: string;
  try {
    text = utf8.decode(value);
  } catch {
    return poison("not_json", "the value is not text in UTF-8");
  }
  try {
    return { kind: "value", value: JSON.parse(text) };
  } catch {
    return poison("not_json", "the value is not JSON");
  }
}

class RegisteredSchemas {
  readonly #request: RegistryRequest;
  readonly #library: SchemaRegistry;
  /** Ids whose schema is here; ids that are being asked for. */
  readonly #known = new Set<number>();
  readonly #asked = new Map<number, Promise<Poison | null>>();

  constructor(config: RegistryConfig) {
    const { SCHEMA_REGISTRY_USER: username, SCHEMA_REGISTRY_PASSWORD: password = "" } = config;
    const auth = username === undefined ? {} : { auth: { username, password } };
    this.#request = openRegistryRequests(config);
    this.#library = new SchemaRegistry(
      { host: registryHost(config), clientId: "breakwater", retry: { retries: 0 }, ...auth },
      { [SchemaType.JSON]: { ajvInstance: jsonCompiler() } },
    );
  }

  async decode(value: Buffer): Promise<Decoded> {
    const id = value.readUInt32BE(1);
    const problem = this.#known.has(id) ? null : await this.#fetchOnce(id);
    if (problem !== null) return problem;
    try {
      return { kind: "value", value: plainValue(await this.#library.decode(value)) };
    } catch (error) {
      return poison("schema_mismatch", `the value does not keep to schema ${id}${placesOf(error)}`);
    }
  }

  #fetchOnce(id: number): Promise<Poison | null> {
    const asked = this.#asked.get(id) ?? this.#fetch(id).finally(() => this.#asked.delete(id));
    this.#asked.set(id, asked);
    return asked;
  }

  /** Null: the schema is here. Errors: TransientError registry_unavailable. */
  async #fetch(id: number): Promise<Poison | null> {
    const { status, errorCode, message } = await this.#request("GET", `/schemas/ids/${id}`);
    if (status === 404 && errorCode === 40403)
      return poison("schema_unknown", `the schema registry knows no schema ${id}`);
    if (status !== 200)
      throw new TransientError(
        "registry_unavailable",
        `the schema registry answers ${status} for schema ${id}: ${message}`,
      );
    try {
      await this.#library.getSchema(id);
    } catch (error) {
      if (error instanceof Error && error.name === "ResponseError")
        throw new TransientError("registry_unavailable", `the schema registry does not give schema ${id}`, error);
      return poison(
        "schema_unknown",
        `schema ${id} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.#known.add(id);
    return null;
  }
}

/**
 * What the library compiles JSON Schemas with: our Ajv, which reads drafts 7,
 * 2019-09 and 2020-12 and checks formats (its own reads draft 7 alone and
 * refuses formats). A JSON Schema that refers to others cannot be used.
 */
function jsonCompiler() {
  const ajv = new Ajv2020({ strict: false, addUsedSchema: false });
  ajv.addMetaSchema(draft7);
  formats.default(ajv);
  return {
    compile: (schema: object) => ajv.compile(schema),
    addSchema: (): never => {
      throw new Error("it refers to other schemas");
    },
  };
}

/** Where the value broke its schema: paths alone, as the library's message can quote values. */
function placesOf(error: unknown): string {
  const paths = error instanceof Error && "paths" in error ? error.paths : null;
  const parsed = z.array(z.array(z.string())).safeParse(paths);
  const places = parsed.success ? parsed.data.map((path) => path.join("/") || "/") : [];
  return places.length === 0 ? "" : `, at ${places.join(", ")}`;
}

/**
 * Avro records as plain objects, a null field left out as in JSON; maps and
 * everything that came from JSON as they are.
 */
function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  const isRecord = Object.getPrototypeOf(value) !== Object.prototype;
  const fields = Object.entries(value).map(([name, field]) => [name, plainValue(field)] as const);
  return Object.fromEntries(isRecord ? fields.filter(([, field]) => field !== null) : fields);
}
