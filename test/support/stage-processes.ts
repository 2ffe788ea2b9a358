/**
 * Stages as the real processes they are, on a broker of the test's own: to be
 * started, killed and watched by what they write and commit.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { ConsumerName } from "../../schemas/parts/codes.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader, type LogReader, type LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { partitionOf } from "../../services/runtime/kafka/murmur2.ts";
import { openProducer, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import type { ConsumedTopic, TopicName } from "../../topics/catalog.ts";
import { startTestBroker, type TestBroker } from "./broker.ts";
import { silentLogger } from "./silent-logger.ts";

const partitions = 2;
const services = path.join(import.meta.dirname, "..", "..", "services");
/** Far beyond what a slow machine needs; the test fails then. */
const patienceMs = 120_000;

export interface StageProcess {
  readonly pid: number;
  /** Resolves to its exit status; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** What it said when it was ready: of a gateway, its address. */
  readonly told: unknown;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly kill: () => Promise<void>;
  /** SIGTERM; resolves to its exit status. */
  readonly stop: () => Promise<number | null>;
  /** What it logged, for messages. */
  readonly log: () => string;
}

/** One broker, or several of which one at a time is killed. */
export type MortalKafka = Pick<TestBroker, "brokers" | "settings" | "kill" | "restart" | "stop">;

export class StageProcesses {
  readonly broker: MortalKafka;
  readonly producer: RecordProducer;
  readonly reader: LogReader;
  readonly #children = new Set<ChildProcess>();

  private constructor(broker: MortalKafka, producer: RecordProducer, reader: LogReader) {
    this.broker = broker;
    this.producer = producer;
    this.reader = reader;
  }

  static async open(): Promise<StageProcesses> {
    return StageProcesses.on(await startTestBroker(), 1);
  }

  static async on(broker: MortalKafka, replicationFactor: number): Promise<StageProcesses> {
    const kafka = createKafka(broker.settings, "test", silentLogger);
    await createTopics({ kafka, partitions, replicationFactor });
    const producer = await openProducer({ kafka, source: "test" });
    return new StageProcesses(broker, producer, await openLogReader(broker.settings, "test", silentLogger));
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill("SIGKILL");
    await this.reader.close();
    await this.producer.close();
    await this.broker.stop();
  }

  /** Resolves when it is ready. */
  async start(
    stage: ConsumerName | "gateway",
    environment: Readonly<Record<string, string>> = {},
  ): Promise<StageProcess> {
    const child = fork(path.join(services, stage, "main.ts"), {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: {
        ...process.env,
        KAFKA_BROKERS: this.broker.brokers,
        BREAKWATER_SESSION_TIMEOUT_MS: "6000",
        BREAKWATER_COMMIT_INTERVAL_MS: "50",
        ...environment,
      },
    });
    this.#children.add(child);
    let log = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
    const exited = once(child, "exit").then(() => child.exitCode);
    const ready = await Promise.race([once(child, "message"), exited]);
    if (!Array.isArray(ready)) throw new Error(`${stage} ended before it was ready: ${log}`);
    return {
      pid: child.pid ?? 0,
      exited,
      told: ready[0],
      signal: (name) => void child.kill(name),
      kill: async () => {
        child.kill("SIGKILL");
        await exited;
      },
      stop: () => {
        child.kill("SIGTERM");
        return exited;
      },
      log: () => log,
    };
  }

  async apply(definition: HarnessDefinition): Promise<{ readonly name: string; readonly version: string }> {
    const { name } = definition;
    const version = definitionVersion(definition);
    const value = Buffer.from(JSON.stringify({ kind: "definition", version, definition }));
    const key = `${name}@${version}`;
    await this.producer.send([{ topic: "harness-definitions", partition: 0, key, value, headers: {} }]);
    return { name, version };
  }

  async append(topic: TopicName, key: string, value: unknown, type: string): Promise<bigint> {
    const acks = await this.producer.publish([{ topic, key, id: `test/${type}`, type, value }]);
    const [ack] = acks;
    if (ack === undefined) throw new Error("the record was not acknowledged");
    return ack.offset;
  }

  /** All records of a topic from these offsets on, or from its beginning, partition by partition. */
  async records(topic: string, since?: ReadonlyMap<number, bigint>): Promise<LogRecord[]> {
    const found: LogRecord[] = [];
    const ends = await this.reader.offsets(topic);
    const ranges = [...ends].map(([partition, { low, high }]) => ({
      partition,
      from: since?.get(partition) ?? low,
      to: high,
    }));
    await this.reader.read({ topic, ranges, onRecord: (record) => void found.push(record) });
    return found;
  }

  /** Waits until a topic's records are as wanted, and returns them. */
  async until(topic: string, wanted: (records: readonly LogRecord[]) => boolean): Promise<LogRecord[]> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const records = await this.records(topic);
      if (wanted(records)) return records;
      if (Date.now() > deadline) throw new Error(`${topic} did not come to what was waited for`);
      await sleep(100);
    }
  }

  /** Waits until a stage has committed everything below an offset of a key's partition. */
  async untilCommitted(stage: ConsumerName, topic: ConsumedTopic, key: string, offset: bigint): Promise<void> {
    const admin = createKafka(this.broker.settings, "test-admin", silentLogger).admin();
    await admin.connect();
    try {
      const deadline = Date.now() + patienceMs;
      for (;;) {
        const [fetched] = await admin.fetchOffsets({ groupId: consumerGroupOf(stage), topics: [topic] });
        const partition = partitionOf(key, partitions);
        const committed = fetched?.partitions.find((entry) => entry.partition === partition)?.offset ?? "-1";
        if (BigInt(committed) >= offset) return;
        if (Date.now() > deadline) throw new Error(`${stage} has committed ${committed}, not ${offset}`);
        await sleep(100);
      }
    } finally {
      await admin.disconnect();
    }
  }
}
