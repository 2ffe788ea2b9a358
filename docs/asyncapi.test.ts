/** docs/asyncapi.json: what AsyncAPI's own schema takes, whole, and of now. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { z } from "zod";
import { catalog, consumedTopics } from "../topics/catalog.ts";
import { asyncApiDocument, documentFile } from "./asyncapi.ts";

const written: unknown = JSON.parse(readFileSync(documentFile, "utf8"));

const read = z
  .object({
    channels: z.record(z.string(), z.object({ address: z.string() })),
    operations: z.record(z.string(), z.object({ action: z.string(), channel: z.object({ $ref: z.string() }) })),
    components: z.object({ messages: z.record(z.string(), z.looseObject({})) }),
  })
  .parse(written);

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "$ref" && typeof inner === "string" ? [inner] : references(inner),
  );
}

test("the document is the one that the catalog gives: npm run docs:generate", () => {
  assert.deepEqual(written, asyncApiDocument());
});

test("AsyncAPI's schema of version 3 takes it", () => {
  const schema: unknown = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.0.0-without-$id.json");
  const ajv = new Ajv({ strict: false, validateFormats: true, allErrors: true });
  addFormats.default(ajv);
  const isTaken = ajv.compile(z.looseObject({}).parse(schema));
  assert.equal(isTaken(written), true, JSON.stringify(isTaken.errors?.slice(0, 3)));
  assert.equal(
    isTaken({ ...z.looseObject({}).parse(written), channels: { "harness-requests": { address: 3 } } }),
    false,
  );
});

test("every topic has its channel, and every channel somebody who writes and somebody who reads", () => {
  const topics = [...catalog.map(({ name }) => name), ...consumedTopics.map((name) => `${name}-dlq`)];
  assert.deepEqual(Object.keys(read.channels).toSorted(), topics.toSorted());
  for (const topic of topics) {
    const actions = Object.values(read.operations)
      .filter(({ channel }) => channel.$ref === `#/channels/${topic}`)
      .map(({ action }) => action);
    assert.deepEqual([...new Set(actions)].toSorted(), ["receive", "send"], topic);
  }
});

test("whatever it refers to is there", () => {
  const all = references(written);
  assert.ok(all.length > 100);
  for (const reference of all) {
    if (!reference.startsWith("#/")) {
      assert.ok(existsSync(new URL(reference, documentFile)), reference);
      continue;
    }
    const target = reference
      .slice(2)
      .split("/")
      .reduce<unknown>((value, name) => z.looseObject({}).parse(value)[name], written);
    assert.ok(target !== undefined, reference);
  }
});
