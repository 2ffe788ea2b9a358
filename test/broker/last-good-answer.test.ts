/**
 * The last good answer on a real broker: read from its result by the offset
 * that the broker gave, by a model-invoke that started later, and not given any
 * more once retention has taken its result away.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { answerPointer } from "../../schemas/records/answer-pointer.ts";
import { runResult, type RunResult } from "../../schemas/records/run-result.ts";
import { createKafka } from "../../services/runtime/kafka/client.ts";
import { digest } from "../pipeline/harnesses.ts";
import { knobsWith } from "../support/sample-definition.ts";
import { silentLogger } from "../support/silent-logger.ts";
import type { StageProcess } from "../support/stage-processes.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const { stages, standIn } = await openStagesAndStandIn();
let harness: { readonly name: string; readonly version: string };

before(async () => {
  // No packs are applied here: where a guard could not run, the run would be refused.
  const knobs = knobsWith({ ...digest.knobs, injection: { action: "off", documents: "off", model: "off" } });
  harness = await stages.apply({ ...digest, knobs, degrade: { lastGoodAnswer: { maxAgeMs: 600_000 } } });
});

const secret = { BREAKWATER_SECRET_KEY: "ab".repeat(32) };

/** Asks the same thing once more; resolves to this run's result. */
async function ask(correlation: string): Promise<RunResult> {
  const input = { document: "Rope sales rose by a third, and anchors were stable." };
  const request = { harness: harness.name, harness_version: harness.version, client_id: "acme", input };
  await stages.append("harness-requests", correlation, { ...request, correlation_id: correlation }, "request");
  const ofRun = (value: unknown): RunResult | null => {
    const result = runResult.parse(JSON.parse(String(value)));
    return result.correlation_id === correlation ? result : null;
  };
  const records = await stages.until("harness-results", (all) => all.some(({ value }) => ofRun(value) !== null));
  const [result] = records.flatMap(({ value }) => ofRun(value) ?? []);
  assert.ok(result !== undefined);
  return result;
}

async function forgetResults(): Promise<void> {
  const admin = createKafka(stages.broker.settings, "test-retention", silentLogger).admin();
  await admin.connect();
  // Without it the admin does not know whom to tell.
  await admin.fetchTopicOffsets("harness-results");
  const partitions = [...(await stages.reader.offsets("harness-results"))].map(([partition, { high }]) => ({
    partition,
    offset: String(high),
  }));
  await admin.deleteTopicRecords({ topic: "harness-results", partitions });
  await admin.disconnect();
}

test("an answer is given again after a restart, and never once its result is gone", async () => {
  const invoke = (): Promise<StageProcess> => stages.start("model-invoke", standIn.environment);
  const others = [await stages.start("input-scan", secret), await stages.start("output-validate", secret)];
  const first = await invoke();
  const good = await ask("good");
  assert.equal(good.status, "ok");
  const [pointed] = await stages.until("harness-answers", ({ length }) => length > 0);
  const pointer = answerPointer.parse(JSON.parse(String(pointed?.value)));
  const [there] = (await stages.records("harness-results")).filter(
    ({ partition, offset }) => partition === pointer.partition && String(offset) === pointer.offset,
  );
  assert.equal(runResult.parse(JSON.parse(String(there?.value))).run_id, good.run_id);
  await first.stop();

  await standIn.script({ rules: [{ match: {}, effect: { kind: "status", status: 503 } }] });
  const second = await invoke();
  const stale = await ask("stale");
  assert.equal(stale.status, "degraded");
  assert.deepEqual([stale.output, stale.stale?.run_id], [good.output, good.run_id]);
  assert.match(second.log(), /no model answered/);
  assert.doesNotMatch(second.log(), /[Rr]ope sales/);

  await forgetResults();
  const declared = await ask("gone");
  assert.deepEqual(
    [declared.status, declared.output, declared.stale],
    ["degraded", { plain: digest.fallbackAnswer }, undefined],
  );
  assert.match(declared.reasons.at(-1)?.message ?? "", /not kept any more/);
  await Promise.all([second, ...others].map(({ stop }) => stop()));
});
