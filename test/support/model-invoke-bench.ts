/**
 * What model-invoke's broker tests stand on: Kafka with the catalog's topics
 * and one definition, a provider stand-in, and workers that are started, killed
 * and judged by what is on the topics and in the stand-in's books.
 */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { callRecord, type CallFinished, type CallRecord } from "../../schemas/records/call.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { createTopics } from "../../services/runtime/kafka/create-topics.ts";
import { openLogReader, type LogReader, type LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { openProducer, type RecordProducer } from "../../services/runtime/kafka/producer.ts";
import { startTestBroker, type TestBroker } from "./broker.ts";
import { definitionOf, taskOf } from "./model-invoke-fixtures.ts";
import { silentLogger } from "./silent-logger.ts";
import { startTestStandIn, type TestStandIn } from "./stand-in.ts";

export const partitions = 4;
const program = path.join(import.meta.dirname, "model-invoke-worker.ts");

export interface InvokeWorker {
  readonly pid: number;
  readonly exited: Promise<unknown>;
  readonly log: () => string;
  signal(name: NodeJS.Signals): void;
}

/** The journal of one run's attempts, in the order of its offsets. */
export interface RunJournal {
  readonly started: readonly CallRecord[];
  readonly finished: readonly CallFinished[];
}

export class ModelInvokeBench {
  readonly broker: TestBroker;
  readonly standIn: TestStandIn;
  readonly #producer: RecordProducer;
  readonly #reader: LogReader;
  readonly #workers = new Set<ChildProcess>();
  #runs = 0;

  private constructor(broker: TestBroker, standIn: TestStandIn, producer: RecordProducer, reader: LogReader) {
    this.broker = broker;
    this.standIn = standIn;
    this.#producer = producer;
    this.#reader = reader;
  }

  static async open(): Promise<ModelInvokeBench> {
    const broker = await startTestBroker();
    const standIn = await startTestStandIn();
    const kafka = createKafka(broker.settings, "bench", silentLogger);
    await createTopics({ kafka, partitions, replicationFactor: 1 });
    const producer = await openProducer({ kafka, source: "test" });
    return new ModelInvokeBench(broker, standIn, producer, await openLogReader(broker.settings, "bench", silentLogger));
  }

  async close(): Promise<void> {
    for (const child of this.#workers) child.kill("SIGKILL");
    await this.#reader.close();
    await this.#producer.close();
    await this.standIn.stop();
    await this.broker.stop();
  }

  /** Publishes the definition and returns how runs of it are pinned. */
  async define(more: Partial<HarnessDefinition> = {}): Promise<AttemptTask["harness"]> {
    const definition = definitionOf(more);
    const version = definitionVersion(definition);
    const value = { kind: "definition", version, definition };
    const key = `${definition.name}@${version}`;
    await this.#producer.publish([{ topic: "harness-definitions", key, id: key, type: "test", value }]);
    return { name: definition.name, version };
  }

  /** Tasks of runs that no other test of the file uses. */
  tasks(count: number, more: Partial<AttemptTask>): AttemptTask[] {
    return Array.from({ length: count }, () => taskOf((this.#runs += 1), more));
  }

  async publish(tasks: readonly unknown[], topic: "harness-scanned" | "harness-retries" = "harness-scanned") {
    const emissions = tasks.map((value) => {
      const key = typeof value === "object" && value !== null && "run_id" in value ? String(value.run_id) : "none";
      return { topic, key, id: key, type: "breakwater.attempt", value };
    });
    return await this.#producer.publish(emissions);
  }

  /** From now on the provider answers no call, until `letGo`. */
  async hold(): Promise<void> {
    await this.standIn.script({ latencyMs: 0, rules: [{ match: {}, effect: { kind: "held" } }] });
  }

  /** Resolves when so many calls are held. */
  async untilHeld(calls: number): Promise<void> {
    await this.until(`${calls} calls are held`, async () => (await this.standIn.inFlight()) === calls);
  }

  /** Every held call is answered, and every later one at once. */
  async letGo(): Promise<void> {
    await this.standIn.script({ latencyMs: 0, rules: [] });
  }

  /** Resolves when it processes records, or has ended. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<InvokeWorker> {
    const child = fork(program, {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: {
        ...process.env,
        KAFKA_BROKERS: this.broker.brokers,
        BREAKWATER_SESSION_TIMEOUT_MS: "6000",
        BREAKWATER_COMMIT_INTERVAL_MS: "100",
        ...this.standIn.environment,
        ...environment,
      },
    });
    this.#workers.add(child);
    let log = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (log += text));
    const exited = once(child, "exit");
    await Promise.race([once(child, "message"), exited]);
    return { pid: child.pid ?? 0, exited, log: () => log, signal: (name) => void child.kill(name) };
  }

  async end(worker: InvokeWorker, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    worker.signal(signal);
    await worker.exited;
  }

  async readAll(topic: string): Promise<LogRecord[]> {
    const records: LogRecord[] = [];
    const ends = await this.#reader.offsets(topic);
    const ranges = [...ends].map(([partition, { low, high }]) => ({ partition, from: low, to: high }));
    await this.#reader.read({ topic, ranges, onRecord: (record) => void records.push(record) });
    return records;
  }

  /** Values on a topic that belong to one of the runs. */
  async valuesOf(topic: string, tasks: readonly AttemptTask[]): Promise<unknown[]> {
    const runs = new Set(tasks.map(({ run_id }) => run_id));
    return (await this.readAll(topic))
      .filter(({ key }) => runs.has(String(key)))
      .map(({ value }) => JSON.parse(String(value)));
  }

  async journalOf(tasks: readonly AttemptTask[]): Promise<RunJournal> {
    const records = (await this.valuesOf("harness-calls", tasks)).map((value) => callRecord.parse(value));
    return {
      started: records.filter(({ kind }) => kind === "call.started"),
      finished: records.filter((record) => record.kind === "call.finished"),
    };
  }

  /** Ids of the calls that the stand-in saw of these runs' journal. */
  async servedOf({ started }: RunJournal): Promise<string[]> {
    const ids = new Set(started.map(({ call_id }) => call_id));
    return await Promise.resolve(
      this.standIn.calls().flatMap(({ call_id }) => (call_id !== null && ids.has(call_id) ? [call_id] : [])),
    );
  }

  /** Every attempt of these is marked as over. */
  async settled(tasks: readonly AttemptTask[]): Promise<boolean> {
    const marks = await this.valuesOf("harness-settled", tasks);
    const keys = new Set(marks.map((mark) => JSON.stringify(mark).match(/"run_id":"[^"]+","attempt":\d/)?.[0]));
    return tasks.every(({ run_id, attempt }) => keys.has(`"run_id":"${run_id}","attempt":${attempt}`));
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 90_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
      await sleep(100);
    }
  }
}
