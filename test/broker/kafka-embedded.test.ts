/** The embedded broker: its data, its ports, and that it never outlives its owner. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startBroker } from "../../infra/embedded/broker.ts";
import { ConfigError } from "../../services/runtime/errors.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer } from "../../services/runtime/kafka/producer.ts";
import type { KafkaSettings } from "../../services/runtime/kafka/settings.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { silentLogger } from "../support/silent-logger.ts";

let broker: TestBroker;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "breakwater-owner-"));
  broker = await startTestBroker();
});
after(async () => {
  await broker.stop();
  await rm(folder, { recursive: true, force: true });
});

async function publish(settings: KafkaSettings, key: string): Promise<void> {
  const kafka = createKafka(settings, "test", silentLogger);
  const producer = await openProducer({ kafka, source: "breakwater/test" });
  await producer.publish([{ topic: "harness-scanned", key, id: key, type: "t", value: { key } }]);
  await producer.close();
}

async function keysOnTopic(settings: KafkaSettings): Promise<string[]> {
  const reader = await openLogReader(settings, "test", silentLogger);
  const keys: string[] = [];
  const logs = await reader.offsets("harness-scanned");
  const ranges = [...logs].map(([partition, { low, high }]) => ({ partition, from: low, to: high }));
  await reader.read({ topic: "harness-scanned", ranges, onRecord: ({ key }) => void keys.push(key?.toString() ?? "") });
  await reader.close();
  return keys.toSorted();
}

test("data is found again under a new port, and after a crash", async () => {
  await createTopics({
    kafka: createKafka(broker.settings, "test", silentLogger),
    partitions: 3,
    replicationFactor: 1,
  });
  await publish(broker.settings, "a");
  const before = broker.brokers;
  await broker.restart({ onNewPort: true });
  assert.notEqual(broker.brokers, before);
  assert.deepEqual(await keysOnTopic(broker.settings), ["a"]);
  await publish(broker.settings, "b");
  await broker.kill();
  await broker.restart({ onNewPort: true });
  assert.deepEqual(await keysOnTopic(broker.settings), ["a", "b"]);
});

test("a second start on the data of a running broker is refused by name", async () => {
  const dataDir = broker.dataDir;
  await assert.rejects(
    startBroker({ dataDir, logFile: join(folder, "second.log") }),
    (error) =>
      error instanceof ConfigError && error.message.includes(String(broker.pid)) && error.message.includes(dataDir),
  );
  assert.deepEqual(await keysOnTopic(broker.settings), ["a", "b"]);
});

test("a port that is taken: the error shows the end of the broker's log", async () => {
  const port = Number(broker.brokers.split(":")[1]);
  await assert.rejects(
    startBroker({ dataDir: join(folder, "taken"), logFile: join(folder, "taken.log"), port }),
    /did not start[\s\S]*taken\.log[\s\S]*(already in use|bind)/i,
  );
});

/** Starts a broker in a process of its own and says its pid. */
async function ownerProcess(
  dataDir: string,
): Promise<{ readonly owner: ReturnType<typeof spawn>; readonly brokerPid: number }> {
  const module = fileURLToPath(new URL("../../infra/embedded/broker.ts", import.meta.url));
  const script = join(folder, "owner.ts");
  const options = JSON.stringify({ dataDir, logFile: join(folder, "owned.log") });
  await writeFile(
    script,
    `import { startBroker } from ${JSON.stringify(module)};\nconst { pid } = await startBroker(${options});\nprocess.stdout.write(String(pid));\nsetInterval(() => undefined, 1000);\n`,
  );
  const owner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  const [pid] = await once(owner.stdout, "data");
  return { owner, brokerPid: Number(String(pid)) };
}

async function endsSoon(pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(100);
  }
  return false;
}

test("when the process that started it is killed, the broker ends by itself", async () => {
  const { owner, brokerPid } = await ownerProcess(join(folder, "owned"));
  assert.ok(brokerPid > 0);
  owner.kill("SIGKILL");
  assert.ok(await endsSoon(brokerPid), `broker ${brokerPid} lives on`);
});

test(
  "a broker that lost its owner but lives on is ended by the next start on its data",
  { skip: !existsSync("/proc/self/cmdline") },
  async () => {
    const dataDir = join(folder, "stale");
    const first = await startBroker({ dataDir, logFile: join(folder, "stale.log") });
    const note = join(dataDir, "broker.pid");
    // As if another process, gone since, had started it.
    await writeFile(note, JSON.stringify({ ...JSON.parse(readFileSync(note, "utf8")), owner: 2 ** 22 + 1 }));
    const second = await startBroker({ dataDir, logFile: join(folder, "stale.log") });
    try {
      assert.notEqual(second.pid, first.pid);
      assert.ok(await endsSoon(first.pid));
    } finally {
      await second.stop();
    }
  },
);
