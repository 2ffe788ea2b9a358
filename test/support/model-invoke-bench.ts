/**
 * What model-invoke's broker tests stand on: Kafka with the catalog's topics
 * and one definition, a provider stand-in, and workers that are started, killed
 * and judged by what is on the topics and in the stand-in's books.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { callRecord, type CallFinished, type CallRecord } from "../../schemas/records/call.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { exposed, type Hit, type Moment } from "../faults/moments.ts";
import { definitionOf, taskOf } from "./model-invoke-fixtures.ts";
import { StageProcesses, type StageProcess } from "./stage-processes.ts";
import { startTestStandIn, type TestStandIn } from "./stand-in.ts";

/** The journal of one run's attempts, in the order of its offsets. */
export interface RunJournal {
  readonly started: readonly CallRecord[];
  readonly finished: readonly CallFinished[];
}

export class ModelInvokeBench {
  readonly stages: StageProcesses;
  readonly standIn: TestStandIn;
  readonly #folder: string;
  #runs = 0;

  private constructor(stages: StageProcesses, standIn: TestStandIn, folder: string) {
    this.stages = stages;
    this.standIn = standIn;
    this.#folder = folder;
  }

  static async open(): Promise<ModelInvokeBench> {
    const [stages, standIn] = await Promise.all([StageProcesses.open(), startTestStandIn()]);
    return new ModelInvokeBench(stages, standIn, await mkdtemp(path.join(os.tmpdir(), "breakwater-bench-")));
  }

  async close(): Promise<void> {
    await this.stages.close();
    await this.standIn.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Publishes the definition and returns how runs of it are pinned. */
  define(more: Partial<HarnessDefinition> = {}): Promise<AttemptTask["harness"]> {
    return this.stages.apply(definitionOf(more));
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
    return await this.stages.producer.publish(emissions);
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

  /** Resolves when it processes records. */
  start(environment: Readonly<Record<string, string>> = {}): Promise<StageProcess> {
    return this.stages.start("model-invoke", { ...this.standIn.environment, ...environment });
  }

  /** The same, to die by SIGKILL the first time that this moment comes. */
  async startDoomed(moment: Moment): Promise<StageProcess> {
    const orderFile = path.join(this.#folder, "order.json");
    const order: Hit = { moment, nth: 1, signal: "SIGKILL" };
    await writeFile(orderFile, JSON.stringify(order));
    return await this.start(exposed(orderFile));
  }

  /** What workers told each other of models and keys that do not work: the next one starts from nothing. */
  async forgetBreakers(): Promise<void> {
    const told = await this.readAll("harness-breakers");
    await this.stages.producer.send(
      told.map(({ topic, partition, key }) => ({ topic, partition, key, value: null, headers: {} })),
    );
  }

  async end(worker: StageProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    worker.signal(signal);
    await worker.exited;
  }

  readAll(topic: string): Promise<LogRecord[]> {
    return this.stages.records(topic);
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
