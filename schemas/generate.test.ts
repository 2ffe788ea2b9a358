import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { z } from "zod";
import { catalog } from "../topics/catalog.ts";
import { registryFolder, staleFiles, topicSchemas } from "./generate.ts";
import { runRequest } from "./records/run-request.ts";

test("every topic's schema is committed as the sources have it", () => {
  assert.deepEqual(staleFiles(topicSchemas()), []);
});

test("the check agrees when it is run as a command", () => {
  const seen = execFileSync(process.execPath, [path.join(import.meta.dirname, "generate.ts"), "--check"], {
    encoding: "utf8",
  });
  assert.equal(seen, "");
});

test("a schema that the sources no longer give, or give otherwise, is stale", () => {
  const [first, ...rest] = topicSchemas();
  assert.ok(first !== undefined);
  assert.deepEqual(staleFiles(rest), [first.file]);
  assert.deepEqual(staleFiles([{ ...first, schema: { ...first.schema, title: "other" } }, ...rest]), [first.file]);
});

test("generating twice gives the same text", () => {
  assert.equal(JSON.stringify(topicSchemas()), JSON.stringify(topicSchemas()));
});

test("every schema compiles in a plain, strict Ajv that was taught no format", () => {
  for (const { schema } of topicSchemas()) new Ajv({ strictTypes: false }).compile({ ...schema });
});

test("each topic of the catalog has a schema, and the schema is open to fields of later versions unless people write it", () => {
  const closed = topicSchemas().filter(({ schema }) => schema["additionalProperties"] === false);
  assert.equal(topicSchemas().length, catalog.length);
  assert.deepEqual(
    closed.map(({ topic }) => topic),
    ["harness-requests", "harness-requests-batch"],
  );
});

const avroRecord = z.object({
  namespace: z.literal("breakwater"),
  name: z.literal("RunRequest"),
  fields: z.array(z.object({ name: z.string(), type: z.json(), default: z.null().optional() })),
});

test("the Avro request has fields of the JSON request alone, and the same ones are required", () => {
  const text = readFileSync(path.join(registryFolder, "harness-requests.avsc"), "utf8");
  const { fields } = avroRecord.parse(JSON.parse(text));
  const shape = new Map(Object.entries(runRequest.shape));
  assert.deepEqual(
    fields.map(({ name }) => name).filter((name) => !shape.has(name)),
    [],
  );
  const needed = [...shape].filter(([, field]) => !field.safeParse(undefined).success).map(([name]) => name);
  const given = fields.filter((field) => field.default === undefined).map(({ name }) => name);
  assert.deepEqual(given.toSorted(), needed.toSorted());
});
