/**
 * output-validate on a real broker, killed between its write and its commit:
 * the repeat has the same ids, model-invoke pays the second attempt once, and a
 * later finish of an attempt that is decided says nothing to its next owner.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { callRecord, type CallFinished } from "../../schemas/records/call.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { sampleDefinition, sampleRunId, sampleTask } from "../contract/sample-records.ts";
import { openStagesAndStandIn } from "../support/stages-and-stand-in.ts";

const { stages, standIn } = await openStagesAndStandIn();

/** So long that no commit is made before the kill. */
const neverCommits = { BREAKWATER_COMMIT_INTERVAL_MS: "3600000" };

const valueOf = ({ value }: LogRecord): unknown => JSON.parse(String(value));
const settlingFinishes = (records: readonly LogRecord[]): CallFinished[] =>
  records
    .map((record) => callRecord.parse(valueOf(record)))
    .filter((call) => call.kind === "call.finished")
    .filter(({ settles }) => settles);
const idsOf = (records: readonly LogRecord[]): (string | undefined)[] => records.map(({ headers }) => headers["ce_id"]);
const joined = ({ headers }: LogRecord): boolean => /\/2\/model-invoke\/joined/.test(headers["ce_id"] ?? "");

test("killed between the retry's write and its commit: same ids again, the second attempt is paid once", async () => {
  await standIn.script({
    rules: [
      { match: { model: "gpt-4o" }, effect: { kind: "wrong_schema" } },
      // Time for the kill before there is a second answer.
      { match: { provider: "anthropic" }, effect: { kind: "latency", ms: 3000 } },
    ],
  });
  const harness = await stages.apply(sampleDefinition);
  const nowMs = Date.now();
  const task = sampleTask({ harness, received_at_ms: nowMs, deadline_at_ms: nowMs + 600_000 });
  const invoke = await stages.start("model-invoke", standIn.environment);
  const doomed = await stages.start("output-validate", neverCommits);
  await stages.append("harness-scanned", sampleRunId, task, "breakwater.attempt");
  const first = await stages.until("harness-retries", ({ length }) => length === 1);
  await doomed.kill();

  await stages.until("harness-calls", (records) => settlingFinishes(records).length === 2);
  const second = await stages.start("output-validate");
  const retries = await stages.until("harness-retries", ({ length }) => length === 2);
  assert.deepEqual(idsOf(retries), [...idsOf(first), ...idsOf(first)]);
  assert.deepEqual(retries.map(valueOf)[1], retries.map(valueOf)[0], "the repeat is the same task");

  const [ended] = await stages.until("harness-results", ({ length }) => length > 0);
  assert.ok(ended !== undefined);
  const result = runResult.parse(valueOf(ended));
  assert.deepEqual([result.status, result.attempts, result.spent.calls], ["ok", 2, 2]);
  await stages.until("harness-audit", (records) => records.some(joined));
  assert.equal(
    standIn.calls().length,
    2,
    `paid: ${standIn
      .calls()
      .map(({ model }) => model)
      .join()}`,
  );

  const calls = await stages.records("harness-calls");
  const last = calls.reduce((most, { offset }) => (offset > most ? offset : most), 0n);
  await stages.untilCommitted("output-validate", "harness-calls", sampleRunId, last + 1n);
  await second.kill();
  await invoke.kill();
});

test("a finish that comes after the decision is not acted on, not even by a new owner", async () => {
  const written = async () =>
    Promise.all(["harness-results", "harness-retries", "harness-audit"].map((topic) => stages.records(topic)));
  const earlier = await written();
  const [settled] = settlingFinishes(await stages.records("harness-calls"));
  assert.ok(settled?.settlement !== undefined);
  const late = {
    ...settled,
    call_id: "0199d000-0000-7000-8000-0000000002a7",
    settlement: { ...settled.settlement, answer: { plain: '{"count": 3}' } },
  };
  const owner = await stages.start("output-validate");
  const offset = await stages.append("harness-calls", sampleRunId, late, "breakwater.call.finished");
  await stages.untilCommitted("output-validate", "harness-calls", sampleRunId, offset + 1n);
  const decided = (records: Awaited<ReturnType<typeof written>>) =>
    records.map((of) => idsOf(of).filter((id) => id?.endsWith("/call") !== true));
  assert.deepEqual(decided(await written()), decided(earlier));
  await owner.kill();
});
