/**
 * The examples are real in shape: each is a record its topic takes, by the Zod
 * schema and by the committed JSON Schema alike, unless its name starts with
 * `invalid-`: then both refuse it.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { publishedDefinition } from "../schemas/control/harness-definition.ts";
import { definitionVersion } from "../services/definitions/version.ts";
import { catalog } from "./catalog.ts";

const examples = path.join(import.meta.dirname, "examples");
const registry = path.join(import.meta.dirname, "..", "schemas", "registry");

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

function casesOf(topic: string): string[] {
  return readdirSync(path.join(examples, topic)).map((file) => path.basename(file, ".json"));
}

const ajv = new Ajv({ strictTypes: false });

for (const { name: topic, schema } of catalog) {
  const validate = ajv.compile(JSON.parse(readFileSync(path.join(registry, `${topic}.json`), "utf8")));

  test(`${topic} has examples that its readers take and one at least that they refuse`, () => {
    const cases = casesOf(topic);
    assert.ok(cases.some((name) => !name.startsWith("invalid-")));
    assert.ok(cases.some((name) => name.startsWith("invalid-")));
  });

  for (const name of casesOf(topic)) {
    const valid = !name.startsWith("invalid-");
    test(`${topic}: ${name} is ${valid ? "a record of the topic" : "refused"}, by Zod and by JSON Schema`, () => {
      const value = read(path.join(examples, topic, `${name}.json`));
      const parsed = schema.safeParse(value);
      assert.equal(parsed.success, valid, parsed.error?.message);
      assert.equal(validate(value), valid, ajv.errorsText(validate.errors));
    });
  }
}

test("no example stands in a folder that is no topic", () => {
  const topics: readonly string[] = catalog.map(({ name }) => name);
  assert.deepEqual(
    readdirSync(examples).filter((folder) => !topics.includes(folder)),
    [],
  );
});

test("each example definition has the version that its content hashes to", () => {
  const folder = path.join(examples, "harness-definitions");
  const published = casesOf("harness-definitions").flatMap((name) => {
    const parsed = publishedDefinition.safeParse(read(path.join(folder, `${name}.json`)));
    return parsed.success ? [parsed.data] : [];
  });
  assert.ok(published.length >= 3);
  for (const { definition, version } of published)
    assert.equal(version, definitionVersion(definition), definition.name);
});
