/**
 * A harness whose content has a short time, on the real parts: while it lasts the
 * answers can be read; afterwards nobody can, with or without a data subject,
 * though input-scan is killed in between; the wrapped keys leave the broker's
 * disk. The same subject's content of another harness reads as ever, and ledger
 * and audit are what they were.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { z } from "zod";
import { harness as summarise } from "../../harnesses/summarise/harness.ts";
import { keysOnDisk, type KeyOnDisk } from "../../services/runtime/content/keys-on-disk.ts";
import { openEnvironmentKeys } from "../../services/runtime/secrets/key-service.ts";
import { filesWith, SealedSystem, secret, until } from "../support/sealed-system.ts";

const short = "zephyrambergris";
const lasting = "obsidianmarzipan";
/** Long enough for a slow machine to answer in, and to be looked at. */
const brief = {
  ...summarise,
  name: "brief",
  models: summarise.models.toReversed(),
  deadlineMs: 60_000,
  retention: { contentMs: 150_000 },
};

let system: SealedSystem;
let runs: { readonly anns: string; readonly nobodys: string; readonly lasting: string };
let keys: readonly KeyOnDisk[];

before(async () => {
  system = await SealedSystem.open(brief);
  const saying = (word: string) => ({ kind: "text", text: `It is about ${word}.` }) as const;
  await system.whole.standIn.script({
    rules: [
      { match: { model: "gpt-4o-mini" }, effect: saying(short) },
      { match: { model: "gpt-4o" }, effect: saying(lasting) },
    ],
  });
});
after(() => system.close());

const input = { document: "A paper." };
const onDisk = (needles: readonly (string | Buffer)[]) => filesWith(system.broker.dataDir, needles);

test("while its time lasts the content reads, and stands nowhere in the clear", async () => {
  runs = {
    anns: await system.begin({ harness: "brief", subject_id: "ann", input }),
    nobodys: await system.begin({ harness: "brief", input }),
    lasting: await system.begin({ harness: "summarise", subject_id: "ann", input }),
  };
  for (const [runId, word] of [
    [runs.anns, short],
    [runs.nobodys, short],
    [runs.lasting, lasting],
  ] as const)
    assert.match(JSON.stringify(await system.ended(runId)), new RegExp(word));
  assert.deepEqual(await onDisk([short, lasting]), []);
  keys = await keysOnDisk(system.whole.stages.reader, ({ kind }) => kind === "retention_key");
  assert.deepEqual(new Set(keys.map(({ key }) => key.subject_id)), new Set(["ann", undefined]));
  await until(
    "the ledger has the calls",
    () => system.callsInBooks(),
    ([row]) => Object(row).calls === 3 || Object(row).calls === "3",
  );
});

test("afterwards nobody reads it, the keys are gone from the disk, and the subject's other content is as it was", async () => {
  const before = await system.callsInBooks();
  const dataKeys = await Promise.all(keys.map(({ key }) => openEnvironmentKeys(secret).unwrap(key.key_id, key)));
  const wrapped = keys.map(({ key }) => Buffer.from(key.wrapped, "base64"));
  const forms = [...dataKeys, ...wrapped].flatMap((bytes) => {
    assert.ok(bytes !== null);
    return [bytes, bytes.toString("base64"), bytes.toString("hex")];
  });
  assert.notDeepEqual(await onDisk(forms), [], "the wrapped keys are on the disk");
  await system.whole.kill("input-scan");
  for (const runId of [runs.anns, runs.nobodys]) {
    // The keys are still on the topic: by every process's own clock they open nothing any more.
    const over = await until(
      "it is erased",
      () => system.ask(`/v1/runs/${runId}`),
      ({ erased }) => erased === true,
    );
    assert.equal(JSON.stringify(over).includes(short), false);
    assert.match(await system.told("runs", "show", runId), /erased/);
  }
  await system.whole.start("input-scan", { BREAKWATER_SECRET_KEY: secret });
  assert.deepEqual(
    await until(
      "no form of a key is left",
      () => onDisk(forms),
      (files) => files.length === 0,
    ),
    [],
  );
  assert.match(JSON.stringify(await system.ask(`/v1/runs/${runs.lasting}`)), new RegExp(lasting));
  assert.deepEqual(await system.callsInBooks(), before);
});

const audited = z.looseObject({ kind: z.string(), state: z.string().optional(), key_id: z.string().optional() });

test("the audit has each key's end twice, asked and complete, and is whole", async () => {
  const erasures = async () =>
    (await system.whole.stages.records("harness-audit"))
      .map(({ value }) => audited.parse(JSON.parse(String(value))))
      .filter(({ kind }) => kind === "erasure")
      .map(({ state, key_id: keyId }) => `${state} ${keyId}`);
  const wanted = keys.flatMap(({ key }) => [`asked ${key.key_id}`, `complete ${key.key_id}`]);
  await until("all are complete", erasures, (found) => wanted.every((one) => found.includes(one)));
  const records = await system.whole.stages.records("harness-audit");
  await system.auditIsWhole(records.length);
});
