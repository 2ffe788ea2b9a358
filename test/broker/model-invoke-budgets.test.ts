/**
 * Budgets with two real model-invoke processes at their edge, no ClickHouse
 * running: what the provider's own books come to never passes the limit by more
 * than a hundredth, whoever is killed, and every run has one result.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { BudgetRecord } from "../../schemas/control/budget.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { callRecord } from "../../schemas/records/call.ts";
import { leaseRecord } from "../../schemas/records/lease.ts";
import { runResult, type RunResult } from "../../schemas/records/run-result.ts";
import { picoUsd, priceOf } from "../support/auditor.ts";
import { sampleBudget } from "../support/lease-log.ts";
import { definitionOf, taskOf } from "../support/model-invoke-fixtures.ts";
import type { StageProcess } from "../support/stage-processes.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const { stages, standIn } = await openStagesAndStandIn();
let harness: AttemptTask["harness"];
let workers: StageProcess[];

before(async () => {
  const [first] = definitionOf().models;
  assert.ok(first !== undefined);
  // Long enough that no pace of the machine makes a call of the second.
  const patient = { ...first, timeoutMs: 120_000, firstTokenTimeoutMs: 120_000, idleTimeoutMs: 120_000 };
  harness = await stages.apply(
    definitionOf({
      models: [patient, { ...patient, model: "gpt-4o-mini" }],
      output: { format: "text", maxTokens: 50 },
    }),
  );
  await stages.start("output-validate");
  workers = [await start(), await start()];
});

function start(): Promise<StageProcess> {
  return stages.start("model-invoke", standIn.environment);
}

let runs = 0;

async function publish(clientId: string, count: number): Promise<ReadonlySet<string>> {
  const tasks = Array.from({ length: count }, () =>
    taskOf((runs += 1), {
      harness,
      client_id: clientId,
      deadline_at_ms: Date.now() + 120_000,
      input_tokens_estimate: 50,
    }),
  );
  await Promise.all(tasks.map((task) => stages.append("harness-scanned", task.run_id, task, "attempt")));
  return new Set(tasks.map(({ run_id: runId }) => runId));
}

/** Resolves when each run has a result; more than one of a run is a failure. */
async function resultsOf(runIds: ReadonlySet<string>): Promise<RunResult[]> {
  const own = (value: Buffer | null): RunResult[] => {
    const result = runResult.parse(JSON.parse(String(value)));
    return runIds.has(result.run_id) ? [result] : [];
  };
  const records = await stages.until(
    "harness-results",
    (all) => all.flatMap(({ value }) => own(value)).length >= runIds.size,
  );
  const results = records.flatMap(({ value }) => own(value));
  assert.equal(new Set(results.map(({ run_id: runId }) => runId)).size, results.length);
  return results;
}

function tally(results: readonly RunResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

async function set(budget: Partial<BudgetRecord> & { readonly budget_id: string }): Promise<BudgetRecord> {
  const now = Date.now();
  const record = sampleBudget({ window: "month", opened_at_ms: now, set_at_ms: now, ...budget });
  await stages.append("harness-budgets", record.budget_id, record, "budget");
  return record;
}

/** By the provider's own file, of the runs given; 1e-12 dollars. */
async function spentOn(runIds: ReadonlySet<string>): Promise<bigint> {
  const journal = (await stages.records("harness-calls")).map(({ value }) =>
    callRecord.parse(JSON.parse(String(value))),
  );
  const calls = new Set(journal.filter((call) => runIds.has(call.run_id)).map((call) => call.call_id));
  const served = standIn.calls().filter(({ call_id: id }) => id !== null && calls.has(id));
  return served.reduce((sum, call) => sum + priceOf(call), 0n);
}

function hundredth(limit: string): bigint {
  return (picoUsd(limit) * 101n) / 100n;
}

test("200 runs at once through two processes: as many as the budget allows, the rest over_budget, and it says until when", async (t) => {
  const limit = "0.005";
  await set({ budget_id: "client=edge/month", scope: { client_id: "edge" }, limit_usd: limit });
  const runIds = await publish("edge", 200);
  const results = await resultsOf(runIds);
  const { ok = 0, over_budget: over = 0 } = tally(results);
  assert.equal(
    ok + over,
    200,
    JSON.stringify([tally(results), results.find(({ status }) => status !== "ok")?.reasons]),
  );
  assert.ok(ok > 0 && over > 0);
  const spent = await spentOn(runIds);
  t.diagnostic(`${ok} ok, ${over} over_budget, ${spent} of ${picoUsd(limit)} picodollars`);
  assert.ok(spent <= hundredth(limit), `${spent}`);
  const [reason] = results.find(({ status }) => status === "over_budget")?.reasons ?? [];
  assert.deepEqual([reason?.code, reason?.rule], ["over_budget", "client=edge/month"]);
  assert.ok(Number(reason?.resets_at_ms) > Date.now());
});

test("raised, lowered and unset, a budget counts so from the next run on, without a restart", async () => {
  const budget = await set({
    budget_id: "client=changing/month",
    scope: { client_id: "changing" },
    limit_usd: "0.0004",
  });
  const outcome = async (): Promise<Record<string, number>> => tally(await resultsOf(await publish("changing", 4)));
  const seen = async (wanted: string): Promise<void> => {
    for (;;) if ((await outcome())[wanted] === 4) return;
  };
  await seen("over_budget");
  await set({ ...budget, revision: 2, limit_usd: "100" });
  await seen("ok");
  await set({ ...budget, revision: 3, limit_usd: "0.0004" });
  await seen("over_budget");
  await stages.append("harness-budgets", budget.budget_id, null, "budget");
  await seen("ok");
});

test("killed in the middle, a process takes no budget with it: its leases come back but for the calls it had out", async (t) => {
  // Room for the worst case of all at once: both processes have calls out.
  const limit = "0.128";
  await set({ budget_id: "client=killed/month", scope: { client_id: "killed" }, limit_usd: limit });
  await standIn.script({ rules: [{ match: {}, effect: { kind: "held" } }] });
  const runIds = await publish("killed", 200);
  while ((await standIn.inFlight()) < 200) await new Promise((resolve) => setTimeout(resolve, 20));
  await workers[0]?.kill();
  await standIn.script({ rules: [] });
  const results = await resultsOf(runIds);
  const { ok = 0, over_budget: over = 0 } = tally(results);
  assert.equal(ok + over, 200, JSON.stringify(tally(results)));
  const spent = await spentOn(runIds);
  assert.ok(spent <= hundredth(limit), `${spent}`);
  const journal = (await stages.records("harness-calls"))
    .map(({ value }) => callRecord.parse(JSON.parse(String(value))))
    .filter((call) => runIds.has(call.run_id));
  const ended = new Set(journal.filter(({ kind }) => kind === "call.finished").map(({ call_id: id }) => id));
  const orphans = journal.filter((call) => call.kind === "call.started" && !ended.has(call.call_id));
  const orphaned = orphans.reduce((sum, { cost_high_usd: usd }) => sum + picoUsd(usd ?? "0"), 0n);
  const settled = await stages.until("harness-leases", (records) => {
    const leases = new Map(
      records.flatMap(({ value }) => {
        const record = leaseRecord.parse(JSON.parse(String(value)));
        return record.kind === "lease.settled" && record.budget_id === "client=killed/month"
          ? [[record.lease_id, record] as const]
          : [];
      }),
    );
    return leases.size > 0 && [...leases.values()].every(({ closed }) => closed);
  });
  t.diagnostic(
    `${ok} ok, ${over} over_budget, ${spent} spent, ${orphans.length} orphans at most ${orphaned}, ${settled.length} lease records`,
  );
  assert.ok(orphans.length > 0);
});
