/**
 * Points at which something that the stages lean on is gone or wrong for a
 * while: the broker, the ledger, a dead-letter topic, the registry, a control
 * topic.
 */
import { strict as assert } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { startRegistry } from "../../infra/embedded/registry/start-registry.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { registerSchemas } from "../../services/runtime/registry/register-schemas.ts";
import { silentLogger } from "../support/silent-logger.ts";
import { planRuns } from "./fault-system.ts";
import { harnesses, type PlannedRun } from "./harness.ts";
import { openAnswerThief, type Theft } from "./answer-thief.ts";
import type { Deed, Point, Scene } from "./point.ts";

const untouched = { hits: 0, killed: [], frozen: [], mostRepeated: 0 } as const;
const deadLetterTopic = "harness-requests-dlq";

/** The dead broker's session must be over before it may come back. */
async function brokerRestarted({ system, random, runs: count, clientId, since }: Scene): Promise<Deed> {
  const runs = planRuns(count, random, clientId);
  await system.publish(runs, random);
  await system.until("some runs have ended", async () => (await system.resultTimes(since)).size > random(count / 2));
  const atMs = Date.now();
  await system.whole.stages.broker.kill();
  await system.whole.stages.broker.restart();
  return { ...untouched, runs, atMs, hits: 1 };
}

/** Only the ledger waits: results go on. */
async function ledgerAway({ system, random, runs: count, clientId, since }: Scene, awayMs: number): Promise<Deed> {
  const runs = planRuns(count, random, clientId);
  const half = Math.ceil(count / 2);
  await system.publish(runs.slice(0, half), random);
  await system.until("some runs have ended", async () => (await system.resultTimes(since)).size > random(half));
  const atMs = Date.now();
  await system.whole.clickHouse.kill();
  await system.publish(runs.slice(half), random);
  await system.untilEnded(runs, since);
  await sleep(Math.max(0, atMs + awayMs - Date.now()));
  await system.whole.clickHouse.restart();
  return { ...untouched, runs, atMs, hits: 1 };
}

/** The rows are in, and the sink doesn't hear of it. */
async function insertUnheard(scene: Scene, theft: Theft): Promise<Deed> {
  const { system, random, clientId } = scene;
  const thief = await openAnswerThief({ to: system.whole.clickHouse.url, path: "INSERT", nth: 1 + random(3), theft });
  try {
    assert.equal(await system.current("cost-aggregate").process.stop(), 0);
    await system.startCurrent("cost-aggregate", { CLICKHOUSE_URL: thief.url });
    const runs = planRuns(scene.runs, random, clientId);
    const atMs = Date.now();
    await system.publish(runs, random);
    await system.until("an answer is stolen", () => thief.stolen() > 0);
    await system.untilQuiet();
    return { ...untouched, runs, atMs, hits: 1 };
  } finally {
    assert.equal(await system.current("cost-aggregate").process.stop(), 0);
    await thief.close();
    await system.startCurrent("cost-aggregate");
  }
}

/** Runs of a harness that nobody knows: answered, and dead-lettered. */
async function deadLettersUnwritable({ system, random, runs: count, clientId, since }: Scene): Promise<Deed> {
  const plain = planRuns(count, random, clientId);
  const unknown = planRuns(3, random, clientId).map((run): PlannedRun => ({
    ...run,
    request: { ...run.request, harness: "nobody-knows" },
    endings: ["invalid"],
  }));
  const { broker } = system.whole.stages;
  const replicas = broker.settings.brokers.length;
  const kafka = createKafka(broker.settings, "test-topics", silentLogger);
  const admin = kafka.admin();
  await admin.connect();
  const atMs = Date.now();
  await admin.deleteTopics({ topics: [deadLetterTopic] });
  await admin.disconnect();
  await system.publish([...unknown, ...plain], random);
  await system.until("others go on", async () => (await system.resultTimes(since)).size > 0);
  await sleep(8000);
  const ended = await system.resultTimes(since);
  assert.ok(!unknown.some(({ runId }) => ended.has(runId)), "answered before its dead letter was written");
  const partitions = (await system.whole.stages.reader.offsets("harness-requests")).size;
  await createTopics({ kafka, partitions, replicationFactor: replicas });
  const runs = [...plain, ...unknown];
  await system.untilEnded(runs, since);
  await system.untilQuiet();
  const letters = await system.whole.stages.records(deadLetterTopic);
  assert.equal(letters.length, unknown.length, "each of them has one dead letter");
  return { ...untouched, runs, atMs, hits: 1, deadLetters: { [deadLetterTopic]: BigInt(unknown.length) } };
}

/** Requests in the wire format wait for the registry; none becomes a dead letter. */
async function registryAway({ system, random, runs: count, clientId, since }: Scene): Promise<Deed> {
  const { brokers } = system.whole.stages.broker;
  const registry = await startRegistry({ brokers });
  await registerSchemas({ SCHEMA_REGISTRY_URL: registry.url });
  const latest: unknown = await (await fetch(`${registry.url}/subjects/harness-requests-value/versions/latest`)).json();
  assert.ok(typeof latest === "object" && latest !== null && "id" in latest);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(Number(latest.id), 1);
  await registry.stop();
  assert.equal(await system.current("input-scan").process.stop(), 0);
  await system.startCurrent("input-scan", { SCHEMA_REGISTRY_URL: registry.url });
  const runs = planRuns(count, random, clientId);
  const atMs = Date.now();
  await system.whole.stages.producer.send(
    runs.map(({ request }) => ({
      topic: "harness-requests",
      partition: random(2),
      key: null,
      value: Buffer.concat([head, Buffer.from(JSON.stringify(request))]),
      headers: {},
    })),
  );
  await sleep(8000);
  assert.equal((await system.resultTimes(since)).size, 0, "nothing was decided without the registry");
  const back = await startRegistry({ brokers, port: Number(new URL(registry.url).port) });
  await system.untilEnded(runs, since);
  await back.stop();
  return { ...untouched, runs, atMs, hits: 1 };
}

/** Over the name of the harness that the runs use; a new process of each reader reads it too. */
async function controlRecordBad({ system, random, runs: count, clientId }: Scene): Promise<Deed> {
  const { producer } = system.whole.stages;
  const { name } = harnesses.patient;
  const bad = (topic: string, key: string, text: string) =>
    producer.send([{ topic, partition: 0, key, value: Buffer.from(text), headers: {} }]);
  const runs = planRuns(count, random, clientId);
  const half = Math.ceil(count / 2);
  await system.publish(runs.slice(0, half), random);
  const atMs = Date.now();
  await bad("harness-definitions", name, "{ not json");
  await bad("harness-definitions", name, JSON.stringify({ kind: "current", name, version: 7 }));
  await bad("harness-signatures", "core", JSON.stringify({ pack: "core", signatures: [{ pattern: "(" }] }));
  for (const stage of ["input-scan", "model-invoke", "output-validate"] as const) {
    assert.equal(await system.current(stage).process.stop(), 0);
    await system.startCurrent(stage);
  }
  await system.publish(runs.slice(half), random);
  return { ...untouched, runs, atMs, hits: 3 };
}

export const outagePoints: readonly Point[] = [
  { id: "B1", name: "the broker is killed and comes back", act: brokerRestarted },
  { id: "C2", name: "ClickHouse is away for a minute", act: (scene) => ledgerAway(scene, 60_000) },
  { id: "C3", name: "ClickHouse: an insert's answer is lost", act: (scene) => insertUnheard(scene, "cut") },
  { id: "C4", name: "ClickHouse: an insert is done and times out", act: (scene) => insertUnheard(scene, "silence") },
  { id: "D1", name: "a dead-letter topic that cannot be written", act: deadLettersUnwritable },
  { id: "R1", name: "the registry is away", act: registryAway },
  { id: "R2", name: "bad records on control topics", act: controlRecordBad },
];
