/**
 * Reviews on a real broker, with output-validate killed while it holds an
 * answer: what was held and decided meanwhile is acted on by the next owner,
 * once, the first decision by offset counts, and a time-out needs no memory.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { decisionsOf } from "../support/audited-decisions.ts";
import { reviewRecord, type ReviewDecided } from "../../schemas/records/review.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { sampleDefinition, sampleFinish, sampleSettlement } from "../contract/sample-records.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const { stages } = await openStagesAndStandIn();

/** So long that no commit is made before the kill. */
const neverCommits = { BREAKWATER_COMMIT_INTERVAL_MS: "3600000" };
const valueOf = ({ value }: LogRecord): unknown => JSON.parse(String(value));

/** The values of a run on a topic. */
async function ofRun(topic: string, runId: string): Promise<unknown[]> {
  return (await stages.records(topic)).filter(({ key }) => String(key) === runId).map(valueOf);
}

async function settle(runId: string, review: HarnessDefinition["review"]): Promise<void> {
  const harness = await stages.apply({ ...sampleDefinition, review });
  const finish = sampleFinish(sampleSettlement('{"count": 3}', { run_id: runId, harness }));
  await stages.append("harness-calls", runId, finish, "breakwater.call.finished");
}

const isOf =
  (runId: string, count = 1) =>
  (records: readonly LogRecord[]): boolean =>
    records.filter(({ key }) => String(key) === runId).length >= count;

function decisionOf(runId: string, decision: "approve" | "reject", reviewer: string): ReviewDecided {
  const who = { decision_id: `${runId}/${reviewer}`, decision, reviewer };
  return { kind: "review.decided", run_id: runId, ...who, decided_at_ms: Date.now() };
}

test("killed between what it held and the decisions: one result, of the first decision by offset", async () => {
  const runId = "0199d000-0000-7000-8000-0000000000a1";
  await settle(runId, { when: "always", timeoutMs: 600_000, onTimeout: "reject" });
  const doomed = await stages.start("output-validate", neverCommits);
  await stages.until("harness-reviews", isOf(runId));
  await doomed.kill();
  assert.deepEqual(await ofRun("harness-results", runId), [], "nothing is given while nobody has decided");

  const decisions = [decisionOf(runId, "approve", "ines"), decisionOf(runId, "reject", "omar")];
  for (const decision of decisions)
    await stages.append("harness-reviews", runId, decision, "breakwater.review.decided");
  const owner = await stages.start("output-validate");
  // Three decisions are audited: it was held, it was released, one came too late. The first twice, where it was not committed.
  await stages.until("harness-audit", (records) => {
    const words = new Set(decisionsOf(records.map(valueOf)).map(({ decision }) => decision));
    return ["in_review", "released", "review_late"].every((word) => words.has(word));
  });
  const results = (await ofRun("harness-results", runId)).map((value) => runResult.parse(value));
  assert.deepEqual(
    results.map(({ status, review, output }) => [status, review?.reviewer, output]),
    [["released", "ines", { plain: { count: 3 } }]],
  );
  await owner.kill();
});

test("killed while it waits: the next owner ends the review when its time is over, once", async () => {
  const runId = "0199d000-0000-7000-8000-0000000000a2";
  await settle(runId, { when: "always", timeoutMs: 3000, onTimeout: "release", escalateAfterMs: 1000 });
  const doomed = await stages.start("output-validate");
  await stages.until("harness-reviews", isOf(runId));
  await doomed.kill();

  const owner = await stages.start("output-validate");
  await stages.until("harness-results", isOf(runId));
  const [result, ...others] = (await ofRun("harness-results", runId)).map((value) => runResult.parse(value));
  assert.deepEqual([result?.status, result?.review?.decision, others], ["released", "timed_out", []]);
  const kinds = (await ofRun("harness-reviews", runId)).map((value) => reviewRecord.parse(value).kind);
  assert.equal(kinds.filter((kind) => kind === "review.decided").length, 1);
  await owner.stop();
});

test("killed after the decision was acted on, before its commit: the same result again, and the first stands", async () => {
  const runId = "0199d000-0000-7000-8000-0000000000a3";
  await settle(runId, { when: "always", timeoutMs: 600_000, onTimeout: "reject" });
  const doomed = await stages.start("output-validate", neverCommits);
  await stages.until("harness-reviews", isOf(runId));
  await stages.append("harness-reviews", runId, decisionOf(runId, "reject", "omar"), "breakwater.review.decided");
  await stages.until("harness-results", isOf(runId));
  await doomed.kill();

  const owner = await stages.start("output-validate");
  const records = await stages.until("harness-results", isOf(runId, 2));
  const repeats = records.filter(({ key }) => String(key) === runId);
  assert.equal(new Set(repeats.map(({ headers }) => headers["ce_id"])).size, 1);
  assert.deepEqual(new Set(repeats.map((record) => runResult.parse(valueOf(record)).status)), new Set(["rejected"]));
  await owner.stop();
});
