/**
 * model-invoke told to stop in the middle of a call that lasts longer than it
 * may drain: the call is left open like one of a process that died, it is not
 * taken for a failure of the provider.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { callRecord } from "../../schemas/records/call.ts";
import { sampleDefinition, sampleRunId, sampleTask } from "../contract/sample-records.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const { stages, standIn } = await openStagesAndStandIn();

const journal = async () =>
  (await stages.records("harness-calls")).map(({ value }) => callRecord.parse(JSON.parse(String(value))));

test("a call that outlasts the drain is repeated by the next owner, and its only model is not blamed", async () => {
  await standIn.script({ rules: [{ match: {}, effect: { kind: "latency", ms: 20_000 } }] });
  const models = sampleDefinition.models.slice(0, 1).map((model) => ({ ...model, timeoutMs: 50_000 }));
  const knobs = { ...sampleDefinition.knobs, output: { repair: true, reask: true, escalate: false } };
  const harness = await stages.apply({ ...sampleDefinition, models, knobs });
  const nowMs = Date.now();
  const task = sampleTask({ harness, received_at_ms: nowMs, deadline_at_ms: nowMs + 600_000 });
  const leaving = await stages.start("model-invoke", {
    ...standIn.environment,
    BREAKWATER_DRAIN_TIMEOUT_MS: "500",
  });
  await stages.append("harness-scanned", sampleRunId, task, "breakwater.attempt");
  await stages.until("harness-calls", ({ length }) => length === 1);
  while ((await standIn.arrived()) === 0) await sleep(20);
  assert.equal(await leaving.stop(), 0, leaving.log());
  assert.deepEqual(
    (await journal()).map(({ kind }) => kind),
    ["call.started"],
  );

  await standIn.script({ rules: [] });
  const next = await stages.start("model-invoke", standIn.environment);
  await stages.until("harness-settled", ({ length }) => length === 1);
  const finished = (await journal()).filter((call) => call.kind === "call.finished");
  assert.deepEqual(
    finished.map(({ outcome, settles, call_no }) => [outcome, settles, call_no]),
    [["ok", true, 2]],
  );
  assert.deepEqual(await stages.records("harness-results"), []);
  await next.kill();
});
