/** Control topics on a real broker: read whole, followed, a bad record, a tombstone, catching up. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { openControlTable } from "../../services/runtime/control-table.ts";
import { openDefinitions } from "../../services/runtime/definitions.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader, type LogReader } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { sampleHarness } from "../support/sample-definition.ts";
import { silentLogger } from "../support/silent-logger.ts";

let broker: TestBroker;
let producer: RecordProducer;
let reader: LogReader;

before(async () => {
  broker = await startTestBroker();
  const kafka = createKafka(broker.settings, "control-test", silentLogger);
  await createTopics({ kafka, partitions: 2, replicationFactor: 1 });
  producer = await openProducer({ kafka, source: "breakwater/cli" });
  reader = await openLogReader(broker.settings, "control-test", silentLogger);
});
after(async () => {
  await reader.close();
  await producer.close();
  await broker.stop();
});

async function put(topic: string, key: string, value: unknown): Promise<void> {
  const bytes = value === null ? null : Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  await producer.send([{ topic, partition: 0, key, value: bytes, headers: {} }]);
}

test("a table holds what was there, survives a bad record, forgets on a tombstone and catches up", async () => {
  const topic = "harness-signatures";
  for (let at = 0; at < 1000; at += 1) await put(topic, `pack-${at % 10}`, { at });
  const errors: object[] = [];
  const logger = { ...silentLogger, error: (fields: object) => void errors.push(fields) };
  const parse = (value: unknown) => z.object({ at: z.int() }).parse(value).at;
  const table = await openControlTable({ reader, topic, parse, logger });
  assert.deepEqual(
    [...table.entries()].toSorted(([a], [b]) => a.localeCompare(b)),
    Array.from({ length: 10 }, (_, at) => [`pack-${at}`, 990 + at]),
  );

  await put(topic, "pack-1", "{this is not JSON");
  await put(topic, "pack-2", null);
  await put(topic, "pack-3", { at: 5 });
  await table.catchUp();
  assert.equal(table.get("pack-1"), 991);
  assert.equal(table.get("pack-2"), undefined);
  assert.equal(table.get("pack-3"), 5);
  assert.equal(errors.length, 1);
  await table.close();

  const anew = await openControlTable({ reader, topic, parse, logger: silentLogger });
  assert.equal(anew.get("pack-2"), undefined);
  assert.equal(anew.entries().size, 9);
  await anew.close();
});

test("a definition is current right after it was published, once one has caught up", async () => {
  const definitions = await openDefinitions(reader, silentLogger);
  for (const description of ["first", "second", "third"]) {
    const definition = described(description);
    const version = definitionVersion(definition);
    await put("harness-definitions", `echo@${version}`, { kind: "definition", version, definition });
    await put("harness-definitions", "echo", { kind: "current", name: "echo", version });
    await definitions.catchUp();
    assert.equal(definitions.current("echo")?.definition.description, description);
  }
  await definitions.close();
});

test("a table goes on after its broker was away", async () => {
  const definitions = await openDefinitions(reader, silentLogger);
  await broker.kill();
  await broker.restart();
  const definition = described("after the crash");
  const version = definitionVersion(definition);
  await put("harness-definitions", `echo@${version}`, { kind: "definition", version, definition });
  await definitions.catchUp();
  assert.equal(definitions.get("echo", version)?.description, "after the crash");
  assert.equal(definitions.current("echo")?.definition.description, "third");
  await definitions.close();
});

function described(description: string): HarnessDefinition {
  return sampleHarness({
    name: "echo",
    description,
    knobs: { output: { repair: false, reask: true, escalate: false } },
  });
}
