/**
 * What the registry knows, in memory: schemas by subject and version, by id,
 * and compatibility levels. Applies records of the topic in their order;
 * decides nothing. The same schema has one id whatever subject it stands under.
 */
import {
  type CompatibilityLevel,
  configValue,
  recordKey,
  type RegisteredSchema,
  schemaValue,
  type SchemaType,
} from "./schema-record.ts";

export class SchemaStore {
  readonly #subjects = new Map<string, Map<number, RegisteredSchema>>();
  readonly #ids = new Map<number, RegisteredSchema>();
  readonly #levels = new Map<string | null, CompatibilityLevel>();
  #lastId = 0;

  /** Takes one record of the topic; kinds of records that are not ours are passed over. A null value deletes. */
  apply(key: unknown, value: unknown): void {
    const parsed = recordKey.safeParse(key);
    if (!parsed.success) return;
    if (parsed.data.keytype === "CONFIG") {
      if (value === null) this.#levels.delete(parsed.data.subject);
      else this.#levels.set(parsed.data.subject, configValue.parse(value).compatibilityLevel);
      return;
    }
    const { subject, version } = parsed.data;
    const versions = this.#subjects.get(subject) ?? new Map<number, RegisteredSchema>();
    this.#subjects.set(subject, versions);
    if (value === null) return void versions.delete(version);
    const schema = schemaValue.parse(value);
    versions.set(version, schema);
    this.#ids.set(schema.id, schema);
    this.#lastId = Math.max(this.#lastId, schema.id);
  }

  get nextId(): number {
    return this.#lastId + 1;
  }

  subjects(): string[] {
    return [...this.#subjects.keys()].filter((subject) => this.versions(subject).length > 0).toSorted();
  }

  /** Oldest first. */
  versions(subject: string): RegisteredSchema[] {
    const all = [...(this.#subjects.get(subject)?.values() ?? [])];
    return all.filter(({ deleted }) => !deleted).toSorted((a, b) => a.version - b.version);
  }

  /** One above every version there ever was, deleted ones included. */
  nextVersion(subject: string): number {
    return Math.max(0, ...(this.#subjects.get(subject)?.keys() ?? [])) + 1;
  }

  byId(id: number): RegisteredSchema | undefined {
    return this.#ids.get(id);
  }

  /** The id that this very schema has under any subject. */
  idOf(type: SchemaType, schema: string): number | undefined {
    for (const known of this.#ids.values()) if (isSame(known, type, schema)) return known.id;
    return undefined;
  }

  level(subject: string | null): CompatibilityLevel | undefined {
    return this.#levels.get(subject);
  }
}

/** White space aside, the same text. */
export function isSame(known: RegisteredSchema, type: SchemaType, schema: string): boolean {
  return known.schemaType === type && compact(known.schema) === compact(schema);
}

function compact(schema: string): string {
  try {
    return JSON.stringify(JSON.parse(schema));
  } catch {
    return schema;
  }
}
