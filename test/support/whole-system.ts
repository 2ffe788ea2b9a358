/**
 * The whole system as processes of a test: broker, ClickHouse, provider
 * stand-in and the four stages, with the harnesses and signatures of the
 * repository applied. A batch of the example documents goes through it in
 * parts, so that the test decides how far the batch is.
 */
import { globSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findDocuments } from "../../services/cli/batch/documents/find-documents.ts";
import { startOrResume, type BatchOutcome } from "../../services/cli/batch/start-or-resume.ts";
import { loadHarnesses } from "../../services/cli/commands/harness.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { loadPacks, publishPacks } from "../../services/cli/commands/signatures.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import type { Ack, Publish } from "../../services/runtime/stage.ts";
import type { ConsumerName, StageName } from "../../schemas/parts/codes.ts";
import { startTestClickHouse, type TestClickHouse } from "./clickhouse.ts";
import { StageProcesses, type StageProcess } from "./stage-processes.ts";
import { startTestStandIn, type TestStandIn } from "./stand-in.ts";

const root = path.resolve(import.meta.dirname, "../..");
/** Far beyond what a slow machine needs; the test fails then. */
const patienceMs = 120_000;

export interface RunningBatch {
  readonly documents: number;
  /** Publishes the next part; resolves when it is acknowledged. */
  readonly publishPart: () => Promise<void>;
  /** Resolves when every document has its result, and these are on disk. */
  readonly outcome: Promise<BatchOutcome>;
  readonly hasEnded: () => boolean;
}

export class WholeSystem {
  readonly stages: StageProcesses;
  readonly standIn: TestStandIn;
  readonly store: Store;
  readonly #clickHouse: TestClickHouse;
  readonly #home: string;
  readonly #running = new Map<StageName, StageProcess>();

  private constructor(stages: StageProcesses, standIn: TestStandIn, clickHouse: TestClickHouse, home: string) {
    this.stages = stages;
    this.standIn = standIn;
    this.#clickHouse = clickHouse;
    this.#home = home;
    this.store = connectStore({ url: clickHouse.url, user: "default", password: "", database: "breakwater" });
  }

  /** `latencyMs`: of every call. No stage runs yet. */
  static async open(latencyMs: number, onKafka = () => StageProcesses.open()): Promise<WholeSystem> {
    const [stages, standIn, clickHouse, home] = await Promise.all([
      onKafka(),
      startTestStandIn(latencyMs),
      startTestClickHouse(),
      mkdtemp(path.join(tmpdir(), "breakwater-whole-")),
    ]);
    const publish: Publish = (emissions) => stages.producer.publish(emissions);
    await publishHarnesses(await loadHarnesses([path.join(root, "harnesses")]), publish);
    await publishPacks(await loadPacks(globSync(path.join(root, "harnesses/signatures/*.yaml"))), publish);
    return new WholeSystem(stages, standIn, clickHouse, home);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.stages.close();
    await Promise.all([this.standIn.stop(), this.#clickHouse.stop()]);
    await rm(this.#home, { recursive: true, force: true });
  }

  get clickHouse(): TestClickHouse {
    return this.#clickHouse;
  }

  /** A process beside those that `kill` and `stop` know; resolves when it is ready. */
  startOne(stage: ConsumerName | "gateway", more: Readonly<Record<string, string>> = {}): Promise<StageProcess> {
    return this.stages.start(stage, { CLICKHOUSE_URL: this.#clickHouse.url, ...this.standIn.environment, ...more });
  }

  /** Resolves when it is ready. */
  async start(stage: StageName, more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#running.set(stage, await this.startOne(stage, more));
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(stage: StageName): Promise<void> {
    await this.#running.get(stage)?.kill();
  }

  /** SIGTERM; resolves to its exit status. */
  async stop(stage: StageName): Promise<number | null> {
    return (await this.#running.get(stage)?.stop()) ?? null;
  }

  /** What the stage's present process logged, for messages. */
  logs(stage: StageName): string {
    return this.#running.get(stage)?.log() ?? "";
  }

  /** The example documents through `summarise`, as the command `batch` does it, let through in so many parts. */
  async startBatch(batchId: string, parts: number): Promise<RunningBatch> {
    const gate = new Gate(parts);
    const found = await findDocuments(["examples/documents/*.txt"], root);
    const order = {
      home: this.#home,
      folder: root,
      batchId,
      harness: "summarise",
      clientId: "auditor",
      feature: undefined,
      field: undefined,
      deadlineMs: 86_400_000,
      ...found,
    };
    const outcome = startOrResume(order, {
      kafka: {
        reader: this.stages.reader,
        producer: () => Promise.resolve({ publish: gate.over((part) => this.stages.producer.publish(part)) }),
      },
      signal: new AbortController().signal,
      say: () => undefined,
      onProgress: () => undefined,
    });
    let hasEnded = false;
    const ended = outcome.then(() => undefined).finally(() => (hasEnded = true));
    ended.catch(() => undefined);
    const publishPart = (): Promise<void> => Promise.race([gate.next(), ended]);
    return { documents: found.names.length, publishPart, outcome, hasEnded: () => hasEnded };
  }

  /** Records on a topic. */
  async count(topic: string): Promise<number> {
    const ends = await this.stages.reader.offsets(topic);
    return [...ends.values()].reduce((total, { high }) => total + Number(high), 0);
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
      await sleep(5);
    }
  }
}

/** Holds records back and lets them through a part at a time. */
class Gate {
  readonly #parts: readonly {
    readonly open: PromiseWithResolvers<void>;
    readonly through: PromiseWithResolvers<void>;
  }[];
  #opened = 0;

  constructor(parts: number) {
    this.#parts = Array.from({ length: parts }, () => ({
      open: Promise.withResolvers<void>(),
      through: Promise.withResolvers<void>(),
    }));
  }

  over(publish: Publish): Publish {
    return async (emissions) => {
      const size = Math.ceil(emissions.length / this.#parts.length);
      const acks: Ack[] = [];
      for (const [index, { open, through }] of this.#parts.entries()) {
        await open.promise;
        acks.push(...(await publish(emissions.slice(index * size, (index + 1) * size))));
        through.resolve();
      }
      return acks;
    };
  }

  next(): Promise<void> {
    const part = this.#parts[this.#opened];
    if (part === undefined) throw new Error("every part is through");
    this.#opened += 1;
    part.open.resolve();
    return part.through.promise;
  }
}
