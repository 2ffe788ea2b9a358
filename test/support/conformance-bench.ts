/**
 * What the conformance tests stand on: a broker, or several, with the catalog's topics, and
 * workers (conformance-worker.ts) that are started, killed and watched by what
 * they write down, what they commit and what they emit.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Admin, Kafka } from "kafkajs";
import { offsetsIn } from "../../services/runtime/consumer/progress/done-map.ts";
import { decodeProgress } from "../../services/runtime/consumer/progress/progress-codec.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader, type LogReader, type LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer, type RawRecord, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import { createLogger } from "../../services/runtime/logger.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import { startTestBroker, type TestBroker } from "./broker.ts";

export const partitions = 4;
export const groupId = consumerGroupOf("input-scan");
const program = path.join(import.meta.dirname, "conformance-worker.ts");
const quiet = createLogger("test", "error", { write: () => undefined });

export interface Worker {
  readonly pid: number;
  readonly exited: Promise<number | null>;
  /** What it logged, for messages. */
  readonly log: () => string;
  signal(name: NodeJS.Signals): void;
}

/** The part of a Kafka of tests that every bench uses. */
export type TestKafka = Pick<TestBroker, "brokers" | "settings" | "stop">;

export class ConformanceBench<Broker extends TestKafka = TestBroker> {
  readonly broker: Broker;
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly producer: RecordProducer;
  readonly reader: LogReader;
  readonly folder = mkdtempSync(path.join(tmpdir(), "breakwater-conformance-"));
  readonly #workers = new Set<ChildProcess>();
  #made = 0;

  private constructor(broker: Broker, kafka: Kafka, producer: RecordProducer, reader: LogReader) {
    this.broker = broker;
    this.kafka = kafka;
    this.admin = kafka.admin();
    this.producer = producer;
    this.reader = reader;
  }

  static async open(): Promise<ConformanceBench> {
    return ConformanceBench.on(await startTestBroker(), 1);
  }

  static async on<Given extends TestKafka>(broker: Given, replicationFactor: number): Promise<ConformanceBench<Given>> {
    const kafka = createKafka(broker.settings, "conformance", quiet);
    await createTopics({ kafka, partitions, replicationFactor });
    const producer = await openProducer({ kafka, source: "test" });
    const bench = new ConformanceBench(
      broker,
      kafka,
      producer,
      await openLogReader(broker.settings, "conformance", quiet),
    );
    await bench.admin.connect();
    return bench;
  }

  async close(): Promise<void> {
    for (const child of this.#workers) child.kill("SIGKILL");
    await this.reader.close();
    await this.producer.close();
    await this.admin.disconnect();
    await this.broker.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Resolves when it is ready. `until: "spawned"` does not wait for that. */
  async start(environment: Readonly<Record<string, string>> = {}, until = "ready"): Promise<Worker> {
    const child = fork(program, {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: {
        ...process.env,
        KAFKA_BROKERS: this.broker.brokers,
        BREAKWATER_SESSION_TIMEOUT_MS: "6000",
        BREAKWATER_COMMIT_INTERVAL_MS: "50",
        BREAKWATER_LOG_LEVEL: "info",
        CONFORMANCE_FOLDER: this.folder,
        CONFORMANCE_LOG: this.#logFile,
        ...environment,
      },
    });
    this.#workers.add(child);
    let log = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
    const exited = once(child, "exit").then(([code]) => (typeof code === "number" ? code : null));
    if (until === "ready") {
      const first = await Promise.race([once(child, "message").then(() => "ready"), exited]);
      if (first !== "ready") throw new Error(`the worker ended with ${first}: ${log}`);
    }
    return { pid: child.pid ?? 0, exited, log: () => log, signal: (name) => void child.kill(name) };
  }

  /** Publishes one record for each id, to one partition; returns their offsets. */
  async publish(records: readonly { readonly id: string; readonly do: string }[], partition = 0): Promise<bigint[]> {
    const acks = await this.send(
      records.map((record) => ({ key: record.id, value: Buffer.from(JSON.stringify(record)), headers: {}, partition })),
    );
    return acks.map(({ offset }) => offset);
  }

  send(records: readonly Omit<RawRecord, "topic">[]) {
    return this.producer.send(records.map((record) => ({ ...record, topic: "harness-requests" })));
  }

  /** Ids that no other test of the file uses. */
  ids(count: number): string[] {
    this.#made += 1;
    return Array.from({ length: count }, (_, at) => `t${this.#made}-${at}`);
  }

  /** Lets records that `wait`, or fail, go on. */
  allow(...ids: readonly string[]): void {
    for (const id of ids) writeFileSync(path.join(this.folder, id), "");
  }

  /** Ids of the lines `<pid> <what> <id>` that the workers wrote, in order. */
  said(what: string, pid?: number): string[] {
    const lines = this.#readLog().map((line) => line.split(" "));
    return lines
      .filter(([by, word]) => word === what && (pid === undefined || by === String(pid)))
      .map((parts) => parts[2] ?? "");
  }

  /** Every record of a topic, by partition and offset. */
  async readAll(topic: string): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    const ends = await this.reader.offsets(topic);
    const ranges = [...ends].map(([partition, { low, high }]) => ({ partition, from: low, to: high }));
    await this.reader.read({ topic, ranges, onRecord: (record) => void records.push(record) });
    return records;
  }

  /** How often each of the ids was emitted. */
  async emitted(ids: readonly string[]): Promise<number[]> {
    const counts = new Map<string, number>();
    for (const { headers } of await this.readAll("harness-scanned")) {
      const id = headers["ce_id"]?.slice(4) ?? "";
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return ids.map((id) => counts.get(id) ?? 0);
  }

  async committed(partition = 0): Promise<{ low: number; done: readonly number[]; nonce: string | null }> {
    const [topic] = await this.admin.fetchOffsets({ groupId, topics: ["harness-requests"] });
    const found = topic?.partitions.find((entry) => entry.partition === partition);
    const low = Number(found?.offset ?? -1);
    const decoded = decodeProgress(found?.metadata ?? null, low, Number.MAX_SAFE_INTEGER);
    return { low, done: decoded === null ? [] : offsetsIn(decoded.done), nonce: decoded?.nonce ?? null };
  }

  /** Polls; fails with the workers' notes after three minutes. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 180_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`never happened: ${what}\n${this.#readLog().slice(-40).join("\n")}`);
      await sleep(50);
    }
  }

  get #logFile(): string {
    return path.join(this.folder, "worker.log");
  }

  #readLog(): string[] {
    try {
      return readFileSync(this.#logFile, "utf8").trim().split("\n");
    } catch {
      return [];
    }
  }
}
