/**
 * Breakers that outlive their process: what one model-invoke learnt at its
 * users' cost, the next one knows from the start.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { breakerRecord } from "../../schemas/control/breaker.ts";
import { callRecord, type CallRecord } from "../../schemas/records/call.ts";
import { breakerWindow } from "../../services/model-invoke/breakers/resilience.ts";
import { sampleDefinition, sampleTask } from "../contract/sample-records.ts";
import { runIdOf } from "../support/model-invoke-fixtures.ts";
import { sampleTier } from "../support/sample-definition.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const { stages, standIn } = await openStagesAndStandIn();

async function journal(): Promise<CallRecord[]> {
  return (await stages.records("harness-calls")).map(({ value }) => callRecord.parse(JSON.parse(String(value))));
}

async function breakers(): Promise<string[]> {
  const records = await stages.records("harness-breakers");
  return records.map(({ value }) => {
    const { provider, model, key, state } = breakerRecord.parse(JSON.parse(String(value)));
    return `${provider}/${model}${key === undefined ? "" : ` key ${key.position}`} ${state}`;
  });
}

let runs = 0;

async function play(count: number, harness: { readonly name: string; readonly version: string }): Promise<string[]> {
  const ids = Array.from({ length: count }, () => runIdOf((runs += 1)));
  for (const run_id of ids) {
    const nowMs = Date.now();
    const task = sampleTask({ run_id, harness, received_at_ms: nowMs, deadline_at_ms: nowMs + 600_000 });
    await stages.append("harness-scanned", run_id, task, "breakwater.attempt");
  }
  const isOver = (records: readonly { readonly key: Buffer | null }[]): boolean =>
    ids.every((id) => records.some(({ key }) => String(key) === id));
  await stages.until("harness-settled", isOver);
  return ids;
}

test("a new process knows that a model is down: one probe goes out instead of as many as the first one needed", async () => {
  await standIn.script({ rules: [{ match: { model: "gpt-4o" }, effect: { kind: "status", status: 500 } }] });
  const models = ["gpt-4o", "gpt-4o-mini"].map((model) => sampleTier({ model, timeoutMs: 20_000 }));
  const harness = await stages.apply({ ...sampleDefinition, models });
  const first = await stages.start("model-invoke", standIn.environment);
  for (let run = 0; run < breakerWindow.minimumNumberOfCalls + 1; run += 1) await play(1, harness);
  await stages.until("harness-breakers", ({ length }) => length > 0);
  assert.deepEqual(await breakers(), ["openai/gpt-4o open"]);
  assert.equal(await first.stop(), 0, first.log());

  const second = await stages.start("model-invoke", standIn.environment);
  const ids = new Set(await play(breakerWindow.minimumNumberOfCalls * 2, harness));
  const calls = (await journal()).filter(({ kind, run_id }) => kind === "call.started" && ids.has(run_id));
  const toDead = calls.filter(({ model }) => model === "gpt-4o").length;
  assert.ok(toDead <= 1, `${toDead} calls to the model that is down`);
  assert.equal(calls.filter(({ model }) => model === "gpt-4o-mini").length, ids.size);
  await second.kill();
});

test("a new process knows which keys are rejected: no run of its own meets them", async () => {
  const seen = (await breakers()).length;
  const bad = "sk-one-that-nobody-takes";
  await standIn.script({ rules: [{ match: { key: bad }, effect: { kind: "status", status: 401 } }] });
  const models = ["gpt-4o-mini", "gpt-4.1"].map((model) => sampleTier({ model, timeoutMs: 20_000 }));
  const harness = await stages.apply({ ...sampleDefinition, models });
  const environment = { ...standIn.environment, OPENAI_API_KEY: `${bad},sk-one-that-works` };
  const first = await stages.start("model-invoke", environment);
  await play(2, harness);
  await stages.until("harness-breakers", ({ length }) => length > seen);
  assert.deepEqual((await breakers()).slice(seen), ["openai/* key 1 open"]);
  assert.equal(await first.stop(), 0, first.log());
  assert.doesNotMatch(
    first.log() +
      JSON.stringify(await stages.records("harness-breakers"), (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      ),
    /nobody-takes/,
  );

  const second = await stages.start("model-invoke", environment);
  const ids = new Set(await play(4, harness));
  const calls = (await journal()).filter(({ kind, run_id }) => kind === "call.finished" && ids.has(run_id));
  assert.deepEqual(
    calls.map((call) => (call.kind === "call.finished" ? call.outcome : call.kind)),
    ["ok", "ok", "ok", "ok"],
  );
  await second.kill();
});
