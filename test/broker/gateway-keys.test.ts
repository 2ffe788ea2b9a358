/**
 * Keys of the gateway on a real broker: made, rotated and revoked by the
 * command line, followed by two tables as two gateways hold them. And how far
 * the groups of the stages are, as the gateway asks.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { ensureFirstKey } from "../../services/cli/keys/first-key.ts";
import { exitCodes } from "../../services/cli/exit-codes.ts";
import { openClientKeys, type ClientKeys } from "../../services/gateway/clients/authenticate.ts";
import { openGroupProgress } from "../../services/runtime/consumer/progress/group-progress.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader, type LogReader } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import { run } from "../cli/command.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { silentLogger } from "../support/silent-logger.ts";

let broker: TestBroker;
let reader: LogReader;
let producer: RecordProducer;
let gateways: readonly ClientKeys[];

before(async () => {
  broker = await startTestBroker();
  const kafka = createKafka(broker.settings, "keys-test", silentLogger);
  await createTopics({ kafka, partitions: 2, replicationFactor: 1 });
  reader = await openLogReader(broker.settings, "keys-test", silentLogger);
  producer = await openProducer({ kafka, source: "breakwater/cli" });
  gateways = [await openKeys(), await openKeys()];
});
after(async () => {
  for (const keys of gateways) await keys.close();
  await producer.close();
  await reader.close();
  await broker.stop();
});

const openKeys = (): Promise<ClientKeys> => openClientKeys({ reader, logger: silentLogger });

const shown = z.object({ key: z.string(), key_id: z.string(), client_id: z.string() });

async function say(words: readonly string[], code = 0): Promise<{ readonly out: string; readonly error: string }> {
  const { code: ended, stdout, stderr } = await run("/nowhere", ["keys", ...words], { KAFKA_BROKERS: broker.brokers });
  assert.equal(ended, code, stderr);
  return { out: stdout, error: stderr };
}

async function told(words: readonly string[]): Promise<unknown> {
  return JSON.parse((await say([...words, "--json"])).out);
}

/** Whose key it is, at each gateway. */
function holders(key: string): readonly (string | null)[] {
  return gateways.map(({ clientOf }) => clientOf({ authorization: `Bearer ${key}` })?.clientId ?? null);
}

/** Resolves when it is the same at both. */
async function until(key: string, wanted: string | null): Promise<void> {
  while (holders(key).some((holder) => holder !== wanted)) await sleep(20);
}

describe("keys", () => {
  let key = "";
  let keyId = "";

  test("the first start makes one key that opens everything, once", async () => {
    const publish = (emissions: readonly Emission[]) => producer.publish(emissions);
    const topic = { reader, producer: () => Promise.resolve({ publish }) };
    const first = await ensureFirstKey(topic);
    assert.equal(await ensureFirstKey(topic), null);
    await until(first?.key ?? "", "operator");
  });

  test("a key that is made opens both gateways with its scopes and limits, and is shown once", async () => {
    const words = ["create", "--client", "acme", "--harness", "summarise", "chat", "--requests-per-minute", "60"];
    const { out, error } = await say(words);
    key = out.trim();
    keyId = key.slice(3, 19);
    assert.match(key, /^bw_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    assert.match(error, new RegExp(`key ${keyId} of acme\\. It is shown this once`));
    await until(key, "acme");
    const client = gateways[0]?.clientOf({ "x-api-key": key });
    assert.deepEqual(client?.scopes, { harnesses: ["summarise", "chat"], admin: false, review: false });
    assert.equal(client?.limits.requestsPerMinute, 60);
    const listed = JSON.stringify(await told(["list"])) + (await say(["list"])).out;
    assert.ok(listed.includes(keyId) && !listed.includes(key.slice(20)) && !listed.includes("sha256"));
  });

  test("a rotated key and the new one are good side by side for the grace; without one the old is out at once", async () => {
    const next = shown.parse(await told(["rotate", keyId, "--grace", "1h"]));
    assert.equal(next.client_id, "acme");
    await until(next.key, "acme");
    assert.deepEqual(holders(key), ["acme", "acme"]);
    const last = shown.parse(await told(["rotate", next.key_id, "--grace", "0"]));
    await until(last.key, "acme");
    await until(next.key, null);
    assert.deepEqual(holders(key), ["acme", "acme"], "the first is still in its grace");
    key = last.key;
    keyId = last.key_id;
  });

  test("a revoked key is out at both gateways, and at one that starts later; it cannot be rotated", async () => {
    assert.match((await say(["revoke", keyId])).out, /of acme is revoked/);
    await until(key, null);
    const later = await openKeys();
    assert.equal(later.clientOf({ authorization: `Bearer ${key}` }), null);
    await later.close();
    assert.match((await say(["revoke", keyId])).out, /was revoked already/);
    assert.match((await say(["rotate", keyId], exitCodes.notOk)).error, /not in force any more/);
  });

  test("a key in place of its id is not repeated on the screen", async () => {
    const { error } = await say(["revoke", key], exitCodes.notOk);
    assert.match(error, /There is no key with this id/);
    assert.ok(!error.includes(key));
  });
});

test("a group's progress is what is committed and what waits; a group that never was has all before it", async () => {
  const kafka = createKafka(broker.settings, "progress-test", silentLogger);
  const topic = "harness-requests";
  const records = Array.from({ length: 20 }, (_, at) => ({
    topic,
    partition: at % 2,
    key: null,
    value: Buffer.from("{}"),
    headers: {},
  }));
  await producer.send(records);
  const admin = kafka.admin();
  await admin.connect();
  await admin.setOffsets({ groupId: "some", topic, partitions: [{ partition: 0, offset: "4" }] });
  await admin.disconnect();
  const progress = openGroupProgress(kafka, reader, [
    { groupId: "some", topic },
    { groupId: "nobody", topic },
  ]);
  const nextAt = (...offsets: readonly bigint[]) => offsets.map((offset, partition) => ({ topic, partition, offset }));
  for (let asked = 0; asked < 2; asked++)
    assert.deepEqual(await progress.read(), [
      { done: 4, waiting: 16, next: nextAt(4n, 0n) },
      { done: 0, waiting: 20, next: nextAt(0n, 0n) },
    ]);
  await progress.close();
});
