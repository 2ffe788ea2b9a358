/**
 * kill -9 of each stage in turn in the middle of a batch, on the whole system:
 * every document has its one result, every call the provider counted has its
 * one row in the ledger, and only calls in flight at the kill are paid twice.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { z } from "zod";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import { connectStore } from "../../services/ledger/clickhouse.ts";
import { liveEmbeddedState } from "../../services/runtime/process/embedded-state.ts";
import { processIdentity } from "../../services/runtime/process/process-identity.ts";
import { endAll, stagePids, start, type Running } from "../cli/command.ts";

const home = mkdtempSync(path.join(tmpdir(), "breakwater-kill-"));
const inFlight = 8;
let up: Running;

before(async () => {
  const slower = { BREAKWATER_MAX_IN_FLIGHT: String(inFlight), BREAKWATER_SESSION_TIMEOUT_MS: "6000" };
  up = start(home, ["up", "--stand-in-latency", "300"], slower);
  await up.says(/It stays up/);
});

after(async () => {
  up.signal("SIGINT");
  await up.ended;
  endAll(home);
  rmSync(home, { recursive: true, force: true });
});

function linesOf<Schema extends z.ZodType>(file: string, schema: Schema): readonly z.output<Schema>[] {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .slice(0, -1)
    .map((line) => schema.parse(JSON.parse(line)));
}

const resultLine = z.object({ run_id: z.string(), document: z.string(), status: z.string() });
const servedCall = z.object({ call_id: z.string(), answered: z.boolean() });
const ledgerRow = z.object({ call_id: z.string(), run_id: z.string(), attempt: z.coerce.number(), state: z.string() });

function served(): readonly z.output<typeof servedCall>[] {
  return linesOf(path.join(home, "stand-in", "calls.jsonl"), servedCall);
}

async function ledgerRows(): Promise<readonly z.output<typeof ledgerRow>[]> {
  const url = liveEmbeddedState(home)?.addresses.clickhouse ?? "";
  const store = connectStore({ url, user: "default", password: "", database: "breakwater" });
  try {
    return z.array(ledgerRow).parse(await store.query("SELECT call_id, run_id, attempt, state FROM ledger"));
  } finally {
    await store.close();
  }
}

/** Rows of every call that was served so far. */
async function completeLedger(): Promise<readonly z.output<typeof ledgerRow>[]> {
  const ids = served().map(({ call_id: id }) => id);
  for (;;) {
    const rows = await ledgerRows();
    const known = new Set(rows.map(({ call_id: id }) => id));
    if (ids.every((id) => known.has(id))) return rows;
    await sleep(200);
  }
}

function runningPid(stage: string): number {
  const running = stagePids(home, stage).filter((pid) => processIdentity(pid)?.includes(`services/${stage}/main.ts`));
  assert.equal(running.length, 1, `one ${stage} runs`);
  return running[0] ?? 0;
}

for (const stage of stageNames) {
  test(`${stage} killed in the middle of a batch: 58 results, no call lost, none paid twice that was not in flight`, async () => {
    const results = path.join(home, "results", `${stage}.jsonl`);
    const paidBefore = new Set(served().map(({ call_id: id }) => id));
    const batch = start(home, [
      "batch",
      "--harness",
      "summarise",
      "--client",
      stage,
      "--id",
      stage,
      "examples/documents/*.txt",
    ]);
    while (linesOf(results, resultLine).length < 5) await sleep(10);
    process.kill(runningPid(stage), "SIGKILL");
    const atKill = linesOf(results, resultLine).length;
    assert.ok(atKill < 58, `killed in the middle, after ${atKill} results`);
    const { code, stderr } = await batch.ended;
    assert.equal(code, 0, stderr);

    const lines = linesOf(results, resultLine);
    assert.equal(lines.length, 58);
    assert.equal(new Set(lines.map(({ document }) => document)).size, 58);
    assert.deepEqual(
      lines.filter(({ status }) => status !== "ok"),
      [],
    );

    const rows = await completeLedger();
    assert.equal(new Set(rows.map(({ call_id: id }) => id)).size, rows.length, "one row a call");
    const answered = served().filter((call) => call.answered && !paidBefore.has(call.call_id));
    const runOf = new Map(rows.map((row) => [row.call_id, `${row.run_id}/${row.attempt}`]));
    const paidAttempts = new Set(answered.map(({ call_id: id }) => runOf.get(id)));
    assert.equal(paidAttempts.size, 58);
    const paidTwice = answered.length - paidAttempts.size;
    assert.ok(paidTwice <= (stage === "model-invoke" ? inFlight : 0), `${paidTwice} paid twice`);
    const counted = new Set(served().map(({ call_id: id }) => id));
    const uncounted = rows.filter(({ call_id: id, state }) => !counted.has(id) && state === "finished");
    assert.deepEqual(uncounted, [], "what the provider never counted is no finished call");
  });
}
