/**
 * A harness whose content has a short time, on the real parts: while it lasts the
 * answers can be read; afterwards nobody can, with or without a data subject,
 * though input-scan is killed in between; the wrapped keys leave the broker's
 * disk. The same subject's content of another harness reads as ever, and ledger
 * and audit are what they were.
 */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { z } from "zod";
import { harness as summarise } from "../../harnesses/summarise/harness.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { keysOnDisk, type KeyOnDisk } from "../../services/runtime/content/keys-on-disk.ts";
import { openEnvironmentKeys } from "../../services/runtime/secrets/key-service.ts";
import { run } from "../cli/command.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { grantKey } from "../support/gateway-keys.ts";
import { StageProcesses } from "../support/stage-processes.ts";
import { WholeSystem } from "../support/whole-system.ts";

/** Far beyond what a slow machine needs. */
const patienceMs = 300_000;
const secret = "7e".repeat(32);
const short = "zephyrambergris";
const lasting = "obsidianmarzipan";
/** Long enough for a slow machine to answer in, and to be looked at. */
const brief = {
  ...summarise,
  name: "brief",
  models: summarise.models.toReversed(),
  deadlineMs: 60_000,
  retention: { contentMs: 90_000 },
};

let broker: TestBroker;
let system: WholeSystem;
let gateway: string;
let apiKey: string;
let runs: { readonly anns: string; readonly nobodys: string; readonly lasting: string };
let keys: readonly KeyOnDisk[];
const home = mkdtempSync(path.join(tmpdir(), "breakwater-retention-"));

before(async () => {
  broker = await startTestBroker();
  system = await WholeSystem.open(0, () => StageProcesses.on(broker, 1));
  const loaded = { file: "brief", version: definitionVersion(brief), definition: brief };
  await publishHarnesses([loaded], (emissions) => system.stages.producer.publish(emissions));
  apiKey = await grantKey(system.stages, { client: "acme", admin: true });
  const saying = (word: string) => ({ kind: "text", text: `It is about ${word}.` }) as const;
  await system.standIn.script({
    rules: [
      { match: { model: "gpt-4o-mini" }, effect: saying(short) },
      { match: { model: "gpt-4o" }, effect: saying(lasting) },
    ],
  });
  for (const stage of stageNames) await system.start(stage, { BREAKWATER_SECRET_KEY: secret });
  await system.startOne("audit-seal", {});
  const { told: ready } = await system.startOne("gateway", {
    BREAKWATER_SECRET_KEY: secret,
    BREAKWATER_GATEWAY_PORT: "0",
    BREAKWATER_GATEWAY_STOP_DELAY_MS: "0",
  });
  gateway = z.object({ address: z.url() }).parse(ready).address;
});
after(async () => {
  await system.close();
  rmSync(home, { recursive: true, force: true });
});

async function ask(where: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${gateway}${where}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", prefer: "respond-async" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { http: answer.status, ...z.record(z.string(), z.unknown()).parse(await answer.json()) };
}

async function until<T>(what: string, asked: () => Promise<T>, isSo: (told: T) => boolean): Promise<T> {
  for (const overMs = Date.now() + patienceMs; ;) {
    const told = await asked();
    if (isSo(told)) return told;
    assert.ok(Date.now() < overMs, `never so: ${what}: ${JSON.stringify(told)}`);
    await sleep(250);
  }
}

async function started(harness: string, subject?: string): Promise<string> {
  const named = subject === undefined ? {} : { subject_id: subject };
  const answer = await ask("/v1/runs", { harness, ...named, input: { document: "A paper." } });
  assert.equal(answer["http"], 202, JSON.stringify(answer));
  return z.uuid().parse(answer["run_id"]);
}

const shown = async (runId: string) => JSON.stringify(await ask(`/v1/runs/${runId}`));

const ended = (runId: string) =>
  until(
    `run ${runId} ends`,
    () => ask(`/v1/runs/${runId}`),
    ({ state }) => state === "ended",
  );

async function told(...command: readonly string[]): Promise<string> {
  const environment = {
    KAFKA_BROKERS: broker.brokers,
    CLICKHOUSE_URL: system.clickHouse.url,
    BREAKWATER_SECRET_KEY: secret,
  };
  const { code, stdout, stderr } = await run(home, command, environment);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Files of the broker that hold any of these, by name. */
async function filesWith(needles: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(broker.dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    // Files come and go while a log is cleaned.
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    if (needles.some((needle) => bytes.includes(needle))) found.push(path.relative(broker.dataDir, file));
  }
  return found;
}

const callsInBooks = () => system.store.query("SELECT count() AS calls, sum(cost_usd) AS usd FROM calls FINAL", {});

test("while its time lasts the content reads, and stands nowhere in the clear", async () => {
  runs = {
    anns: await started("brief", "ann"),
    nobodys: await started("brief"),
    lasting: await started("summarise", "ann"),
  };
  for (const [runId, word] of [
    [runs.anns, short],
    [runs.nobodys, short],
    [runs.lasting, lasting],
  ] as const)
    assert.match(JSON.stringify(await ended(runId)), new RegExp(word));
  assert.deepEqual(await filesWith([short, lasting]), []);
  keys = await keysOnDisk(system.stages.reader, ({ kind }) => kind === "retention_key");
  assert.deepEqual(new Set(keys.map(({ key }) => key.subject_id)), new Set(["ann", undefined]));
  await until(
    "the ledger has the calls",
    callsInBooks,
    ([row]) => Object(row).calls === 3 || Object(row).calls === "3",
  );
});

test("afterwards nobody reads it, the keys are gone from the disk, and the subject's other content is as it was", async () => {
  const before = await callsInBooks();
  const dataKeys = await Promise.all(keys.map(({ key }) => openEnvironmentKeys(secret).unwrap(key.key_id, key)));
  const wrapped = keys.map(({ key }) => Buffer.from(key.wrapped, "base64"));
  const forms = [...dataKeys, ...wrapped].flatMap((bytes) => {
    assert.ok(bytes !== null);
    return [bytes, bytes.toString("base64"), bytes.toString("hex")];
  });
  assert.notDeepEqual(await filesWith(forms), [], "the wrapped keys are on the disk");
  await system.kill("input-scan");
  for (const runId of [runs.anns, runs.nobodys]) {
    // The keys are still on the topic: by every process's own clock they open nothing any more.
    const over = await until(
      "it is erased",
      () => ask(`/v1/runs/${runId}`),
      ({ erased }) => erased === true,
    );
    assert.equal(JSON.stringify(over).includes(short), false);
    assert.match(await told("runs", "show", runId), /erased/);
  }
  await system.start("input-scan", { BREAKWATER_SECRET_KEY: secret });
  assert.deepEqual(
    await until(
      "no form of a key is left",
      () => filesWith(forms),
      (files) => files.length === 0,
    ),
    [],
  );
  assert.match(await shown(runs.lasting), new RegExp(lasting));
  assert.deepEqual(await callsInBooks(), before);
});

const audited = z.looseObject({ kind: z.string(), state: z.string().optional(), key_id: z.string().optional() });

test("the audit has each key's end twice, asked and complete, and is whole", async () => {
  const erasures = async () =>
    (await system.stages.records("harness-audit"))
      .map(({ value }) => audited.parse(JSON.parse(String(value))))
      .filter(({ kind }) => kind === "erasure")
      .map(({ state, key_id: keyId }) => `${state} ${keyId}`);
  const wanted = keys.flatMap(({ key }) => [`asked ${key.key_id}`, `complete ${key.key_id}`]);
  await until("all are complete", erasures, (found) => wanted.every((one) => found.includes(one)));
  const records = await system.stages.records("harness-audit");
  const sealed = () =>
    told("audit", "verify", "--json").then((text) => z.looseObject({ links: z.int() }).parse(JSON.parse(text)));
  await until("all of it is sealed", sealed, ({ links }) => links >= records.length);
});
