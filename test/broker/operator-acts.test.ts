/**
 * What operators do by the command line stands on harness-audit, under their
 * name, before it is done: each command of the table in operator-acts.ts whose
 * record no other test looks for is run against a real broker and ledger.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import { auditChange, type AuditChange } from "../../schemas/audit/change.ts";
import { connectStore } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { run } from "../cli/command.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { StageProcesses } from "../support/stage-processes.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-acts-"));
let house: TestClickHouse;
let stages: StageProcesses;

before(async () => {
  [house, stages] = await Promise.all([startTestClickHouse(), StageProcesses.open()]);
  const store = connectStore({ url: house.url, user: "default", password: "", database: "breakwater" });
  await migrate(store);
  await store.close();
});
after(async () => {
  await Promise.all([house.stop(), stages.close()]);
  rmSync(home, { recursive: true, force: true });
});

const seen = new Set<string>();

interface Told {
  readonly what: readonly (readonly [action: string, target: string, client?: string])[];
  readonly changes: readonly AuditChange[];
  readonly out: string;
  readonly error: string;
}

/** Runs it as ines, and looks what it told the audit. */
async function act(...words: readonly string[]): Promise<Told> {
  const env = { KAFKA_BROKERS: stages.broker.brokers, CLICKHOUSE_URL: house.url, BREAKWATER_PARTITIONS: "2" };
  const { stdout, stderr } = await run(home, [...words, "--operator", "ines", "--json"], env);
  const records = (await stages.records("harness-audit")).map(({ value }) =>
    auditChange.parse(JSON.parse(String(value))),
  );
  const changes = records.filter(({ event_id: id }) => !seen.has(id));
  for (const { event_id: id, by } of changes) {
    seen.add(id);
    assert.deepEqual(by, { kind: "user", id: "ines" });
  }
  const what = changes.map(({ action, target, client_id: client }) =>
    client === undefined ? ([action, target] as const) : ([action, target, client] as const),
  );
  return { what, changes, out: stdout, error: stderr };
}

/** The example `support-chat`, described otherwise. */
function otherVersion(description: string): string {
  const file = path.join(mkdtempSync(path.join(home, "harness-")), "harness.yaml");
  const source = readFileSync("harnesses/support-chat/harness.yaml", "utf8");
  writeFileSync(file, source.replace(/^description: .*$/m, `description: ${description}`));
  return file;
}

test("definitions and packs", async () => {
  const { changes, error } = await act("setup");
  const actions = new Set(changes.map(({ action }) => action));
  assert.deepEqual([...actions].toSorted(), ["harness.applied", "signatures.applied"], error);
  const apply = async (...words: readonly string[]) => (await act("harness", "apply", ...words)).what;
  const name = "support-chat";
  assert.deepEqual(await apply(otherVersion("one")), [["harness.applied", name]]);
  assert.deepEqual(await apply(otherVersion("two"), "--shadow"), [["harness.shadow", name]]);
  assert.deepEqual(await apply(otherVersion("three"), "--canary", "0.1"), [["harness.canary", name]]);
  assert.deepEqual(await apply(otherVersion("one"), "--shadow"), [], "a trial that is refused");
  const pack = path.join(home, "core.yaml");
  const source = readFileSync("harnesses/signatures/core.yaml", "utf8");
  writeFileSync(pack, source.replace('version: "1"', 'version: "2"'));
  const applied = await act("signatures", "apply", pack, "--recheck", "0");
  assert.deepEqual(
    applied.changes.map(({ action, version, previous }) => [action, version, previous]),
    [["signatures.applied", "2", "1"]],
  );
});

test("budgets, prices and keys, with what was in force before", async () => {
  const budget = ["--client", "acme", "--window", "month"];
  const set = await act("budgets", "set", ...budget, "--usd", "5", "--spent-usd", "0");
  const unset = await act("budgets", "unset", ...budget);
  assert.deepEqual([set.what[0]?.[0], unset.what[0]?.[0]], ["budget.set", "budget.unset"]);
  assert.equal(unset.changes[0]?.previous, set.changes[0]?.version);
  const price = await act(
    "prices",
    "set",
    "--provider",
    "openai",
    "--model",
    "gpt-4o",
    "--input",
    "2",
    "--output",
    "8",
  );
  const [[action, id] = ["", ""]] = price.what;
  assert.equal(action, "price.set");
  assert.deepEqual((await act("prices", "unset", id)).what, [["price.unset", id]]);
  assert.deepEqual((await act("prices", "unset", id)).what, [], "what is not there is not unset");
  const key = (await act("keys", "create", "--client", "acme")).what[0];
  assert.deepEqual([key?.[0], key?.[2]], ["key.created", "acme"]);
  const fresh = (await act("keys", "rotate", key?.[1] ?? "")).what[0];
  assert.deepEqual([fresh?.[0], fresh?.[2]], ["key.rotated", "acme"]);
  assert.deepEqual((await act("keys", "revoke", fresh?.[1] ?? "")).what, [["key.revoked", fresh?.[1], "acme"]]);
});

test("orders", async () => {
  assert.deepEqual((await act("pause", "--client", "acme")).what, [["paused", "client acme", "acme"]]);
  assert.deepEqual((await act("resume", "--client", "acme")).what, [["resumed", "client acme", "acme"]]);
  const run = "0190f2c4-0000-7000-8000-000000000001";
  assert.deepEqual((await act("runs", "cancel", run, "--timeout", "1")).what, [["run.cancelled", run]]);
  assert.deepEqual((await act("batch", "cancel", "may", "--client", "acme")).what, [
    ["batch.cancelled", "may", "acme"],
  ]);
});

test("dead letters that run again, with whose run it is, and which were mended", async () => {
  const value = { harness: "nobody", client_id: "acme", input: { text: "hello-canary" } };
  const topic = "harness-requests-dlq";
  const ref = await deadLetter(topic, value);
  assert.deepEqual((await act("dlq", "replay", ref, "--dry-run")).what, []);
  const { changes } = await act("dlq", "replay", ref);
  const [told] = changes;
  assert.deepEqual([told?.action, told?.target, told?.client_id], ["dead_letter.replayed", ref, "acme"]);
  const [published] = (await stages.records("harness-requests")).map(({ key }) => String(key));
  assert.equal(told?.run_id, published);
  assert.deepEqual((await act("dlq", "replay", ref)).what, [], "it was replayed already");
  const mended = path.join(home, "mended.json");
  writeFileSync(mended, JSON.stringify({ ...value, harness: "summarise", input: { document: "hello-canary" } }));
  const again = await act("dlq", "replay", ref, "--edit", mended, "--again");
  assert.deepEqual(again.what, [["dead_letter.mended", ref, "acme"]]);
  const audit = (await stages.records("harness-audit")).map(({ value: bytes }) => String(bytes)).join("\n");
  assert.doesNotMatch(audit, /hello-canary/);
});

/** As input-scan leaves one for a harness that nobody knows; resolves with its ref. */
async function deadLetter(topic: string, value: object): Promise<string> {
  const told = {
    topic: "harness-requests",
    partition: "0",
    offset: "7",
    code: "harness_unknown",
    stage: "input-scan",
    message: "no harness of this name",
    disposition: "rejected",
    timestamp: new Date().toISOString(),
  };
  const headers = Object.fromEntries(Object.entries(told).map(([name, text]) => [`__dlq.errors.${name}`, text]));
  const bytes = Buffer.from(JSON.stringify(value));
  await stages.producer.send([{ topic, partition: 0, key: "k", value: bytes, headers }]);
  const [record] = await stages.records(topic);
  assert.ok(record !== undefined);
  return `${topic}/${record.partition}/${record.offset}`;
}

test("calls that are priced anew beside the books, when that is written", async () => {
  const words = ["prices", "reprice", "--from", "2026-11-01", "--to", "2026-12-01", "--client", "acme"];
  assert.deepEqual((await act(...words)).what, [], "only shown");
  const { changes, out } = await act(...words, "--write");
  const { repricing_id: id } = z.object({ repricing_id: z.uuid() }).parse(JSON.parse(out));
  assert.deepEqual(
    changes.map(({ action, target, client_id: client }) => [action, target, client]),
    [["calls.repriced", `${id}: 2026-11-01T00:00:00.000Z to 2026-12-01T00:00:00.000Z`, "acme"]],
  );
  assert.match(changes[0]?.version ?? "", /^[0-9a-f]{16}$/);
});

test("evidence that leaves the house", async () => {
  const out = path.join(home, "evidence");
  const { what } = await act("audit", "export", "--client", "acme", "--from", "2026-11-01", "--out", out);
  const target = "client acme, sealed 2026-11-01T00:00:00.000Z to now";
  assert.deepEqual(what, [["audit.exported", target, "acme"]]);
});
