/**
 * What model-invoke does when a provider, a worker or the broker fails, on a
 * real broker, with the real SDKs against a provider stand-in with scripted
 * faults.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { z } from "zod";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { auditDecision } from "../../schemas/audit/decision.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import { breakerWindow } from "../../services/model-invoke/breakers/resilience.ts";
import { definitionOf } from "../support/model-invoke-fixtures.ts";
import { sampleTier } from "../support/sample-definition.ts";
import { ModelInvokeBench } from "../support/model-invoke-bench.ts";

let bench: ModelInvokeBench;
before(async () => void (bench = await ModelInvokeBench.open()));
after(() => bench.close());

type Script = Parameters<ModelInvokeBench["standIn"]["script"]>[0];

interface Scene {
  readonly script?: Script;
  readonly definition?: Partial<HarnessDefinition>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly task?: Partial<AttemptTask>;
  readonly runs?: number;
}

/** Runs come one after the other through a worker of their own, which knows nothing of those before. */
async function play({ script = {}, definition = {}, environment = {}, task = {}, runs = 1 }: Scene) {
  await bench.standIn.script({ latencyMs: 0, ...script });
  await bench.forgetBreakers();
  const harness = await bench.define(definition);
  const worker = await bench.start(environment);
  const tasks = bench.tasks(runs, { harness, ...task });
  for (const one of tasks) {
    await bench.publish([one]);
    await bench.until("settled", () => bench.settled([one]));
  }
  await bench.end(worker);
  const journal = await bench.journalOf(tasks);
  const audits = (await bench.valuesOf("harness-audit", tasks)).map((value) => auditDecision.parse(value));
  const results = (await bench.valuesOf("harness-results", tasks)).map((value) => runResult.parse(value));
  return { tasks, ...journal, audits, results, log: worker.log() };
}

function fault(model: string, effect: NonNullable<Script["rules"]>[number]["effect"], first?: number): Script {
  return { rules: [{ match: { model, ...(first === undefined ? {} : { first }) }, effect }] };
}

test("a provider that is not there: the next one answers, and the vain call is in the journal at no cost", async () => {
  const { finished } = await play({ environment: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" } });
  assert.deepEqual(
    finished.map(({ provider, outcome, cost_usd, settles }) => [provider, outcome, cost_usd === "0", settles]),
    [
      ["openai", "connection", true, false],
      ["anthropic", "ok", false, true],
    ],
  );
});

test("once its breaker is open a dead model is passed over, which the audit says", async () => {
  const { minimumNumberOfCalls } = breakerWindow;
  const runs = minimumNumberOfCalls + 2;
  const script = fault("gpt-4o", { kind: "status", status: 500 });
  const { started, finished, audits } = await play({ script, runs });
  assert.equal(started.filter(({ model }) => model === "gpt-4o").length, minimumNumberOfCalls);
  assert.equal(finished.filter(({ outcome }) => outcome === "ok").length, runs);
  assert.deepEqual(
    audits.map(({ decision, reasons }) => [decision, reasons[0]?.rule]),
    [
      ["tier_skipped", "tier_0"],
      ["tier_skipped", "tier_0"],
    ],
  );
});

test("a model that hangs is given up at its time limit; what it may have cost stays open", async () => {
  const models = definitionOf().models.map((model) => ({ ...model, timeoutMs: 700 }));
  const { finished } = await play({ script: fault("gpt-4o", { kind: "hang" }), definition: { models } });
  const [hung, answered] = finished;
  assert.deepEqual([hung?.outcome, hung?.usage_source, hung?.cost_usd], ["timeout", "unknown", null]);
  assert.ok(hung !== undefined && hung.finished_at_ms - hung.started_at_ms >= 690);
  assert.deepEqual([answered?.outcome, answered?.settlement?.spent.unpriced_calls], ["ok", 1]);
});

test("a short Retry-After is honoured with the same model", async () => {
  const script = fault("gpt-4o", { kind: "status", status: 429, retryAfterSeconds: 0.5 }, 1);
  const { finished } = await play({ script });
  assert.deepEqual(
    finished.map(({ model, outcome, error }) => [model, outcome, error?.retry_after_ms]),
    [
      ["gpt-4o", "rate_limited", 500],
      ["gpt-4o", "ok", undefined],
    ],
  );
  const [limited, repeated] = finished;
  assert.ok(limited !== undefined && repeated !== undefined);
  assert.ok(repeated.started_at_ms - limited.finished_at_ms >= 500);
});

test("a long Retry-After is not waited for", async () => {
  const script = fault("gpt-4o", { kind: "status", status: 429, retryAfterSeconds: 30 });
  const { finished } = await play({ script });
  assert.deepEqual(
    finished.map(({ model }) => model),
    ["gpt-4o", "claude-3-5-sonnet-20241022"],
  );
});

test("a rejected key puts the provider out for every tier of it, and is told once", async () => {
  const script: Script = { rules: [{ match: { provider: "openai" }, effect: { kind: "status", status: 401 } }] };
  const { finished, log } = await play({ script, runs: 3 });
  const refused = finished.filter(({ outcome }) => outcome === "unauthorized");
  const answered = finished.filter(({ outcome }) => outcome === "ok");
  assert.ok(refused.length >= 1 && refused.every(({ model }) => model === "gpt-4o"));
  assert.deepEqual([answered.length, new Set(answered.map(({ model }) => model)).size], [3, 1]);
  assert.equal(log.match(/takes no key of ours/g)?.length, 1);
});

test("a provider of the providers file is called with its own keys, and priced as the file says", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "breakwater-providers-"));
  const file = path.join(folder, "providers.json");
  const baseUrl = `${bench.standIn.url}/groq-eu/v1`;
  const entry = { layout: "openai", baseUrl, keysFrom: "GROQ_EU_KEYS", pricedAs: "groq" };
  writeFileSync(file, JSON.stringify({ "groq-eu": entry }));
  const models = [
    sampleTier({ provider: "nobody", model: "gpt-4o" }),
    sampleTier({ provider: "groq-eu", model: "llama-3.3-70b-versatile" }),
  ];
  const environment = { BREAKWATER_PROVIDERS_FILE: file, GROQ_EU_KEYS: "one-key" };
  const { finished, log } = await play({ definition: { models }, environment });
  rmSync(folder, { recursive: true });
  assert.deepEqual(
    finished.map(({ provider, outcome, error }) => [provider, outcome, error?.code]),
    [
      ["nobody", "unauthorized", "provider_unknown"],
      ["groq-eu", "ok", undefined],
    ],
  );
  assert.ok(Number(finished[1]?.cost_usd) > 0);
  assert.match(log, /"level":"error".*"provider":"nobody".*a harness names a provider that is not configured here/);
});

test("a request that every model would refuse fails fast", async () => {
  const { finished } = await play({ script: fault("gpt-4o", { kind: "status", status: 400 }) });
  assert.deepEqual(
    finished.map(({ outcome, settles }) => [outcome, settles]),
    [["bad_request", true]],
  );
  assert.equal(finished[0]?.settlement?.answer, null);
});

test("when every model fails, the last finish settles with the reason of each and no result is written here", async () => {
  const { finished, results } = await play({
    script: { rules: [{ match: {}, effect: { kind: "status", status: 529 } }] },
  });
  assert.deepEqual(
    finished.map(({ settles }) => settles),
    [false, false, true],
  );
  assert.deepEqual(
    finished[2]?.settlement?.reasons?.map(({ code }) => code),
    ["overloaded", "overloaded", "overloaded"],
  );
  assert.deepEqual(results, []);
});

test("expired work is not paid for: a result says so", async () => {
  const { started, results } = await play({ task: { deadline_at_ms: Date.now() - 1000 } });
  assert.deepEqual(started, []);
  assert.deepEqual(
    results.map(({ status, attempts }) => [status, attempts]),
    [["expired", 0]],
  );
});

test("a JSON contract is asked for natively from each provider", async () => {
  const schema = {
    type: "object",
    properties: { title: { type: "string" }, pages: { type: "integer" } },
    required: ["title", "pages"],
    additionalProperties: false,
  };
  const fallbackAnswer = { title: "unknown", pages: 0 };
  const definition = { output: { format: "json" as const, schema, maxTokens: 200 }, fallbackAnswer };
  const contract = z.object({ title: z.string(), pages: z.int() });
  for (const first_tier of [0, 1]) {
    const { finished } = await play({ definition, task: { first_tier } });
    const answer = finished[0]?.settlement?.answer;
    assert.ok(answer !== undefined && answer !== null && "plain" in answer);
    contract.parse(JSON.parse(answer.plain));
  }
});

test("a definition that is nowhere: a result for the user, a dead letter for the operator", async () => {
  const { tasks, results } = await play({ task: { harness: { name: "summarise", version: "f".repeat(16) } } });
  assert.deepEqual(
    results.map(({ status, reasons }) => [status, reasons[0]?.code]),
    [["degraded", "definition_missing"]],
  );
  const letters = await bench.readAll("harness-scanned-dlq");
  const own = letters.filter(({ key }) => String(key) === tasks[0]?.run_id);
  assert.deepEqual(
    own.map(({ headers }) => headers["__dlq.errors.code"]),
    ["definition_missing"],
  );
});

test("a broker that goes away during a call: the finish is written when it is back, and the call not repeated", async () => {
  await bench.hold();
  const harness = await bench.define();
  const worker = await bench.start();
  const tasks = bench.tasks(5, { harness });
  await bench.publish(tasks);
  await bench.untilHeld(5);
  const restarted = bench.stages.broker.restart();
  await bench.letGo();
  await restarted;
  await bench.until("settled", () => bench.settled(tasks));
  await bench.end(worker);
  const journal = await bench.journalOf(tasks);
  assert.equal((await bench.servedOf(journal)).length, 5);
  assert.equal(new Set(journal.finished.map(({ call_id }) => call_id)).size, 5);
});

test("a frozen worker: its calls are repeated by its heir, and what it writes when it wakes does no harm", async () => {
  await bench.hold();
  const harness = await bench.define();
  const zombie = await bench.start();
  const tasks = bench.tasks(6, { harness });
  await bench.publish(tasks);
  await bench.untilHeld(6);
  zombie.signal("SIGSTOP");
  await bench.letGo();
  const heir = await bench.start();
  await bench.until("settled by the heir", () => bench.settled(tasks));
  zombie.signal("SIGCONT");
  await bench.until("the zombie's calls end", async () => (await bench.journalOf(tasks)).finished.length === 12);
  await bench.end(heir);
  await bench.end(zombie);
  const { started, finished } = await bench.journalOf(tasks);
  assert.equal(started.length, 12, "each call repeated once, each under an id of its own");
  assert.equal(new Set(started.map(({ call_id }) => call_id)).size, 12);
  for (const { run_id } of tasks) {
    const first = finished.find((finish) => finish.run_id === run_id && finish.settles);
    assert.equal(first?.outcome, "ok", "readers take the first that settles");
  }
});
