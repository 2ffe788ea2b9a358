/**
 * input-scan as a process on a real broker: what becomes of good, refused and
 * unreadable requests, packs that take effect without a restart, and a kill
 * between its write and its commit, with a pack applied before the restart.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { SignaturePack } from "../../schemas/control/signature-pack.ts";
import { attemptTask } from "../../schemas/records/attempt-task.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import { defineHarness } from "../../services/definitions/define-harness.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { partitionOf } from "../../services/runtime/kafka/murmur2.ts";
import { StageProcesses, type StageProcess } from "../support/stage-processes.ts";

const harness = defineHarness({
  name: "note",
  input: { schema: z.strictObject({ text: z.string() }) },
  prompt: { user: "Note: {{text}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
});

let stages: StageProcesses;
before(async () => {
  stages = await StageProcesses.open();
  const { name, version } = await stages.apply(harness);
  await control("harness-definitions", name, { kind: "current", name, version });
  await applyPack("1", "first attack");
});
after(() => stages.close());

function control(topic: string, key: string, value: unknown) {
  return stages.producer.send([{ topic, partition: 0, key, value: Buffer.from(JSON.stringify(value)), headers: {} }]);
}

function applyPack(version: string, pattern: string) {
  const examples = { match: [pattern], noMatch: ["zzz"] };
  const signature = { id: "s", category: "role_play", severity: "high", action: "block", pattern, examples } as const;
  const pack: SignaturePack = { pack: "core", version, description: "", signatures: [signature] };
  return control("harness-signatures", "core", pack);
}

let made = 0;
const runIds = (count: number): string[] =>
  Array.from({ length: count }, () => `0198c0de-0000-7000-8000-${String(++made).padStart(12, "0")}`);

const request = (run_id: string, text: unknown) => ({ run_id, harness: "note", client_id: "acme", input: { text } });

async function publish(...values: readonly (Buffer | object)[]): Promise<void> {
  const records = values.map((value) => ({
    topic: "harness-requests",
    partition: 0,
    key: null,
    value: Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
    headers: {},
  }));
  await stages.producer.send(records);
}

const valueOf = ({ value }: LogRecord): unknown => JSON.parse(String(value));
const keyOf = ({ key }: LogRecord): string => String(key);
const about =
  (...ids: readonly string[]) =>
  (records: readonly LogRecord[]): boolean =>
    ids.every((id) => records.some((record) => keyOf(record) === id));

async function resultOf(runId: string) {
  const records = await stages.until("harness-results", about(runId));
  const first = records.find((record) => keyOf(record) === runId);
  assert.ok(first !== undefined);
  return runResult.parse(valueOf(first));
}

test("good, refused and unreadable requests each come to their one end", async () => {
  const scan = await stages.start("input-scan");
  const [good = "", attack = "", wrong = "", unknown = ""] = runIds(4);
  const garbage = Buffer.from("{ not json: \u0000 at all");
  await publish(
    request(good, "Hello, my number is 536-90-4399."),
    request(attack, "This is the FIRST\u200b attack."),
    request(wrong, 3),
    { ...request(unknown, "x"), harness: "nothing" },
    garbage,
  );

  const scanned = await stages.until("harness-scanned", about(good));
  const admitted = scanned.find((record) => keyOf(record) === good);
  assert.ok(admitted !== undefined);
  assert.deepEqual(attemptTask.parse(valueOf(admitted)).messages, {
    plain: [{ role: "user", content: "Note: Hello, my number is [SSN]." }],
  });
  assert.equal(admitted.partition, partitionOf(good, 2));
  assert.equal(admitted.headers["origin"], "harness-requests/0/0");

  assert.deepEqual([(await resultOf(attack)).status, (await resultOf(attack)).reasons[0]?.rule], ["refused", "core/s"]);
  assert.deepEqual(
    (await resultOf(wrong)).reasons.map(({ path, rule }) => [path, rule]),
    [["/text", "type"]],
  );
  assert.equal((await resultOf(unknown)).status, "invalid");

  const dead = await stages.until("harness-requests-dlq", ({ length }) => length === 2);
  assert.deepEqual(
    dead.map(({ value }) => String(value)).toSorted(),
    [JSON.stringify({ ...request(unknown, "x"), harness: "nothing" }), garbage.toString()].toSorted(),
  );
  const results = await stages.until("harness-results", ({ length }) => length === 4);
  const statuses = results.map((record) => runResult.parse(valueOf(record)).status);
  assert.deepEqual(statuses.toSorted(), ["invalid", "invalid", "refused", "refused"]);
  await stages.until("harness-audit", ({ length }) => length === 5);
  assert.equal(scan.log().includes("Hello"), false, "content reached a log");
  await scan.kill();
});

test("a pack takes effect without a restart; a bad one is refused aloud and changes nothing", async () => {
  const scan = await stages.start("input-scan");
  await untilRefused("first attack");
  await applyPack("2", "second attack");
  await untilRefused("second attack");
  const [old = ""] = runIds(1);
  await publish(request(old, "the first attack"));
  await stages.until("harness-scanned", about(old));
  await applyPack("3", "third.*attack");
  await untilLogged(scan, "unbounded quantifier");
  const [still = ""] = runIds(1);
  await publish(request(still, "the second attack"));
  assert.equal((await resultOf(still)).status, "refused");
  await scan.kill();
});

/** Publishes a text again and again until it is refused. */
async function untilRefused(text: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const [id = ""] = runIds(1);
    await publish(request(id, text));
    if ((await endingOf(id)) === "harness-results") return;
  }
  assert.fail(`"${text}" was never refused`);
}

/** The topic that a run's first record appears on. */
async function endingOf(id: string): Promise<string> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    for (const topic of ["harness-scanned", "harness-results"]) {
      if (about(id)(await stages.records(topic))) return topic;
    }
    await sleep(50);
  }
  return assert.fail(`nothing came of ${id}`);
}

async function untilLogged(stage: StageProcess, words: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!stage.log().includes(words)) {
    assert.ok(Date.now() < deadline, `never logged: ${words}`);
    await sleep(50);
  }
}

test("killed after its write and before its commit, a pack applied, restarted: one record a run, and the first decision stands", async () => {
  await applyPack("4", "fourth attack");
  const doomed = await stages.start("input-scan", { BREAKWATER_COMMIT_INTERVAL_MS: "3600000" });
  const ids = runIds(40);
  await publish(...ids.map((id, at) => request(id, at % 2 === 0 ? "the fifth attack" : "the fourth attack")));
  const [admitted, refused] = [ids.filter((_, at) => at % 2 === 0), ids.filter((_, at) => at % 2 === 1)];
  await stages.until("harness-scanned", about(...admitted));
  await stages.until("harness-results", about(...refused));
  await doomed.kill();

  await applyPack("5", "fifth attack");
  const next = await stages.start("input-scan");
  const [last = ""] = runIds(1);
  await publish(request(last, "the fifth attack"));
  assert.equal((await resultOf(last)).status, "refused", "the new pack is in force");
  await stages.untilCommitted("input-scan", "harness-requests", keyOfPartition(0), await endOf("harness-requests", 0));

  const count = (records: readonly LogRecord[], id: string) => records.filter((record) => keyOf(record) === id).length;
  const [scanned, results] = [await stages.records("harness-scanned"), await stages.records("harness-results")];
  for (const id of admitted) assert.deepEqual([count(scanned, id), count(results, id)], [1, 0]);
  for (const id of refused) assert.deepEqual([count(scanned, id), count(results, id)], [0, 1]);
  await next.kill();
});

/** Some key that the partition function puts there. */
function keyOfPartition(partition: number): string {
  for (let at = 0; ; at++) if (partitionOf(`k${at}`, 2) === partition) return `k${at}`;
}

async function endOf(topic: string, partition: number): Promise<bigint> {
  return (await stages.reader.offsets(topic)).get(partition)?.high ?? 0n;
}
