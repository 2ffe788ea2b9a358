/** The producer on a real broker: offsets, sizes, concurrency, and a broker that goes away in the middle. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka } from "kafkajs";
import { ConfigError, PoisonRecordError, TransientError } from "../../services/runtime/errors.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader, type LogReader, type LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { partitionOf } from "../../services/runtime/kafka/murmur2.ts";
import { openProducer, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import type { LaneTransport } from "../../services/runtime/kafka/send/batch-sender.ts";
import { openLaneTransport } from "../../services/runtime/kafka/send/lane-transport.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import type { TopicName } from "../../topics/catalog.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { silentLogger } from "../support/silent-logger.ts";

const partitions = 6;
let broker: TestBroker;
let kafka: Kafka;
let producer: RecordProducer;
let reader: LogReader;

before(async () => {
  broker = await startTestBroker();
  kafka = createKafka(broker.settings, "producer-test", silentLogger);
  await createTopics({ kafka, partitions, replicationFactor: 1 });
  producer = await openProducer({ kafka, source: "breakwater/test" });
  reader = await openLogReader(broker.settings, "reader", silentLogger);
});
after(async () => {
  await producer.close();
  await reader.close();
  await broker.stop();
});

const emission = (topic: TopicName, key: string, value: unknown = {}): Emission => ({
  topic,
  key,
  id: `${key}/1`,
  type: "t",
  value,
});

async function readAll(topic: string): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  const logs = await reader.offsets(topic);
  const ranges = [...logs].map(([partition, { low, high }]) => ({ partition, from: low, to: high }));
  await reader.read({ topic, ranges, onRecord: (record) => void records.push(record) });
  return records;
}

test("every ack is the place where the record is found, whatever went out at the same time", async () => {
  const calls = Array.from({ length: 300 }, (_, at) =>
    producer.publish([
      emission("harness-scanned", `run-${at}`, { at }),
      emission("harness-audit", `run-${at}`, { at }),
    ]),
  );
  const acks = (await Promise.all(calls)).flat();
  const scanned = await readAll("harness-scanned");
  const audit = await readAll("harness-audit");
  assert.equal(scanned.length, 300);
  assert.equal(audit.length, 300);
  const found = new Map(
    [...scanned, ...audit].map((record) => [`${record.topic}/${record.partition}/${record.offset}`, record]),
  );
  acks.forEach(({ topic, partition, offset }, index) => {
    const key = `run-${Math.floor(index / 2)}`;
    assert.equal(found.get(`${topic}/${partition}/${offset}`)?.key?.toString(), key);
    assert.equal(partition, partitionOf(key, partitions));
  });
});

test("records arrive byte for byte, with their headers and the broker's time", async () => {
  const value = Buffer.from([0, 0xff, 1, 0xfe]);
  const startedMs = Date.now();
  await producer.send([
    {
      topic: "harness-requests-dlq",
      partition: 2,
      key: Buffer.from([7, 8]),
      value,
      headers: { "__dlq.errors.topic": "harness-requests", umlaut: "ä😀" },
    },
    { topic: "harness-requests-dlq", partition: 2, key: null, value, headers: {} },
  ]);
  const [first, second] = await readAll("harness-requests-dlq");
  assert.deepEqual(first?.key, Buffer.from([7, 8]));
  assert.deepEqual(first?.value, value);
  assert.deepEqual(first?.headers, { "__dlq.errors.topic": "harness-requests", umlaut: "ä😀" });
  assert.ok(Math.abs((first?.timestampMs ?? 0) - startedMs) < 60_000);
  assert.equal(second?.key, null);
});

test("a record of nearly 8 MiB is carried, with small ones around it; a larger one is refused", async () => {
  const big = "x".repeat(8 * 1024 * 1024 - 2000);
  const sent = ["small", "big", "small too"].map((key) =>
    producer.publish([emission("harness-results", key, key === "big" ? big : key)]),
  );
  await Promise.all(sent);
  const values = new Map(
    (await readAll("harness-results")).map((record) => [record.key?.toString(), record.value?.length]),
  );
  assert.equal(values.get("big"), big.length + 2);
  assert.equal(values.size, 3);
  await assert.rejects(
    producer.publish([emission("harness-results", "too big", `${big}${"x".repeat(4000)}`)]),
    PoisonRecordError,
  );
});

test("a topic that takes less than agreed: the record at fault is poison, its neighbours are written", async () => {
  const admin = kafka.admin();
  await admin.connect();
  const topic = "narrow";
  await admin.createTopics({
    topics: [{ topic, numPartitions: 1, configEntries: [{ name: "max.message.bytes", value: "2000" }] }],
    waitForLeaders: true,
  });
  await admin.disconnect();
  const record = (key: string, bytes: number) => ({
    topic,
    partition: 0,
    key,
    value: Buffer.alloc(bytes),
    headers: {},
  });
  const outcomes = await Promise.allSettled([
    producer.send([record("a", 900)]),
    producer.send([record("huge", 5000)]),
    producer.send([record("b", 900)]),
    producer.send([record("c", 900)]),
  ]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "fulfilled"],
  );
  const [, refused] = outcomes;
  assert.ok(
    refused?.status === "rejected" &&
      refused.reason instanceof PoisonRecordError &&
      refused.reason.code === "too_large",
  );
  assert.deepEqual(
    (await readAll(topic)).map(({ key }) => key?.toString()),
    ["a", "b", "c"],
  );
});

test("a partition that is missing in an answer is sent again: nothing is lost, and the ack is the real offset", async () => {
  const real = openLaneTransport(kafka);
  let withheld = 0;
  const forgetful: LaneTransport = {
    send: async (lanes) => {
      if (withheld > 0) return real.send(lanes);
      withheld += 1;
      const kept = await real.send(lanes.slice(1));
      return [{ kind: "unconfirmed", cause: "not in the answer" }, ...kept];
    },
    reset: () => real.reset(),
    close: () => real.close(),
  };
  const careful = await openProducer({ kafka, source: "breakwater/test", transport: forgetful });
  const before = (await readAll("harness-settled")).length;
  const keys = Array.from({ length: 30 }, (_, at) => `settled-${at}`);
  const acks = await careful.publish(keys.map((key) => emission("harness-settled", key)));
  await careful.close();
  const records = await readAll("harness-settled");
  assert.equal(withheld, 1);
  assert.equal(records.length - before, 30);
  const places = new Map(records.map(({ partition, offset, key }) => [`${partition}/${offset}`, key?.toString()]));
  assert.deepEqual(
    acks.map(({ partition, offset }) => places.get(`${partition}/${offset}`)),
    keys,
  );
});

test("a topic that does not exist is transient: it may be created", async () => {
  const impatient = await openProducer({ kafka, source: "breakwater/test", retryForMs: 300 });
  const lost = impatient.send([{ topic: "not-there", partition: 0, key: "a", value: null, headers: {} }]);
  await assert.rejects(lost, (error) => error instanceof TransientError && error.code === "broker_unavailable");
  await impatient.close();
});

test("topics that exist are left alone, other partition counts are refused by name", async () => {
  const again = await createTopics({ kafka, partitions, replicationFactor: 1 });
  assert.deepEqual(again.created, []);
  assert.ok(again.existing.includes("harness-requests") && again.existing.includes("harness-requests-dlq"));
  const wrong = createTopics({ kafka, partitions: 24, replicationFactor: 1 });
  await assert.rejects(
    wrong,
    (error) => error instanceof ConfigError && /harness-requests has 6 partitions, wanted 24/.test(error.message),
  );
});

for (const [name, restart] of [
  ["restarted", () => broker.restart()],
  ["killed and started again", async () => (await broker.kill(), await broker.restart())],
] as const) {
  test(`the broker is ${name} in the middle of publishing: nothing that was acknowledged is lost`, async () => {
    const prefix = `during-${name}-`;
    const acked = new Map<string, string>();
    let stop = false;
    const publisher = async (lane: number) => {
      for (let at = 0; !stop; at += 1) {
        const key = `${prefix}${lane}-${at}`;
        const [ack] = await producer.publish([emission("harness-retries", key)]);
        acked.set(key, `${ack?.partition}/${ack?.offset}`);
      }
    };
    const publishers = Array.from({ length: 20 }, (_, lane) => publisher(lane));
    await waitUntil(() => acked.size > 200);
    await restart();
    const before = acked.size;
    await waitUntil(() => acked.size > before + 200);
    stop = true;
    await Promise.all(publishers);
    const places = new Map(
      (await readAll("harness-retries")).map(({ partition, offset, key }) => [
        `${partition}/${offset}`,
        key?.toString(),
      ]),
    );
    const wrong = [...acked].filter(([key, place]) => places.get(place) !== key);
    assert.deepEqual(wrong, [], `${wrong.length} of ${acked.size} acknowledged records are not where the ack said`);
  });
}

async function waitUntil(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!isSo()) {
    assert.ok(Date.now() < deadline, "waited two minutes in vain");
    await sleep(20);
  }
}
