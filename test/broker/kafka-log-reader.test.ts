/** Reading logs without a group on a real broker: ranges, gaps, transactions, following, and brokers that go away. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CompressionTypes, type Admin, type ITopicConfig, type Kafka } from "kafkajs";
import { TransientError } from "../../services/runtime/errors.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { openLogReader, type LogReader, type LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { silentLogger } from "../support/silent-logger.ts";

let broker: TestBroker;
let kafka: Kafka;
let admin: Admin;
let producer: RecordProducer;
let reader: LogReader;

before(async () => {
  broker = await startTestBroker();
  kafka = createKafka(broker.settings, "log-reader-test", silentLogger);
  admin = kafka.admin();
  await admin.connect();
  producer = await openProducer({ kafka, source: "breakwater/test" });
  reader = await openLogReader(broker.settings, "reader", silentLogger);
});
after(async () => {
  await reader.close();
  await producer.close();
  await admin.disconnect();
  await broker.stop();
});

async function createTopic(
  topic: string,
  settings: Readonly<Record<string, string>> = {},
  numPartitions = 1,
): Promise<string> {
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const config: ITopicConfig = { topic, numPartitions, replicationFactor: 1, configEntries };
  await admin.createTopics({ topics: [config], waitForLeaders: true });
  return topic;
}

const write = (topic: string, keys: readonly string[], partition = 0) =>
  producer.send(
    keys.map((key) => ({ topic, partition, key, value: Buffer.from(`value of ${key}`), headers: { h: key } })),
  );

async function read(topic: string, from: bigint, to: bigint, partition = 0): Promise<string[]> {
  const keys: string[] = [];
  await reader.read({
    topic,
    ranges: [{ partition, from, to }],
    onRecord: ({ key }) => void keys.push(key?.toString() ?? ""),
  });
  return keys;
}

async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < deadline, "waited two minutes in vain");
    await sleep(50);
  }
}

test("the offsets of an empty and of a filled log", async () => {
  const topic = await createTopic("ends", {}, 2);
  assert.deepEqual(
    await reader.offsets(topic),
    new Map([
      [0, { low: 0n, high: 0n }],
      [1, { low: 0n, high: 0n }],
    ]),
  );
  await write(topic, ["a", "b"], 1);
  assert.deepEqual((await reader.offsets(topic)).get(1), { low: 0n, high: 2n });
});

test("a topic that does not exist is transient, and the message says what to do", async () => {
  await assert.rejects(
    reader.offsets("not-there"),
    (error) => error instanceof TransientError && /no such topic.*topics:create/.test(error.message),
  );
});

test("ranges of several partitions are read, each in order, each from its first to before its last", async () => {
  const topic = await createTopic("ranges", {}, 3);
  const keys = Array.from({ length: 1000 }, (_, at) => String(at));
  for (const partition of [0, 1, 2]) await write(topic, keys, partition);
  const seen = new Map<number, bigint[]>([
    [0, []],
    [1, []],
    [2, []],
  ]);
  const onRecord = (record: LogRecord) => {
    assert.equal(record.topic, topic);
    assert.equal(record.value?.toString(), `value of ${record.offset}`);
    assert.deepEqual(record.headers, { h: String(record.offset) });
    seen.get(record.partition)?.push(record.offset);
  };
  await reader.read({
    topic,
    ranges: [
      { partition: 0, from: 990n, to: 1000n },
      { partition: 1, from: 3n, to: 4n },
      { partition: 2, from: 7n, to: 7n },
    ],
    onRecord,
  });
  assert.deepEqual(
    seen.get(0),
    Array.from({ length: 10 }, (_, at) => BigInt(990 + at)),
  );
  assert.deepEqual(seen.get(1), [3n]);
  assert.deepEqual(seen.get(2), []);
});

test("a range that goes on past the end of the log ends there", async () => {
  const topic = await createTopic("past-the-end");
  await write(topic, ["a", "b"]);
  assert.deepEqual(await read(topic, 1n, 1000n), ["b"]);
  assert.deepEqual(await read(topic, 500n, 1000n), []);
});

test("more than one answer's worth, with records larger than the limit of an answer", async () => {
  const topic = await createTopic("large", { "max.message.bytes": "8000000" });
  const value = Buffer.alloc(3_000_000, 1);
  const keys = ["1", "2", "3", "4", "5"];
  for (const key of keys) await producer.send([{ topic, partition: 0, key, value, headers: {} }]);
  await write(topic, ["6"]);
  assert.deepEqual(await read(topic, 0n, 6n), [...keys, "6"]);
});

test("what is shown is waited for, and an error of the caller ends the reading", async () => {
  const topic = await createTopic("callback");
  await write(topic, ["a", "b", "c"]);
  const order: string[] = [];
  const onRecord = async ({ key }: LogRecord) => {
    order.push(`begin ${key?.toString()}`);
    await sleep(1);
    order.push(`end ${key?.toString()}`);
    if (key?.toString() === "b") throw new Error("enough");
  };
  await assert.rejects(reader.read({ topic, ranges: [{ partition: 0, from: 0n, to: 3n }], onRecord }), /enough/);
  assert.deepEqual(order, ["begin a", "end a", "begin b", "end b"]);
});

test("compaction's gaps do not keep a range from ending, wherever it ends", async () => {
  const topic = await createTopic("compacted", {
    "cleanup.policy": "compact",
    "segment.ms": "200",
    "min.cleanable.dirty.ratio": "0.01",
    "delete.retention.ms": "100",
  });
  for (let round = 0; round < 5; round += 1)
    await write(
      topic,
      ["a", "b", "a", "b", "c"].map((key) => `${key}${round < 4 ? "" : "-last"}`),
    );
  const { high = 0n } = (await reader.offsets(topic)).get(0) ?? {};
  await eventually(async () => {
    await sleep(300);
    await write(topic, ["roll"]);
    return (await read(topic, 0n, high)).length < 10;
  });
  const left = await read(topic, 0n, high);
  for (let to = 0n; to <= high; to += 1n) {
    const part = await read(topic, 0n, to);
    assert.deepEqual(part, left.slice(0, part.length), `up to ${to}`);
  }
});

test("what retention took away is passed over", async () => {
  const topic = await createTopic("deleted");
  await write(topic, ["a", "b", "c", "d"]);
  // kafkajs looks for leaders only among the topics it was asked about before.
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "2" }] });
  assert.deepEqual(await read(topic, 0n, 4n), ["c", "d"]);
  assert.deepEqual(await read(topic, 0n, 2n), []);
});

test("of transactions that interleave only the committed records are seen, and markers are no records", async () => {
  const topic = await createTopic("transactions");
  const producers = await Promise.all(
    ["one", "two", "three"].map(async (transactionalId) => {
      const transactional = kafka.producer({
        transactionalId,
        idempotent: true,
        maxInFlightRequests: 1,
        createPartitioner: () => () => 0,
      });
      await transactional.connect();
      return transactional;
    }),
  );
  const [one, two, three] = await Promise.all(producers.map((each) => each.transaction()));
  assert.ok(one !== undefined && two !== undefined && three !== undefined);
  const send = (transaction: typeof one, key: string) =>
    transaction.send({ topic, messages: [{ key, value: key, partition: 0 }] });
  await send(one, "aborted-1");
  await send(two, "aborted-2");
  await send(three, "committed");
  await two.abort();
  await send(one, "aborted-3");
  assert.deepEqual((await reader.offsets(topic)).get(0)?.high, 0n, "an open transaction holds the end back");
  await one.abort();
  await three.commit();
  // Markers are written a little after the end of a transaction was confirmed: this record may come before the last.
  const [outside] = await write(topic, ["outside"]);
  await eventually(async () => ((await reader.offsets(topic)).get(0)?.high ?? 0n) >= 8n);
  assert.deepEqual(await read(topic, 0n, 8n), ["committed", "outside"]);
  assert.deepEqual(await read(topic, 0n, outside?.offset ?? 0n), ["committed"]);
  for (const each of producers) await each.disconnect();
});

test("gzip from another client is read", async () => {
  const topic = await createTopic("gzip", { "compression.type": "producer" });
  const other = kafka.producer({ createPartitioner: () => () => 0 });
  await other.connect();
  await other.send({
    topic,
    compression: CompressionTypes.GZIP,
    messages: ["a", "b"].map((key) => ({ key, value: key.repeat(500) })),
  });
  await other.disconnect();
  assert.deepEqual(await read(topic, 1n, 2n), ["b"]);
});

test("the offset of a time is that of the first record at or after it, or the end", async () => {
  const topic = await createTopic("times", { "message.timestamp.type": "LogAppendTime" });
  await write(topic, ["a"]);
  await sleep(20);
  const between = Date.now();
  await sleep(20);
  await write(topic, ["b"]);
  assert.equal(await reader.offsetAt(topic, 0, 0), 0n);
  assert.equal(await reader.offsetAt(topic, 0, between), 1n);
  assert.equal(await reader.offsetAt(topic, 0, Date.now() + 60_000), 2n);
});

test("following shows what is there, says so once, and goes on; another reading is not held up meanwhile", async () => {
  const topic = await createTopic("followed", {}, 2);
  await write(topic, ["a"], 0);
  await write(topic, ["b"], 1);
  const stop = new AbortController();
  const seen: string[] = [];
  const caughtUpWith: string[][] = [];
  const starts = [
    { partition: 0, from: 0n },
    { partition: 1, from: 0n },
  ];
  const following = reader.follow({
    topic,
    starts,
    onRecord: ({ key }) => void seen.push(key?.toString() ?? ""),
    onCaughtUp: () => void caughtUpWith.push(seen.toSorted()),
    signal: stop.signal,
  });
  await eventually(() => caughtUpWith.length > 0);
  assert.deepEqual(caughtUpWith, [["a", "b"]]);
  await write(topic, ["c"], 1);
  await eventually(() => seen.includes("c"));
  assert.deepEqual(await read(topic, 0n, 1n), ["a"]);
  assert.equal(caughtUpWith.length, 1);
  stop.abort();
  await following;
  await write(topic, ["d"], 0);
  assert.ok(!seen.includes("d"));
});

test("following is caught up at once where there is nothing", async () => {
  const topic = await createTopic("followed-empty");
  const stop = new AbortController();
  await new Promise<void>((resolve) => {
    void reader.follow({
      topic,
      starts: [{ partition: 0, from: 0n }],
      onRecord: () => undefined,
      onCaughtUp: resolve,
      signal: stop.signal,
    });
  });
  stop.abort();
});

test("a broker that is killed and comes back: following and reading go on, every record once and in order", async () => {
  const topic = await createTopic("interrupted");
  const keys = Array.from({ length: 3000 }, (_, at) => String(at));
  await write(topic, keys);
  const stop = new AbortController();
  const followed: string[] = [];
  const following = reader.follow({
    topic,
    starts: [{ partition: 0, from: 0n }],
    onRecord: ({ key }) => void followed.push(key?.toString() ?? ""),
    signal: stop.signal,
  });
  await eventually(() => followed.length >= 10);
  await broker.kill();
  const reading = read(topic, 0n, 3000n);
  await sleep(500);
  await broker.restart();
  assert.deepEqual(await reading, keys);
  await write(topic, ["last"]);
  await eventually(() => followed.includes("last"));
  assert.deepEqual(followed, [...keys, "last"]);
  stop.abort();
  await following;
});

test("a reader that closes ends its readings with an error and its followings without", async () => {
  const topic = await createTopic("closing");
  await write(topic, ["a", "b"]);
  const other = await openLogReader(broker.settings, "other", silentLogger);
  const following = other.follow({
    topic,
    starts: [{ partition: 0, from: 2n }],
    onRecord: () => undefined,
    signal: new AbortController().signal,
  });
  const reading = other.read({ topic, ranges: [{ partition: 0, from: 0n, to: 2n }], onRecord: () => sleep(200) });
  const refused = assert.rejects(reading, /closed while it read closing/);
  await sleep(100);
  await other.close();
  await refused;
  await following;
});
