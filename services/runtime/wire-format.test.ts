import assert from "node:assert/strict";
import http from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import { readFile } from "node:fs/promises";
import { TransientError } from "./errors.ts";
import { openWireFormat, type Decoded } from "./wire-format.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const avsc = await readFile(new URL("../../schemas/registry/harness-requests.avsc", import.meta.url), "utf8");
const jsonSchema = await readFile(new URL("../../schemas/registry/harness-requests.json", import.meta.url), "utf8");
const withFormats = JSON.stringify({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  properties: { day: { type: "string", format: "date" } },
});
const known: Readonly<Record<string, Answer>> = {
  "/schemas/ids/1": { status: 200, body: { schema: avsc } },
  "/schemas/ids/2": { status: 200, body: { schemaType: "JSON", schema: jsonSchema } },
  "/schemas/ids/3": { status: 200, body: { schemaType: "JSON", schema: withFormats } },
  "/schemas/ids/4": { status: 200, body: { schemaType: "JSON", schema: '{"type": "strin"}' } },
  "/schemas/ids/5": { status: 404, body: { error_code: 40403, message: "Schema 5 not found" } },
  "/schemas/ids/6": { status: 500, body: { error_code: 50001, message: "store" } },
  "/schemas/ids/7": { status: 401, body: { error_code: 401, message: "who are you" } },
  "/schemas/ids/8": { status: 404, body: "<html>no such page</html>" },
};

let asked: { readonly path: string; readonly authorization: string | undefined }[] = [];
const server = http.createServer((request, response) => {
  const path = request.url ?? "";
  asked.push({ path, authorization: request.headers.authorization });
  const { status, body } = known[path] ?? { status: 404, body: {} };
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
});
let url = "";

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});
after(() => void server.close());
beforeEach(() => {
  asked = [];
});

function wire(id: number, payload: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(id, 1);
  return Buffer.concat([prefix, payload]);
}

const request = { harness: "summarise", client_id: "acme", input: { text: "A text." } };
const jsonPayload = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const withoutRegistry: readonly (readonly [name: string, value: Buffer, decoded: Decoded])[] = [
  ["an object", jsonPayload(request), { kind: "value", value: request }],
  ["a number is JSON too", Buffer.from(" 17 "), { kind: "value", value: 17 }],
  ["no bytes", Buffer.alloc(0), { kind: "poison", code: "not_json", message: "the value is not JSON" }],
  [
    "half an object",
    Buffer.from('{"secret": "1'),
    { kind: "poison", code: "not_json", message: "the value is not JSON" },
  ],
  [
    "text in Latin-1",
    Buffer.from([0x22, 0xe9, 0x22]),
    { kind: "poison", code: "not_json", message: "the value is not text in UTF-8" },
  ],
  [
    "a byte order mark",
    Buffer.from("\uFEFF{}"),
    { kind: "poison", code: "not_json", message: "the value is not JSON" },
  ],
  [
    "a zero byte and too little behind it",
    Buffer.from([0, 0, 0, 0, 1]),
    { kind: "poison", code: "not_json", message: "the value is not JSON" },
  ],
  [
    "the wire format without a registry",
    wire(1, Buffer.from("x")),
    {
      kind: "poison",
      code: "schema_unknown",
      message: "the value is in the Confluent wire format, but SCHEMA_REGISTRY_URL is not set",
    },
  ],
];
for (const [name, value, decoded] of withoutRegistry) {
  test(`without a registry: ${name}`, async () => assert.deepEqual(await openWireFormat({}).decode(value), decoded));
}

test("plain JSON asks no registry, whether one is set or not", async () => {
  assert.deepEqual(await openWireFormat({ SCHEMA_REGISTRY_URL: url }).decode(jsonPayload(request)), {
    kind: "value",
    value: request,
  });
  assert.deepEqual(asked, []);
});

test("an Avro request becomes the JSON request: plain objects, fields that are null left out", async () => {
  const registry = new SchemaRegistry({ host: url });
  const value = await registry.encode(1, { ...request, run_id: null, feature: "digest" });
  assert.equal(value[0], 0);
  const decoded = await openWireFormat({ SCHEMA_REGISTRY_URL: `${url}/` }).decode(value);
  assert.deepStrictEqual(decoded, { kind: "value", value: { ...request, feature: "digest" } });
});

test("a JSON Schema request is checked against the schema it names", async () => {
  const format = openWireFormat({ SCHEMA_REGISTRY_URL: url });
  assert.deepEqual(await format.decode(wire(2, jsonPayload(request))), { kind: "value", value: request });
  assert.deepEqual(await format.decode(wire(2, jsonPayload({ ...request, client_id: 17 }))), {
    kind: "poison",
    code: "schema_mismatch",
    message: "the value does not keep to schema 2, at /client_id",
  });
});

test("a schema is asked for once, however many records wait for it", async () => {
  const format = openWireFormat({ SCHEMA_REGISTRY_URL: url });
  await Promise.all(Array.from({ length: 50 }, () => format.decode(wire(2, jsonPayload(request)))));
  await format.decode(wire(2, jsonPayload(request)));
  assert.ok(asked.length <= 2, `${asked.length} requests`);
});

const poisoned: readonly (readonly [name: string, value: Buffer, code: string, message: RegExp])[] = [
  ["a format that is broken", wire(3, jsonPayload({ day: "Monday" })), "schema_mismatch", /schema 3, at \/day/],
  [
    "a payload that is no JSON",
    wire(2, Buffer.from("{secret")),
    "schema_mismatch",
    /^the value does not keep to schema 2$/,
  ],
  ["a payload that ends too early", wire(1, Buffer.from([0x02])), "schema_mismatch", /schema 1$/],
  ["a schema that is no schema", wire(4, jsonPayload({})), "schema_unknown", /schema 4 cannot be used/],
  ["an id that the registry does not know", wire(5, jsonPayload({})), "schema_unknown", /knows no schema 5/],
];
for (const [name, value, code, message] of poisoned) {
  test(`poison: ${name}`, async () => {
    const decoded = await openWireFormat({ SCHEMA_REGISTRY_URL: url }).decode(value);
    assert.equal(decoded.kind, "poison");
    assert.equal(decoded.code, code);
    assert.match(decoded.message, message);
  });
}

test("a value of a later draft with a format is read", async () => {
  const value = { day: "2026-03-04" };
  assert.deepEqual(await openWireFormat({ SCHEMA_REGISTRY_URL: url }).decode(wire(3, jsonPayload(value))), {
    kind: "value",
    value,
  });
});

const outages: readonly (readonly [name: string, id: number, message: RegExp])[] = [
  ["an error of the registry's own", 6, /answers 500 for schema 6/],
  ["a refused password", 7, /answers 401 for schema 7/],
  ["a 404 that is not the registry's: a proxy, or a wrong address", 8, /answers 404 for schema 8/],
];
for (const [name, id, message] of outages) {
  test(`an outage, which pauses and dead-letters nothing: ${name}`, async () => {
    const decoding = openWireFormat({ SCHEMA_REGISTRY_URL: url }).decode(wire(id, jsonPayload({})));
    await assert.rejects(
      decoding,
      (error) =>
        error instanceof TransientError && error.code === "registry_unavailable" && message.test(error.message),
    );
  });
}

test("a registry that does not answer is an outage, and the schema is asked for again afterwards", async () => {
  const format = openWireFormat({ SCHEMA_REGISTRY_URL: "http://127.0.0.1:9" });
  for (let time = 0; time < 2; time += 1) {
    await assert.rejects(format.decode(wire(2, jsonPayload(request))), /at http:\/\/127.0.0.1:9 does not answer/);
  }
});

test("user and password go along with every request", async () => {
  const config = { SCHEMA_REGISTRY_URL: url, SCHEMA_REGISTRY_USER: "reader", SCHEMA_REGISTRY_PASSWORD: "pass" };
  await openWireFormat(config).decode(wire(2, jsonPayload(request)));
  const basic = `Basic ${Buffer.from("reader:pass").toString("base64")}`;
  assert.deepEqual(new Set(asked.map(({ authorization }) => authorization)), new Set([basic]));
});
