/**
 * The whole system with every stage under the preload, for many points of the
 * matrix in a row: to be hit at a moment, started again beside or after, given
 * runs, and waited for until nothing is under way.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { StageName } from "../../schemas/parts/codes.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { liveClientIds } from "../../services/runtime/kafka/group-members.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import { positionsBehind, type Position } from "../support/auditor.ts";
import { markNow, positionsOf, type Mark } from "../support/evidence.ts";
import { silentLogger } from "../support/silent-logger.ts";
import { StageProcesses, type StageProcess } from "../support/stage-processes.ts";
import { startThreeBrokers } from "../support/three-brokers.ts";
import { WholeSystem } from "../support/whole-system.ts";
import { asksAgain, harnesses, planRun, type PlannedRun } from "./harness.ts";
import { exposed, firing, type Hit } from "./moments.ts";
import type { Random } from "./random.ts";

/** Far beyond what a slow machine needs; the point fails then. */
const patienceMs = 300_000;
/** Narrow, so that there is a middle to be hit in. */
const narrow: Readonly<Record<StageName, Readonly<Record<string, string>>>> = {
  "input-scan": { BREAKWATER_MAX_IN_FLIGHT: "4" },
  "model-invoke": { BREAKWATER_MAX_IN_FLIGHT: "8" },
  "output-validate": { BREAKWATER_MAX_IN_FLIGHT: "4" },
  "cost-aggregate": {},
};
const latencyMs = 30;
const moreWorkMs = 3000;

export interface Worker {
  readonly stage: StageName;
  readonly process: StageProcess;
  /** Kafka client id. */
  readonly id: string;
  /** From now on the process waits for its moment. */
  arm(hit: Hit): void;
  /** When it was hit, Unix ms; waits for it, and asks for more work every few seconds until then. */
  fired(moreWork?: () => Promise<void>): Promise<number>;
}

export class FaultSystem {
  readonly whole: WholeSystem;
  readonly #folder: string;
  readonly #current = new Map<StageName, Worker>();
  #started = 0;
  /** Most memory that a stage's process had in use, bytes. */
  mostResidentBytes = 0;

  private constructor(whole: WholeSystem, folder: string) {
    this.whole = whole;
    this.#folder = folder;
  }

  static async open(brokers: 1 | 3): Promise<FaultSystem> {
    const cluster = async (): Promise<StageProcesses> => StageProcesses.on(await startThreeBrokers(), brokers);
    const whole = await WholeSystem.open(latencyMs, brokers === 3 ? cluster : undefined);
    const system = new FaultSystem(whole, await mkdtemp(path.join(tmpdir(), "breakwater-faults-")));
    const files = Object.values(harnesses).map((definition) => ({
      file: definition.name,
      version: definitionVersion(definition),
      definition,
    }));
    await publishHarnesses(files, (emissions) => whole.stages.producer.publish(emissions));
    await system.calm();
    await Promise.all(stageNames.map((stage) => system.startCurrent(stage)));
    return system;
  }

  async close(): Promise<void> {
    await this.whole.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** The provider does nothing but what the runs ask for. */
  calm(): Promise<void> {
    return this.whole.standIn.script({ latencyMs, rules: [...asksAgain] });
  }

  current(stage: StageName): Worker {
    const worker = this.#current.get(stage);
    if (worker === undefined) throw new Error(`no ${stage} runs`);
    return worker;
  }

  /** Beside those that run; resolves when it is ready. */
  async start(stage: StageName, more: Readonly<Record<string, string>> = {}): Promise<Worker> {
    this.#started += 1;
    const orderFile = path.join(this.#folder, `${stage}-${this.#started}.json`);
    const environment = { ...exposed(orderFile), ...narrow[stage], ...more };
    const process = await this.whole.startOne(stage, environment);
    const id = /"worker":"([^"]+)"/.exec(process.log())?.[1];
    if (id === undefined) throw new Error(`${stage} did not say its client id: ${process.log()}`);
    return {
      stage,
      process,
      id,
      arm: (order) => writeFileSync(orderFile, JSON.stringify(order)),
      fired: async (moreWork) => {
        const note = `${orderFile}.fired`;
        let askAt = Date.now() + moreWorkMs;
        await this.until(`${stage} is hit`, async () => {
          if (existsSync(note)) return true;
          if (Date.now() > askAt) await moreWork?.();
          if (Date.now() > askAt) askAt = Date.now() + moreWorkMs;
          return false;
        });
        return firing.parse(JSON.parse(readFileSync(note, "utf8"))).atMs;
      },
    };
  }

  /** The stage's present process is this new one. */
  async startCurrent(stage: StageName, more: Readonly<Record<string, string>> = {}): Promise<Worker> {
    const worker = await this.start(stage, more);
    this.#current.set(stage, worker);
    return worker;
  }

  mark(): Promise<Mark> {
    return markNow(this.whole);
  }

  async publish(runs: readonly PlannedRun[], random: Random): Promise<void> {
    const ends = await this.whole.stages.reader.offsets("harness-requests");
    await this.whole.stages.producer.send(
      runs.map(({ request }) => ({
        topic: "harness-requests",
        partition: random(ends.size),
        key: null,
        value: Buffer.from(JSON.stringify(request)),
        headers: {},
      })),
    );
  }

  /** Broker timestamps, Unix ms, of the runs' first results since the mark; some may be missing. */
  async resultTimes(since: Mark): Promise<ReadonlyMap<string, number>> {
    const times = new Map<string, number>();
    for (const { key, timestampMs } of await this.whole.stages.records(
      "harness-results",
      since.ends.get("harness-results"),
    ))
      if (!times.has(String(key))) times.set(String(key), timestampMs);
    return times;
  }

  async untilEnded(runs: readonly PlannedRun[], since: Mark): Promise<ReadonlyMap<string, number>> {
    let times: ReadonlyMap<string, number> = new Map();
    await this.until("every run has its result", async () => {
      times = await this.resultTimes(since);
      return runs.every(({ runId }) => times.has(runId));
    });
    return times;
  }

  /** Everything is consumed and committed, and no call is under way. */
  async untilQuiet(): Promise<void> {
    let behind: readonly string[] = [];
    const isQuiet = async (): Promise<boolean> => {
      behind = positionsBehind(await positionsOf(this.whole.stages, stageNames));
      return behind.length === 0 && (await this.whole.standIn.inFlight()) === 0;
    };
    await this.until("everything is committed", isQuiet).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${behind.join("; ")}`);
    });
    for (const { process } of this.#current.values()) this.noteMemory(process.pid);
  }

  positions(stage: StageName): Promise<readonly Position[]> {
    return positionsOf(this.whole.stages, [stage]);
  }

  /** Kafka client ids of the stage's group. */
  members(stage: StageName): Promise<ReadonlySet<string>> {
    const kafka = createKafka(this.whole.stages.broker.settings, "test-members", silentLogger);
    return liveClientIds(kafka, consumerGroupOf(stage));
  }

  noteMemory(pid: number): void {
    const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "";
    const kibibytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    this.mostResidentBytes = Math.max(this.mostResidentBytes, kibibytes * 1024);
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`never happened: ${what}`);
      await sleep(50);
    }
  }
}

export function planRuns(
  count: number,
  random: Random,
  clientId: string,
  harness: keyof typeof harnesses = "patient",
): PlannedRun[] {
  return Array.from({ length: count }, () => planRun(random, clientId, harness));
}
