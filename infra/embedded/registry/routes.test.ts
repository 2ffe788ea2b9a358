import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Operations } from "./operations.ts";
import { RegistryError } from "./registry-error.ts";
import type { RegistryTopic } from "./registry-topic.ts";
import { answerTo } from "./routes.ts";
import { SchemaStore } from "./schema-store.ts";

/** The topic as a list in memory, one change after the other as the real one has it. */
function memoryTopic(): RegistryTopic & { readonly records: [unknown, unknown][] } {
  const store = new SchemaStore();
  const records: [unknown, unknown][] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    records,
    store: () => store,
    inTurn(change) {
      const turn = last.then(change);
      last = turn.catch(() => undefined);
      return turn;
    },
    write(key, value) {
      records.push([key, value]);
      store.apply(key, value);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

let topic = memoryTopic();
let operations = new Operations(topic);
beforeEach(() => {
  topic = memoryTopic();
  operations = new Operations(topic);
});

function ask(method: string, path: string, body: unknown = null): Promise<unknown> {
  return answerTo({ method, path, body }, operations);
}

function refused(code: number, message: RegExp) {
  return (error: unknown): boolean =>
    error instanceof RegistryError && error.code === code && message.test(error.message);
}

const avro = (fields: readonly object[]) => ({
  schema: JSON.stringify({ type: "record", name: "R", namespace: "a", fields }),
});
const json = (schema: object) => ({ schemaType: "JSON", schema: JSON.stringify(schema) });
const first = avro([{ name: "f", type: "string" }]);
const wider = avro([
  { name: "f", type: "string" },
  { name: "g", type: "int", default: 0 },
]);
const narrower = avro([
  { name: "f", type: "string" },
  { name: "g", type: "int" },
]);

test("a schema gets an id, is found by it, and registering it again changes nothing", async () => {
  assert.deepEqual(await ask("POST", "/subjects/a.R/versions", first), { id: 1 });
  assert.deepEqual(await ask("POST", "/subjects/a.R/versions", { ...first, schema: ` ${first.schema}\n` }), { id: 1 });
  assert.deepEqual(await ask("GET", "/schemas/ids/1"), { schema: first.schema });
  assert.deepEqual(await ask("GET", "/subjects"), ["a.R"]);
  assert.equal(topic.records.length, 1);
});

test("the same schema under another subject has the same id; another schema another", async () => {
  await ask("POST", "/subjects/one/versions", first);
  assert.deepEqual(await ask("POST", "/subjects/two/versions", first), { id: 1 });
  assert.deepEqual(await ask("POST", "/subjects/two/versions", wider), { id: 2 });
  assert.deepEqual(await ask("GET", "/subjects/two/versions"), [1, 2]);
  assert.deepEqual(await ask("GET", "/subjects/two/versions/latest"), {
    subject: "two",
    version: 2,
    id: 2,
    schema: wider.schema,
  });
  assert.deepEqual(await ask("GET", "/subjects/two/versions/1"), {
    subject: "two",
    version: 1,
    id: 1,
    schema: first.schema,
  });
});

test("schemas that arrive together get ids of their own", async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      ask("POST", `/subjects/s${index}/versions`, avro([{ name: `f${index}`, type: "int" }])),
    ),
  );
  assert.equal(new Set(answers.map((answer) => JSON.stringify(answer))).size, 20);
});

test("a JSON schema is shown with its type, an Avro one without", async () => {
  const schema = json({ type: "object" });
  await ask("POST", "/subjects/j/versions", schema);
  assert.deepEqual(await ask("GET", "/schemas/ids/1"), schema);
  assert.deepEqual(await ask("POST", "/subjects/j", schema), { subject: "j", version: 1, id: 1, ...schema });
});

test("the subject's level wins over the one for all, and that over the default", async () => {
  assert.deepEqual(await ask("GET", "/config"), { compatibilityLevel: "BACKWARD" });
  await ask("POST", "/subjects/s/versions", first);
  await assert.rejects(
    ask("POST", "/subjects/s/versions", narrower),
    refused(409, /\/g: was not written and has no default/),
  );
  assert.deepEqual(await ask("POST", "/compatibility/subjects/s/versions/latest", narrower), { is_compatible: false });
  assert.deepEqual(await ask("PUT", "/config", { compatibility: "NONE" }), { compatibility: "NONE" });
  assert.deepEqual(await ask("POST", "/compatibility/subjects/s/versions/1", narrower), { is_compatible: true });
  await ask("PUT", "/config/s", { compatibility: "FULL" });
  assert.deepEqual(await ask("GET", "/config/s"), { compatibilityLevel: "FULL" });
  await assert.rejects(ask("POST", "/subjects/s/versions", narrower), refused(409, /version 1/));
  assert.deepEqual(await ask("GET", "/subjects/s/versions"), [1]);
});

const text = { type: "object", properties: { a: { type: "string" } } };
const needed = { type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, required: ["b"] };
const levels: readonly (readonly [level: string, before: readonly object[], next: object, isRefused: boolean])[] = [
  ["BACKWARD", [text], needed, true],
  ["BACKWARD", [needed], text, false],
  ["FORWARD", [text], needed, false],
  ["FORWARD", [needed], text, true],
  ["FULL", [needed], text, true],
  ["BACKWARD", [text, needed], needed, false],
  ["BACKWARD_TRANSITIVE", [text, needed], { ...needed, title: "again" }, true],
  ["NONE", [text], needed, false],
];
for (const [level, before, next, isRefused] of levels) {
  test(`${level} ${isRefused ? "refuses" : "takes"} ${JSON.stringify(next)} after ${before.length} versions`, async () => {
    await ask("PUT", "/config/s", { compatibility: "NONE" });
    for (const schema of before) await ask("POST", "/subjects/s/versions", json(schema));
    await ask("PUT", "/config/s", { compatibility: level });
    const sent = ask("POST", "/subjects/s/versions", json(next));
    if (isRefused) await assert.rejects(sent, refused(409, /is required/));
    else await sent;
  });
}

test("a subject cannot change from one type to another", async () => {
  await ask("POST", "/subjects/s/versions", first);
  await assert.rejects(
    ask("POST", "/subjects/s/versions", json(text)),
    refused(409, /version 1 is AVRO, this is JSON/),
  );
});

const refusals: readonly (readonly [
  name: string,
  method: string,
  path: string,
  body: unknown,
  code: number,
  message: RegExp,
])[] = [
  ["an unknown subject", "GET", "/subjects/none/versions", null, 40401, /Subject 'none' not found/],
  ["an unknown subject's schema", "POST", "/subjects/none", first, 40401, /Subject 'none' not found/],
  ["an unknown version", "GET", "/subjects/known/versions/7", null, 40402, /Version 7 not found/],
  ["a version that is no number", "GET", "/subjects/known/versions/first", null, 42202, /not a valid version/],
  ["an unknown schema of a subject", "POST", "/subjects/known", wider, 40403, /Schema not found/],
  ["an unknown id", "GET", "/schemas/ids/99", null, 40403, /Schema 99 not found/],
  ["a subject without a level of its own", "GET", "/config/known", null, 40408, /does not have subject-level/],
  ["a level that is none", "PUT", "/config", { compatibility: "SOMEWHAT" }, 42203, /Invalid compatibility level/],
  ["a body without schema", "POST", "/subjects/known/versions", {}, 42201, /holds no schema/],
  ["a schema that is not JSON", "POST", "/subjects/known/versions", { schema: "{" }, 42201, /not JSON/],
  ["an invalid Avro schema", "POST", "/subjects/known/versions", { schema: '"strin"' }, 42201, /strin is not known/],
  ["an invalid JSON Schema", "POST", "/subjects/known/versions", json({ type: "strin" }), 42201, /invalid JSON schema/],
  [
    "a JSON Schema that is a list",
    "POST",
    "/subjects/known/versions",
    { schemaType: "JSON", schema: "[]" },
    42201,
    /is an object/,
  ],
  [
    "a type that is not supported",
    "POST",
    "/subjects/known/versions",
    { schemaType: "PROTOBUF", schema: "" },
    42201,
    /PROTOBUF are not supported/,
  ],
  [
    "references",
    "POST",
    "/subjects/known/versions",
    { ...first, references: [{}] },
    42201,
    /references are not supported/,
  ],
  ["a route that is not there", "GET", "/mode", null, 404, /GET \/mode/],
];
for (const [name, method, path, body, code, message] of refusals) {
  test(`refused with ${code}: ${name}`, async () => {
    await ask("POST", "/subjects/known/versions", first);
    await assert.rejects(ask(method, path, body), refused(code, message));
  });
}

test("a subject may hold characters that a path escapes", async () => {
  await ask("POST", `/subjects/${encodeURIComponent("a/b c")}/versions`, first);
  assert.deepEqual(await ask("GET", "/subjects"), ["a/b c"]);
});

test("a store read back from the records answers as the one that wrote them, and passes foreign records over", async () => {
  await ask("POST", "/subjects/s/versions", first);
  await ask("POST", "/subjects/s/versions", wider);
  await ask("PUT", "/config/s", { compatibility: "NONE" });
  const store = new SchemaStore();
  store.apply({ keytype: "NOOP", magic: 0 }, null);
  for (const [key, value] of topic.records) store.apply(key, JSON.parse(JSON.stringify(value)));
  assert.deepEqual(store.versions("s"), topic.store().versions("s"));
  assert.deepEqual([store.nextId, store.nextVersion("s"), store.level("s")], [3, 3, "NONE"]);
  store.apply({ keytype: "CONFIG", subject: "s", magic: 0 }, null);
  assert.equal(store.level("s"), undefined);
});
