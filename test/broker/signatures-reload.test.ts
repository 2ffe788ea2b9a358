/**
 * Packs on the running system: two input-scan processes share the work, a pack
 * is applied by the command itself, and both take it up without a restart. A
 * pack that is wrong leaves the one before it in force, whether the command
 * refuses it or it comes past the command.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import kafkajs from "kafkajs";
import { z } from "zod";
import { runResult } from "../../schemas/records/run-result.ts";
import { runCommandLine } from "../../services/cli/program/command-line.ts";
import { defineHarness } from "../../services/definitions/define-harness.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { consumerGroupOf } from "../../services/runtime/run-stage.ts";
import { silentLogger } from "../support/silent-logger.ts";
import { StageProcesses, type StageProcess } from "../support/stage-processes.ts";

const { AssignerProtocol } = kafkajs;

const harness = defineHarness({
  name: "note",
  input: { schema: z.strictObject({ text: z.string() }) },
  prompt: { user: "Note: {{text}}" },
  models: [{ provider: "openai", model: "gpt-4o" }],
});

const folder = mkdtempSync(path.join(tmpdir(), "breakwater-reload-"));
let stages: StageProcesses;
let scans: readonly StageProcess[];

before(async () => {
  stages = await StageProcesses.open();
  const { name, version } = await stages.apply(harness);
  await stages.append("harness-definitions", name, { kind: "current", name, version }, "current");
  assert.equal(await command("apply", pack("1", "the first attack")), 0);
  scans = await Promise.all([stages.start("input-scan"), stages.start("input-scan")]);
  await until(isShared, "each process has a partition");
});
after(async () => {
  await stages.close();
  rmSync(folder, { recursive: true, force: true });
});

function pack(version: string, pattern: string, more = ""): string {
  const file = path.join(folder, `${version}.yaml`);
  writeFileSync(
    file,
    `pack: core
version: "${version}"
description: ""
${more}signatures:
  - id: attack
    category: role_play
    severity: high
    action: block
    pattern: ${pattern}
    examples: { match: [${JSON.stringify(pattern)}], noMatch: [zzz] }
`,
  );
  return file;
}

/** The command's own way, from its words on; resolves to its exit status. */
function command(name: string, file: string): Promise<number> {
  const silent = { write: () => true };
  const env = { BREAKWATER_HOME: folder, KAFKA_BROKERS: stages.broker.brokers };
  return runCommandLine(["signatures", name, file, "--recheck", "0"], env, { stdout: silent, stderr: silent });
}

let made = 0;
const partitions = [0, 1] as const;

/** One request on each partition of harness-requests, so that each process gets one; what became of both. */
async function refusals(text: string): Promise<readonly boolean[]> {
  const ids = partitions.map(() => `0198c0de-0000-7000-8000-${String(++made).padStart(12, "0")}`);
  await stages.producer.send(
    partitions.map((partition) => ({
      topic: "harness-requests",
      partition,
      key: null,
      value: Buffer.from(
        JSON.stringify({ run_id: ids[partition], harness: "note", client_id: "acme", input: { text } }),
      ),
      headers: {},
    })),
  );
  return Promise.all(ids.map(wasRefused));
}

async function wasRefused(id: string): Promise<boolean> {
  const isIts = ({ key }: LogRecord) => String(key) === id;
  for (let tries = 0; tries < 600; tries++) {
    if ((await stages.records("harness-scanned")).some(isIts)) return false;
    const result = (await stages.records("harness-results")).find(isIts);
    if (result !== undefined) return runResult.parse(JSON.parse(String(result.value))).status === "refused";
    await sleep(50);
  }
  return assert.fail(`nothing came of ${id}`);
}

/** Each of the two processes is assigned one partition. */
async function isShared(): Promise<boolean> {
  const admin = createKafka(stages.broker.settings, "test-admin", silentLogger).admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([consumerGroupOf("input-scan")]);
    const members = groups[0]?.members ?? [];
    const shares = members.map(({ memberAssignment }) => AssignerProtocol.MemberAssignment.decode(memberAssignment));
    return shares.length === 2 && shares.every((share) => share?.assignment["harness-requests"]?.length === 1);
  } finally {
    await admin.disconnect();
  }
}

async function until(wanted: () => Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await wanted()) return;
    await sleep(100);
  }
  assert.fail(what);
}

const both = (refused: boolean) => [refused, refused];

test("a pack that is applied is in force in every process, without a restart", async () => {
  assert.deepEqual(await refusals("this is the second attack"), both(false));
  assert.deepEqual(await refusals("this is the first attack"), both(true));
  assert.equal(await command("apply", pack("2", "the second attack")), 0);
  await until(async () => (await refusals("this is the second attack")).every(Boolean), "both refuse by the new pack");
  assert.deepEqual(await refusals("this is the first attack"), both(false));
  for (const scan of scans) assert.match(scan.log(), /"packs":\["core@2"\]/);
});

test("a pack that the command refuses is not published, and the old one stays in force", async () => {
  const before = (await stages.records("harness-signatures")).length;
  for (const bad of ["the.*attack", "the (?=third) attack", "(a) \\1 attack"])
    assert.equal(await command("apply", pack("3", bad)), 2, bad);
  assert.equal((await stages.records("harness-signatures")).length, before);
  assert.deepEqual(await refusals("this is the second attack"), both(true));
});

test("a bad pack that comes past the command is refused aloud by every process, and the old one stays", async () => {
  const examples = { match: ["the fourth attack"], noMatch: ["zzz"] };
  const signature = { id: "s", category: "role_play", severity: "high", action: "block", pattern: "the.*attack" };
  const bad = { pack: "core", version: "4", description: "", signatures: [{ ...signature, examples }] };
  await stages.append("harness-signatures", "core", bad, "bad");
  const isToldBy = (scan: StageProcess) => scan.log().includes("unbounded quantifier");
  await until(() => Promise.resolve(scans.every(isToldBy)), "both say why the pack is refused");
  assert.deepEqual(await refusals("this is the second attack"), both(true));
  assert.deepEqual(await refusals("this is the fourth attack"), both(false));
});

test("a pack in shadow is recorded in the audit and refuses nothing", async () => {
  assert.equal(await command("apply", pack("5", "the fifth attack", "mode: shadow\n")), 0);
  const isRecorded = async () => {
    await refusals("this is the fifth attack");
    return (await stages.records("harness-audit")).some(({ value }) => String(value).includes("(in shadow)"));
  };
  await until(isRecorded, "the shadow's finding is in the audit");
  assert.deepEqual(await refusals("this is the fifth attack"), both(false));
});
