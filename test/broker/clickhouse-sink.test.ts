/**
 * cost-aggregate as a process between a real broker and the real engine: every
 * record becomes a row once, over kill -9 and over a ledger that goes away;
 * what does not fit goes to the dead letters.
 */
import assert from "node:assert/strict";
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { costs, runStatuses } from "../../services/ledger/costs.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { readDeadLetter } from "../../services/runtime/delivery/dead-letter.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader, type LogReader } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import type { Emission } from "../../services/runtime/stage.ts";
import type { TopicName } from "../../topics/catalog.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { decisionOf, finishedCall, resultOf, startedCall, uuid } from "../support/ledger-records.ts";
import { silentLogger } from "../support/silent-logger.ts";

let broker: TestBroker;
let house: TestClickHouse;
let store: Store;
let producer: RecordProducer;
let reader: LogReader;
let sink: ChildProcess | null = null;

before(async () => {
  [broker, house] = await Promise.all([startTestBroker(), startTestClickHouse()]);
  const kafka = createKafka(broker.settings, "test", silentLogger);
  await createTopics({ kafka, partitions: 3, replicationFactor: 1 });
  producer = await openProducer({ kafka, source: "breakwater/test" });
  reader = await openLogReader(broker.settings, "test-reader", silentLogger);
  store = connectStore({ url: house.url, user: "default", password: "", database: "breakwater" });
  await migrate(store);
});

after(async () => {
  await end("SIGKILL");
  await producer.close();
  await reader.close();
  await store.close();
  await Promise.all([broker.stop(), house.stop()]);
});

function startSink(): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  const child = fork(new URL("../../services/cost-aggregate/main.ts", import.meta.url), {
    env: {
      PATH,
      HOME,
      KAFKA_BROKERS: broker.brokers,
      CLICKHOUSE_URL: house.url,
      BREAKWATER_SESSION_TIMEOUT_MS: "6000",
    },
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  sink = child;
  return child;
}

async function end(signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
  const child = sink;
  sink = null;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
  return child.exitCode;
}

const emission = (topic: TopicName, run: number, value: { readonly kind: string }): Emission => ({
  topic,
  key: uuid(run),
  id: `${uuid(run)}/${value.kind}`,
  type: `breakwater.${value.kind}`,
  value,
});

async function publishRuns(from: number, to: number): Promise<void> {
  const runs = Array.from({ length: to - from }, (_, index) => from + index);
  await producer.publish(
    runs.flatMap((run) => [
      emission("harness-calls", run, startedCall(run)),
      emission("harness-calls", run, finishedCall(run)),
      emission("harness-results", run, resultOf(run)),
      emission("harness-audit", run, decisionOf(run)),
    ]),
  );
}

const count = async (view: string): Promise<number> => {
  const [row] = await store.query(`SELECT toInt32(count()) AS n FROM ${view}`).catch(() => []);
  return typeof row === "object" && row !== null && "n" in row ? Number(row.n) : 0;
};

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

const allStored = (runs: number) => async (): Promise<boolean> =>
  (await count("ledger WHERE state = 'finished'")) === runs &&
  (await count("run_results")) === runs &&
  (await count("decisions")) === runs;

test("every record becomes a row; killed with -9 again and again, it repeats none and loses none", async () => {
  const total = 3000;
  const publishing = (async () => {
    for (let from = 0; from < total; from += 250) await publishRuns(from, from + 250);
  })();
  for (const stored of [200, 900, 2000]) {
    startSink();
    await until(async () => (await count("ledger")) >= stored);
    await end("SIGKILL");
  }
  await publishing;
  startSink();
  await until(allStored(total));
  const [line] = await costs(store, []);
  assert.deepEqual([line?.calls, line?.callsWithCost, line?.runs, line?.orphans], [total, total, total, 0]);
  // 3,000 x 0.0006375
  assert.equal(line?.costUsd, "1.9125");
  assert.deepEqual(await runStatuses(store), [{ status: "ok", runs: total }]);
});

test("stopped in order it exits 0, and what it committed is not read again", async () => {
  await end("SIGKILL");
  await once(startSink(), "message");
  await until(async () => (await uncommitted()) === 0n);
  assert.equal(await end("SIGTERM"), 0);
  assert.equal(await uncommitted(), 0n);
});

/** Records of all three topics beyond what the group has committed. */
async function uncommitted(): Promise<bigint> {
  const kafka = createKafka(broker.settings, "test-admin", silentLogger);
  const admin = kafka.admin();
  await admin.connect();
  try {
    let behind = 0n;
    for (const topic of ["harness-calls", "harness-results", "harness-audit"]) {
      const ends = await reader.offsets(topic);
      const [committed] = await admin.fetchOffsets({ groupId: "breakwater-cost-aggregate", topics: [topic] });
      for (const { partition, offset } of committed?.partitions ?? [])
        behind += (ends.get(partition)?.high ?? 0n) - BigInt(Math.max(0, Number(offset)));
    }
    return behind;
  } finally {
    await admin.disconnect();
  }
}

test("what does not fit its schema goes to the dead letters with its bytes, and the rest goes on", async () => {
  startSink();
  const broken = Buffer.from('{"kind":"call.finished","call_id":"no uuid"}');
  await producer.send([
    { topic: "harness-calls", partition: 1, key: "k", value: broken, headers: {} },
    { topic: "harness-audit", partition: 2, key: "k", value: Buffer.from("no JSON"), headers: {} },
  ]);
  await publishRuns(3000, 3010);
  await until(allStored(3010));
  const letters: ReturnType<typeof readDeadLetter>[] = [];
  await until(async () => {
    letters.length = 0;
    for (const topic of ["harness-calls-dlq", "harness-audit-dlq"]) {
      const ranges = [...(await reader.offsets(topic))].map(([partition, { low, high }]) => ({
        partition,
        from: low,
        to: high,
      }));
      await reader.read({ topic, ranges, onRecord: (record) => void letters.push(readDeadLetter(record)) });
    }
    return letters.length >= 2;
  });
  assert.deepEqual(
    letters.map((letter) => [letter?.source.topic, letter?.source.partition, letter?.code, letter?.stage]),
    [
      ["harness-calls", 1, "internal_record_invalid", "cost-aggregate"],
      ["harness-audit", 2, "internal_record_invalid", "cost-aggregate"],
    ],
  );
  assert.deepEqual(letters[0]?.value, broken);
});

test("while the ledger is away nothing is lost or dead-lettered; it follows when the ledger is back", async () => {
  if (sink === null) startSink();
  await house.kill();
  await publishRuns(3010, 3100);
  await sleep(3000);
  assert.equal(sink?.exitCode, null);
  await house.restart();
  await until(allStored(3100));
  assert.equal(
    [...(await reader.offsets("harness-results-dlq")).values()].every(({ high }) => high === 0n),
    true,
  );
  assert.equal(await end("SIGTERM"), 0);
});
