/**
 * A data subject erased, on the real parts: words that stand nowhere else are
 * planted in a request, a model's answer, a reviewer's edit and dead letters.
 * They can be read through the commands while the subject's key is there; no
 * topic behind input-scan ever holds them in the clear; and when the erasure is
 * complete, neither they nor the key are in any file of Kafka or ClickHouse,
 * while the audit chain and the ledger are what they were.
 */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import kafkajs from "kafkajs";
import { z } from "zod";
import { harness as summarise } from "../../harnesses/summarise/harness.ts";
import { keysOnDisk, type OwnedKey } from "../../services/runtime/content/keys-on-disk.ts";
import { publishHarnesses } from "../../services/cli/harness/publish-harnesses.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { definitionVersion } from "../../services/definitions/version.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { openEnvironmentKeys } from "../../services/runtime/secrets/key-service.ts";
import { run } from "../cli/command.ts";
import { startTestBroker, type TestBroker } from "../support/broker.ts";
import { grantKey } from "../support/gateway-keys.ts";
import { silentLogger } from "../support/silent-logger.ts";
import { StageProcesses } from "../support/stage-processes.ts";
import { WholeSystem } from "../support/whole-system.ts";

/** Far beyond what a slow machine needs. */
const patienceMs = 300_000;
const secret = "7e".repeat(32);
const words = {
  asked: "quixotheliotrope",
  answered: "zephyrambergris",
  edited: "obsidianmarzipan",
  refused: "vermilionlarkspur",
  unreadable: "cinnabarwalnut",
} as const;
const reviewed = {
  ...summarise,
  name: "reviewed",
  review: { when: "always", timeoutMs: 600_000, onTimeout: "reject" } as const,
};

let broker: TestBroker;
let system: WholeSystem;
let gateway: string;
let apiKey: string;
let runs: { readonly plain: string; readonly held: string };
let keyId: string;
const home = mkdtempSync(path.join(tmpdir(), "breakwater-erasure-"));

before(async () => {
  broker = await startTestBroker();
  system = await WholeSystem.open(0, () => StageProcesses.on(broker, 1));
  const loaded = { file: "reviewed", version: definitionVersion(reviewed), definition: reviewed };
  await publishHarnesses([loaded], (emissions) => system.stages.producer.publish(emissions));
  apiKey = await grantKey(system.stages, { client: "acme", admin: true });
  const effect = { kind: "text", text: `It is about ${words.answered}.` } as const;
  await system.standIn.script({ rules: [{ id: "answer", match: {}, effect }] });
  for (const stage of stageNames) await system.start(stage, { BREAKWATER_SECRET_KEY: secret });
  await system.startOne("audit-seal", {});
  const { told } = await system.startOne("gateway", {
    BREAKWATER_SECRET_KEY: secret,
    BREAKWATER_GATEWAY_PORT: "0",
    BREAKWATER_GATEWAY_STOP_DELAY_MS: "0",
  });
  gateway = z.object({ address: z.url() }).parse(told).address;
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

async function started(harness: string): Promise<string> {
  const body = { harness, subject_id: "ann", input: { document: `A paper on ${words.asked}, for her alone.` } };
  return z.uuid().parse((await ask("/v1/runs", body))["run_id"]);
}

const ended = (runId: string) =>
  until(
    `run ${runId} ends`,
    () => ask(`/v1/runs/${runId}`),
    ({ state }) => state === "ended",
  );

/** The command as an operator runs it, beside this system. */
const environment = () => ({
  KAFKA_BROKERS: broker.brokers,
  CLICKHOUSE_URL: system.clickHouse.url,
  BREAKWATER_SECRET_KEY: secret,
});

async function told(...command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(home, command, environment());
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Files that hold any of these, by name. */
async function filesWith(folder: string, needles: readonly (string | Buffer)[]): Promise<readonly string[]> {
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

/** Segments of requests end after a second, and input-scan trims what is a second old. */
async function trimQuickly(): Promise<void> {
  const admin = createKafka(broker.settings, "erasure-test", silentLogger).admin();
  await admin.connect();
  const configEntries = [
    { name: "segment.ms", value: "1000" },
    { name: "file.delete.delay.ms", value: "100" },
  ];
  const ofTopic = (name: string) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries });
  await admin.alterConfigs({ validateOnly: false, resources: [ofTopic("harness-requests")] });
  await admin.disconnect();
  await system.stop("input-scan");
  await system.start("input-scan", { BREAKWATER_SECRET_KEY: secret, BREAKWATER_REQUESTS_KEPT_MS: "1000" });
}

const isAnns = ({ subject_id: subject }: OwnedKey): boolean => subject === "ann";

const asPublished = /(^|\/)harness-requests(-batch)?-\d+\//;

test("what a subject's runs write is sealed, and opens for those who may see it", async () => {
  runs = { plain: await started("summarise"), held: await started("reviewed") };
  const { plain, held } = runs;
  const requests = [
    { harness: "nobody", client_id: "acme", subject_id: "ann", input: { document: words.refused } },
    `{"harness": "summarise", "input": ${words.unreadable}`,
  ];
  for (const request of requests) {
    const value = Buffer.from(typeof request === "string" ? request : JSON.stringify(request));
    await system.stages.producer.send([{ topic: "harness-requests", partition: 0, key: null, value, headers: {} }]);
  }
  assert.match(JSON.stringify(await ended(plain)), new RegExp(words.answered));
  const review = await until(
    "it is held",
    () => ask(`/v1/reviews/${held}`),
    ({ http }) => http === 200,
  );
  assert.match(JSON.stringify(review), new RegExp(words.answered));
  await ask(`/v1/reviews/${held}/decision`, { decision: "edit", text: `It is about ${words.edited}.` });
  assert.match(JSON.stringify(await ended(held)), new RegExp(words.edited));
  await until(
    "both dead letters are there",
    () => system.count("harness-requests-dlq"),
    (count) => count === 2,
  );
  await until(
    "the ledger has it",
    () => ask(`/v1/runs/${plain}`),
    ({ timeline }) => JSON.stringify(timeline).includes("finished"),
  );
  assert.match(await told("runs", "show", plain), new RegExp(words.answered));
  const letters = await Promise.all(
    [0, 1].map((at) => told("dlq", "show", `harness-requests-dlq/0/${at}`, "--payload")),
  );
  assert.match(letters.join(), new RegExp(words.refused));
  assert.match(letters.join(), new RegExp(words.unreadable));
  const found = await filesWith(broker.dataDir, Object.values(words));
  assert.deepEqual(
    found.filter((file) => !asPublished.test(file)),
    [],
  );
  assert.notEqual(found.length, 0, "requests are as they were published");
});

test("after the erasure neither the words nor the key are on any disk, and the books are what they were", async () => {
  const folders = [broker.dataDir, system.clickHouse.dataDir];
  const [key] = await keysOnDisk(system.stages.reader, isAnns);
  assert.ok(key !== undefined);
  keyId = key.key.key_id;
  const dataKey = await openEnvironmentKeys(secret).unwrap(key.key.key_id, key.key);
  assert.ok(dataKey !== null);
  const wrapped = Buffer.from(key.key.wrapped, "base64");
  const forms = [dataKey, wrapped].flatMap((bytes) => [bytes, bytes.toString("base64"), bytes.toString("hex")]);
  const needles = [...Object.values(words), ...forms];
  assert.notDeepEqual(await filesWith(broker.dataDir, forms), [], "the wrapped key is on the disk");
  const sums = () => system.store.query("SELECT count() AS calls, sum(cost_usd) AS usd FROM calls FINAL", {});
  const before = await sums();
  await trimQuickly();
  assert.match(await told("erase", "--subject", "ann", "--reason", "asked for"), /on record in the audit/);
  const gone = async () => (await Promise.all(folders.map((folder) => filesWith(folder, needles)))).flat();
  assert.deepEqual(await until("nothing is left", gone, (files) => files.length === 0), []);
  assert.deepEqual(await sums(), before);
  assert.equal(z.object({ erased: z.boolean() }).parse(await ended(runs.plain)).erased, true);
  assert.match(await told("runs", "show", runs.plain), /erased: its key is gone/);
  const again = await run(home, ["erase", "--subject", "ann", "--json"], environment());
  assert.deepEqual(
    [again.code, z.looseObject({ state: z.string() }).parse(JSON.parse(again.stdout)).state],
    [1, "none"],
  );
});

const audited = z.looseObject({
  kind: z.string(),
  state: z.string().optional(),
  run_id: z.uuid().optional(),
  input_hmac: z.string().optional(),
  output_hmac: z.string().optional(),
});

test("the audit has the erasure twice, asked and complete, hashes under the key that is gone, and is whole", async () => {
  const records = (await system.stages.records("harness-audit")).map(({ value }) =>
    audited.parse(JSON.parse(String(value))),
  );
  assert.deepEqual(
    records.filter(({ kind }) => kind === "erasure").map(({ state }) => state),
    ["asked", "complete"],
  );
  const ofRuns = records.filter(({ run_id: runId }) => runId === runs.plain || runId === runs.held);
  const hashes = ofRuns.flatMap(({ kind, input_hmac: input, output_hmac: output }) =>
    [input, output].map((hash) => ({ kind, by: hash?.split(":")[0] })),
  );
  for (const kind of ["decision", "call"])
    assert.deepEqual(
      new Set(hashes.filter((one) => one.kind === kind && one.by !== undefined).map(({ by }) => by)),
      new Set([keyId]),
    );
  const sealed = () =>
    told("audit", "verify", "--json").then((text) => z.looseObject({ links: z.int() }).parse(JSON.parse(text)));
  await until("all of it is sealed", sealed, ({ links }) => links >= records.length);
});

test("a later run of the same subject is sealed under a new key, and read as ever", async () => {
  const later = await ended(await started("summarise"));
  assert.match(JSON.stringify(later), new RegExp(words.answered));
  assert.equal((await keysOnDisk(system.stages.reader, isAnns)).length, 1);
});
