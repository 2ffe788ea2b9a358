/**
 * The real parts with a secret key, for tests of what becomes of sealed content:
 * all stages, the sealer and the gateway over a broker and a ledger of their
 * own, asked over HTTP and by commands, and their files looked through.
 */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { run, type Ended } from "../cli/command.ts";
import { startTestBroker, type TestBroker } from "./broker.ts";
import { grantKey } from "./gateway-keys.ts";
import { StageProcesses } from "./stage-processes.ts";
import { WholeSystem } from "./whole-system.ts";

/** Far beyond what a slow machine needs. */
const patienceMs = 300_000;

export const secret = "7e".repeat(32);

export class SealedSystem {
  readonly broker: TestBroker;
  readonly whole: WholeSystem;
  readonly #gateway: string;
  readonly #apiKey: string;
  readonly #home = mkdtempSync(path.join(tmpdir(), "breakwater-sealed-"));

  private constructor(broker: TestBroker, whole: WholeSystem, gateway: string, apiKey: string) {
    this.broker = broker;
    this.whole = whole;
    this.#gateway = gateway;
    this.#apiKey = apiKey;
  }

  /** With the worked harnesses and one more. */
  static async open(definition: HarnessDefinition): Promise<SealedSystem> {
    const broker = await startTestBroker();
    const whole = await WholeSystem.open(0, () => StageProcesses.on(broker, 1));
    const loaded = { file: definition.name, version: definitionVersion(definition), definition };
    await publishHarnesses([loaded], (emissions) => whole.stages.producer.publish(emissions));
    const apiKey = await grantKey(whole.stages, { client: "acme", admin: true });
    for (const stage of stageNames) await whole.start(stage, { BREAKWATER_SECRET_KEY: secret });
    await whole.startOne("audit-seal", {});
    const { told } = await whole.startOne("gateway", {
      BREAKWATER_SECRET_KEY: secret,
      BREAKWATER_GATEWAY_PORT: "0",
      BREAKWATER_GATEWAY_STOP_DELAY_MS: "0",
    });
    return new SealedSystem(broker, whole, z.object({ address: z.url() }).parse(told).address, apiKey);
  }

  async close(): Promise<void> {
    await this.whole.close();
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** What the gateway answers, its status as `http`. */
  async ask(where: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    const answer = await fetch(`${this.#gateway}${where}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${this.#apiKey}`,
        "content-type": "application/json",
        prefer: "respond-async",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { http: answer.status, ...z.record(z.string(), z.unknown()).parse(await answer.json()) };
  }

  /** The id of a run that was accepted. */
  async begin(request: { readonly harness: string; readonly subject_id?: string; readonly input: object }) {
    const answer = await this.ask("/v1/runs", request);
    assert.equal(answer["http"], 202, JSON.stringify(answer));
    return z.uuid().parse(answer["run_id"]);
  }

  ended(runId: string): Promise<Readonly<Record<string, unknown>>> {
    return until(
      `run ${runId} ends`,
      () => this.ask(`/v1/runs/${runId}`),
      ({ state }) => state === "ended",
    );
  }

  /** A command as an operator runs it, beside this system. */
  command(...words: readonly string[]): Promise<Ended> {
    return run(this.#home, words, {
      KAFKA_BROKERS: this.broker.brokers,
      CLICKHOUSE_URL: this.whole.clickHouse.url,
      BREAKWATER_SECRET_KEY: secret,
    });
  }

  /** What a command that succeeds prints. */
  async told(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.command(...words);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  callsInBooks(): Promise<readonly unknown[]> {
    return this.whole.store.query("SELECT count() AS calls, sum(cost_usd) AS usd FROM calls FINAL", {});
  }

  /** Resolves when so many records of the audit are sealed, and the chain is proved whole. */
  async auditIsWhole(records: number): Promise<void> {
    const proof = z.looseObject({ links: z.int() });
    const sealed = async () => proof.parse(JSON.parse(await this.told("audit", "verify", "--json")));
    await until("all of it is sealed", sealed, ({ links }) => links >= records);
  }
}

/** Asks again and again until it is so. */
export async function until<T>(what: string, asked: () => Promise<T>, isSo: (told: T) => boolean): Promise<T> {
  for (const overMs = Date.now() + patienceMs; ;) {
    const told = await asked();
    if (isSo(told)) return told;
    assert.ok(Date.now() < overMs, `never so: ${what}: ${JSON.stringify(told)}`);
    await sleep(250);
  }
}

/** Files below the folder that hold any of these, by name. */
export async function filesWith(folder: string, needles: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    // Files come and go while a log is cleaned.
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => bytes.includes(needle))) found.push(path.relative(folder, file));
  }
  return found;
}
