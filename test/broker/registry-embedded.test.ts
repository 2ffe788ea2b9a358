/**
 * The embedded registry on a real broker: what the Kafka world's own client
 * registers, encodes and decodes through it, what survives a restart, and how
 * our wire format reads what it wrote.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { COMPATIBILITY, SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import { startRegistry, type EmbeddedRegistry } from "../../infra/embedded/registry/start-registry.ts";
import { TransientError } from "../../services/runtime/errors.ts";
import { avroRequestSubject, registerSchemas } from "../../services/runtime/registry/register-schemas.ts";
import { openWireFormat } from "../../services/runtime/wire-format.ts";
import { catalog } from "../../topics/catalog.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";

let broker: TestBroker;
let registry: EmbeddedRegistry;

before(async () => {
  broker = await startTestBroker();
  registry = await startRegistry({ brokers: broker.brokers });
});
after(async () => {
  await registry.stop();
  await broker.stop();
});

function client(): SchemaRegistry {
  return new SchemaRegistry({ host: registry.url, retry: { retries: 0 } });
}

const avro = {
  type: "record" as const,
  name: "Order",
  namespace: "shop",
  fields: [
    { name: "id", type: "string" },
    { name: "note", type: ["null", "string"], default: null },
  ],
};
const json = {
  type: SchemaType.JSON as const,
  schema: JSON.stringify({ type: "object", properties: { id: { type: "string" } }, required: ["id"] }),
};

test("the client registers an Avro schema, finds its id, and reads what it wrote", async () => {
  const writer = client();
  const { id } = await writer.register(avro);
  assert.equal(await writer.getRegistryIdBySchema("shop.Order", avro), id);
  assert.equal(await writer.getLatestSchemaId("shop.Order"), id);
  assert.equal(await writer.getRegistryId("shop.Order", 1), id);
  const bytes = await writer.encode(id, { id: "o-1", note: null });
  assert.deepEqual({ ...(await client().decode(bytes)) }, { id: "o-1", note: null });
  const ours = await openWireFormat({ SCHEMA_REGISTRY_URL: registry.url }).decode(bytes);
  assert.deepEqual(ours, { kind: "value", value: { id: "o-1" } });
});

test("the client registers a JSON schema, and a value that breaks it is refused on both sides", async () => {
  const writer = client();
  const { id } = await writer.register(json, { subject: "orders-value", compatibility: COMPATIBILITY.NONE });
  const bytes = await writer.encode(id, { id: "o-1" });
  assert.deepEqual(await client().decode(bytes), { id: "o-1" });
  await assert.rejects(writer.encode(id, { id: 7 }));
  const broken = Buffer.concat([bytes.subarray(0, 5), Buffer.from('{"id":7}')]);
  const ours = await openWireFormat({ SCHEMA_REGISTRY_URL: registry.url }).decode(broken);
  assert.equal(ours.kind === "poison" && ours.code, "schema_mismatch");
});

test("an unknown id is poison; a registry that is away is an outage, over when it is back", async () => {
  const format = openWireFormat({ SCHEMA_REGISTRY_URL: registry.url });
  const unknown = await format.decode(Buffer.from([0, 0, 1, 0, 0, 7]));
  const message = "the schema registry knows no schema 65536";
  assert.deepEqual(unknown, { kind: "poison", code: "schema_unknown", message });
  const writer = client();
  const bytes = await writer.encode(await writer.getLatestSchemaId("shop.Order"), { id: "o-2", note: "late" });
  const port = Number(new URL(registry.url).port);
  await registry.stop();
  await assert.rejects(format.decode(bytes), (error) => error instanceof TransientError);
  registry = await startRegistry({ brokers: broker.brokers, port });
  assert.deepEqual(await format.decode(bytes), { kind: "value", value: { id: "o-2", note: "late" } });
});

test("the deploy registers every topic's schema and the Avro request, and doing it again changes nothing", async () => {
  const config = { SCHEMA_REGISTRY_URL: registry.url };
  const subjects = await registerSchemas(config);
  assert.deepEqual(subjects, [...catalog.map(({ name }) => `${name}-value`), avroRequestSubject]);
  const idsOf = (names: readonly string[]) => Promise.all(names.map((subject) => client().getLatestSchemaId(subject)));
  const ids = await idsOf(subjects);
  await registerSchemas(config);
  assert.deepEqual(await idsOf(subjects), ids);
  const versions: unknown = await (await fetch(`${registry.url}/subjects/harness-calls-value/versions`)).json();
  assert.deepEqual(versions, [1]);
});

test("a request in Avro under the deployed schema is read as the JSON request it stands for", async () => {
  const writer = client();
  const id = await writer.getLatestSchemaId(avroRequestSubject);
  const example = JSON.parse(
    await readFile(new URL("../../topics/examples/harness-requests/with-run-id.json", import.meta.url), "utf8"),
  );
  const bytes = await writer.encode(id, { subject_id: null, harness_version: null, ...example });
  const ours = await openWireFormat({ SCHEMA_REGISTRY_URL: registry.url }).decode(bytes);
  assert.deepEqual(ours, { kind: "value", value: example });
});

test("schemas registered at the same time have ids of their own, and all are there after a restart with the same ids", async () => {
  const writers = Array.from({ length: 12 }, (_, index) => ({ ...avro, name: `Order${index}` }));
  const registered = await Promise.all(writers.map((schema) => client().register(schema)));
  const ids = registered.map(({ id }) => id);
  assert.equal(new Set(ids).size, writers.length);
  const subjects: unknown = await (await fetch(`${registry.url}/subjects`)).json();
  const port = Number(new URL(registry.url).port);
  await registry.stop();
  await broker.kill();
  await broker.restart();
  registry = await startRegistry({ brokers: broker.brokers, port });
  assert.deepEqual(await (await fetch(`${registry.url}/subjects`)).json(), subjects);
  const found = await Promise.all(
    writers.map((schema) => client().getRegistryIdBySchema(`shop.${schema.name}`, schema)),
  );
  assert.deepEqual(found, ids);
  const { id } = await client().register({ ...avro, name: "OrderAfter" });
  assert.equal(ids.includes(id), false);
});

test("the compatibility that was set for a subject outlives a restart, and an incompatible schema is refused", async () => {
  const subject = "shop.Order";
  await registry.stop();
  registry = await startRegistry({ brokers: broker.brokers });
  const wider = { ...avro, fields: [...avro.fields, { name: "amount", type: "int" }] };
  await assert.rejects(
    client().register(wider, { subject }),
    /incompatible.*\/amount: was not written and has no default/,
  );
  const level: unknown = await (await fetch(`${registry.url}/config/${subject}`)).json();
  assert.deepEqual(level, { compatibilityLevel: "BACKWARD" });
});
