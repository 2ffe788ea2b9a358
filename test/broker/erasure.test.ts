/**
 * A data subject erased, on the real parts: words that stand nowhere else are
 * planted in a request, a model's answer, a reviewer's edit and dead letters.
 * They can be read through the commands while the subject's key is there; no
 * topic behind input-scan ever holds them in the clear; and when the erasure is
 * complete, neither they nor the key are in any file of Kafka or ClickHouse,
 * while the audit chain and the ledger are what they were.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import kafkajs from "kafkajs";
import { z } from "zod";
import { harness as summarise } from "../../harnesses/summarise/harness.ts";
import { keysOnDisk, type OwnedKey } from "../../services/runtime/content/keys-on-disk.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { openEnvironmentKeys } from "../../services/runtime/secrets/key-service.ts";
import { filesWith, SealedSystem, secret, until } from "../support/sealed-system.ts";
import { silentLogger } from "../support/silent-logger.ts";

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

let system: SealedSystem;
let runs: { readonly plain: string; readonly held: string };
let keyId: string;

before(async () => {
  system = await SealedSystem.open(reviewed);
  const effect = { kind: "text", text: `It is about ${words.answered}.` } as const;
  await system.whole.standIn.script({ rules: [{ id: "answer", match: {}, effect }] });
});
after(() => system.close());

const started = (harness: string): Promise<string> =>
  system.begin({ harness, subject_id: "ann", input: { document: `A paper on ${words.asked}, for her alone.` } });

/** Segments of requests end after a second, and input-scan trims what is a second old. */
async function trimQuickly(): Promise<void> {
  const admin = createKafka(system.broker.settings, "erasure-test", silentLogger).admin();
  await admin.connect();
  const configEntries = [
    { name: "segment.ms", value: "1000" },
    { name: "file.delete.delay.ms", value: "100" },
  ];
  const ofTopic = (name: string) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name, configEntries });
  await admin.alterConfigs({ validateOnly: false, resources: [ofTopic("harness-requests")] });
  await admin.disconnect();
  await system.whole.stop("input-scan");
  await system.whole.start("input-scan", { BREAKWATER_SECRET_KEY: secret, BREAKWATER_REQUESTS_KEPT_MS: "1000" });
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
    await system.whole.stages.producer.send([
      { topic: "harness-requests", partition: 0, key: null, value, headers: {} },
    ]);
  }
  assert.match(JSON.stringify(await system.ended(plain)), new RegExp(words.answered));
  const review = await until(
    "it is held",
    () => system.ask(`/v1/reviews/${held}`),
    ({ http }) => http === 200,
  );
  assert.match(JSON.stringify(review), new RegExp(words.answered));
  await system.ask(`/v1/reviews/${held}/decision`, { decision: "edit", text: `It is about ${words.edited}.` });
  assert.match(JSON.stringify(await system.ended(held)), new RegExp(words.edited));
  await until(
    "both dead letters are there",
    () => system.whole.count("harness-requests-dlq"),
    (count) => count === 2,
  );
  await until(
    "the ledger has it",
    () => system.ask(`/v1/runs/${plain}`),
    ({ timeline }) => JSON.stringify(timeline).includes("finished"),
  );
  assert.match(await system.told("runs", "show", plain), new RegExp(words.answered));
  const letters = await Promise.all(
    [0, 1].map((at) => system.told("dlq", "show", `harness-requests-dlq/0/${at}`, "--payload")),
  );
  assert.match(letters.join(), new RegExp(words.refused));
  assert.match(letters.join(), new RegExp(words.unreadable));
  const found = await filesWith(system.broker.dataDir, Object.values(words));
  assert.deepEqual(
    found.filter((file) => !asPublished.test(file)),
    [],
  );
  assert.notEqual(found.length, 0, "requests are as they were published");
});

test("after the erasure neither the words nor the key are on any disk, and the books are what they were", async () => {
  const folders = [system.broker.dataDir, system.whole.clickHouse.dataDir];
  const [key] = await keysOnDisk(system.whole.stages.reader, isAnns);
  assert.ok(key !== undefined);
  keyId = key.key.key_id;
  const dataKey = await openEnvironmentKeys(secret).unwrap(key.key.key_id, key.key);
  assert.ok(dataKey !== null);
  const wrapped = Buffer.from(key.key.wrapped, "base64");
  const forms = [dataKey, wrapped].flatMap((bytes) => [bytes, bytes.toString("base64"), bytes.toString("hex")]);
  const needles = [...Object.values(words), ...forms];
  assert.notDeepEqual(await filesWith(system.broker.dataDir, forms), [], "the wrapped key is on the disk");
  const before = await system.callsInBooks();
  await trimQuickly();
  assert.match(await system.told("erase", "--subject", "ann", "--reason", "asked for"), /on record in the audit/);
  const gone = async () => (await Promise.all(folders.map((folder) => filesWith(folder, needles)))).flat();
  assert.deepEqual(await until("nothing is left", gone, (files) => files.length === 0), []);
  assert.deepEqual(await system.callsInBooks(), before);
  assert.equal(z.object({ erased: z.boolean() }).parse(await system.ended(runs.plain)).erased, true);
  assert.match(await system.told("runs", "show", runs.plain), /erased: its key is gone/);
  const again = await system.command("erase", "--subject", "ann", "--json");
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
  const records = (await system.whole.stages.records("harness-audit")).map(({ value }) =>
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
  await system.auditIsWhole(records.length);
});

test("a later run of the same subject is sealed under a new key, and read as ever", async () => {
  const later = await system.ended(await started("summarise"));
  assert.match(JSON.stringify(later), new RegExp(words.answered));
  assert.equal((await keysOnDisk(system.whole.stages.reader, isAnns)).length, 1);
});
