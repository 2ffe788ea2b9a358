/**
 * What the registry answers, whatever the transport: look schemas up, register
 * them, set compatibility. Errors: RegistryError with the API's code.
 */
import { z } from "zod";
import { RegistryError } from "./registry-error.ts";
import type { RegistryTopic } from "./registry-topic.ts";
import {
  type CompatibilityLevel,
  compatibilityLevel,
  type RegisteredSchema,
  schemaType,
  type SchemaType,
} from "./schema-record.ts";
import { checkSchema, incompatibilities } from "./schema-rules.ts";
import { isSame } from "./schema-store.ts";

const posted = z.object({
  schemaType: z.string().default("AVRO"),
  schema: z.string(),
  references: z.array(z.unknown()).nullish(),
});

interface Posted {
  readonly schemaType: SchemaType;
  readonly schema: string;
}

const defaultLevel: CompatibilityLevel = "BACKWARD";

/** As the API shows it: AVRO is what is meant when no type is named. */
export function shown({ subject, version, id, schemaType: type, schema }: RegisteredSchema) {
  return { subject, version, id, ...(type === "AVRO" ? {} : { schemaType: type }), schema };
}

export function readPosted(body: unknown): Posted {
  const parsed = posted.safeParse(body);
  if (!parsed.success) throw new RegistryError(42201, "the body holds no schema");
  const type = schemaType.safeParse(parsed.data.schemaType);
  if (!type.success)
    throw new RegistryError(
      42201,
      `schemas of type ${parsed.data.schemaType} are not supported here: AVRO and JSON are`,
    );
  if ((parsed.data.references ?? []).length > 0)
    throw new RegistryError(42201, "schema references are not supported here: send one schema that is whole");
  checkSchema(type.data, parsed.data.schema);
  return { schemaType: type.data, schema: parsed.data.schema };
}

export class Operations {
  readonly #topic: RegistryTopic;

  constructor(topic: RegistryTopic) {
    this.#topic = topic;
  }

  subjects(): string[] {
    return this.#topic.store().subjects();
  }

  versions(subject: string): RegisteredSchema[] {
    const found = this.#topic.store().versions(subject);
    if (found.length === 0) throw new RegistryError(40401, `Subject '${subject}' not found.`);
    return found;
  }

  version(subject: string, wanted: string): RegisteredSchema {
    const versions = this.versions(subject);
    if (wanted !== "latest" && !/^[1-9]\d*$/.test(wanted))
      throw new RegistryError(42202, `The specified version '${wanted}' is not a valid version id.`);
    const found = wanted === "latest" ? versions.at(-1) : versions.find(({ version }) => version === Number(wanted));
    if (found === undefined) throw new RegistryError(40402, `Version ${wanted} not found.`);
    return found;
  }

  byId(id: string): RegisteredSchema {
    const found = this.#topic.store().byId(Number(id));
    if (found === undefined) throw new RegistryError(40403, `Schema ${id} not found`);
    return found;
  }

  lookUp(subject: string, { schemaType: type, schema }: Posted): RegisteredSchema {
    const found = this.versions(subject).find((known) => isSame(known, type, schema));
    if (found === undefined) throw new RegistryError(40403, "Schema not found");
    return found;
  }

  /** The id, old or new. Registering a schema again changes nothing. */
  register(subject: string, next: Posted): Promise<number> {
    return this.#topic.inTurn(async () => {
      const store = this.#topic.store();
      const before = store.versions(subject);
      const known = before.find((one) => isSame(one, next.schemaType, next.schema));
      if (known !== undefined) return known.id;
      const problems = incompatibilities(this.#levelOf(subject), next, before);
      if (problems.length > 0)
        throw new RegistryError(
          409,
          `Schema being registered is incompatible with an earlier schema for subject "${subject}": ${problems.join("; ")}`,
        );
      const version = store.nextVersion(subject);
      const id = store.idOf(next.schemaType, next.schema) ?? store.nextId;
      await this.#topic.write(
        { keytype: "SCHEMA", subject, version, magic: 1 },
        { subject, version, id, ...next, deleted: false },
      );
      return id;
    });
  }

  isCompatible(subject: string, version: string, next: Posted): boolean {
    const before = version === "latest" ? this.versions(subject).slice(-1) : [this.version(subject, version)];
    return incompatibilities(this.#levelOf(subject), next, before).length === 0;
  }

  /** Of one subject, or of all when it is null. */
  level(subject: string | null): CompatibilityLevel {
    const found = this.#topic.store().level(subject) ?? (subject === null ? defaultLevel : undefined);
    if (found !== undefined) return found;
    throw new RegistryError(40408, `Subject '${subject}' does not have subject-level compatibility configured`);
  }

  setLevel(subject: string | null, body: unknown): Promise<CompatibilityLevel> {
    const parsed = z.object({ compatibility: compatibilityLevel }).safeParse(body);
    if (!parsed.success) throw new RegistryError(42203, "Invalid compatibility level.");
    const { compatibility } = parsed.data;
    return this.#topic.inTurn(async () => {
      await this.#topic.write({ keytype: "CONFIG", subject, magic: 0 }, { compatibilityLevel: compatibility });
      return compatibility;
    });
  }

  #levelOf(subject: string): CompatibilityLevel {
    const store = this.#topic.store();
    return store.level(subject) ?? store.level(null) ?? defaultLevel;
  }
}
