/**
 * Writes the JSON Schema of every topic's records to schemas/registry/, from
 * the Zod schemas, the same bytes each time. It refuses to write a schema that
 * breaks old records or old readers unless `--accept-breaking` is given, and
 * names each break. `--check` writes nothing and fails when a file is stale.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { catalog } from "../topics/catalog.ts";
import { breakingChanges, type JsonSchema } from "./compatibility.ts";

export const registryFolder = path.join(import.meta.dirname, "registry");

export interface TopicSchema {
  readonly topic: string;
  readonly file: string;
  readonly schema: JsonSchema;
}

/**
 * Draft 7, which every registry client reads. What Zod adds beyond our own
 * words is left out: bounds at the safe integers, and a format beside the
 * pattern that says it (a plain Ajv refuses formats it was not taught).
 */
export function topicSchemas(): TopicSchema[] {
  return catalog.map(({ name, carries, schema }) => {
    const body = z.toJSONSchema(schema, {
      target: "draft-7",
      io: "input",
      override({ jsonSchema }) {
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.pattern !== undefined) delete jsonSchema.format;
      },
    });
    const { $schema, ...rest } = body;
    return { topic: name, file: `${name}.json`, schema: { $schema, title: name, description: carries, ...rest } };
  });
}

function textOf(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function committedText(file: string): string | null {
  const full = path.join(registryFolder, file);
  return existsSync(full) ? readFileSync(full, "utf8") : null;
}

/** Files whose content is not what the sources say, and files of topics that are gone. */
export function staleFiles(schemas: readonly TopicSchema[]): string[] {
  const known = new Set(schemas.map(({ file }) => file));
  const gone = readdirSync(registryFolder).filter((file) => file.endsWith(".json") && !known.has(file));
  return [
    ...schemas.filter(({ file, schema }) => committedText(file) !== textOf(schema)).map(({ file }) => file),
    ...gone,
  ];
}

function breaksOf({ topic, file, schema }: TopicSchema): string[] {
  const committed = committedText(file);
  if (committed === null) return [];
  const before: JsonSchema = z.record(z.string(), z.unknown()).parse(JSON.parse(committed));
  return breakingChanges(before, schema).map(
    ({ path: where, message, breaks }) => `${topic} ${where} ${message} (breaks old ${breaks})`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function run(): number {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, "accept-breaking": { type: "boolean" } } });
  const schemas = topicSchemas();
  mkdirSync(registryFolder, { recursive: true });
  const stale = staleFiles(schemas);
  const breaks = schemas.flatMap(breaksOf);
  for (const line of breaks) say(line);
  if (values.check === true) {
    for (const file of stale) say(`schemas/registry/${file} is stale: run npm run schemas:generate`);
    return stale.length > 0 ? 1 : 0;
  }
  if (breaks.length > 0 && values["accept-breaking"] !== true) {
    say("Nothing was written. Keep to compatible changes, or pass --accept-breaking and deploy readers first.");
    return 1;
  }
  const known = new Map(schemas.map(({ file, schema }) => [file, schema]));
  for (const file of stale) {
    const schema = known.get(file);
    if (schema === undefined) rmSync(path.join(registryFolder, file));
    else writeFileSync(path.join(registryFolder, file), textOf(schema));
    say(`${schema === undefined ? "removed" : "wrote"} schemas/registry/${file}`);
  }
  return 0;
}

if (import.meta.main) process.exitCode = run();
