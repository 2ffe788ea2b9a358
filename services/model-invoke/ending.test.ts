/** How an attempt ends here: what is written for the user, what for the operator, and in which order. */
import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { runResult } from "../../schemas/records/run-result.ts";
import { definitionOf, failureOf, MemoryTopics, runIdOf, taskOf } from "../../test/support/model-invoke-fixtures.ts";
import { decisions, finishes, startProcess } from "../../test/support/model-invoke-process.ts";
import { knobsWith } from "../../test/support/sample-definition.ts";
import { TransientError } from "../runtime/errors.ts";
import type { Emission } from "../runtime/stage.ts";
import type { LastAnswer } from "./answers/kept-answer.ts";
import type { LastAnswers } from "./answers/last-answers.ts";

const definition = definitionOf({ knobs: knobsWith({ retry: { bad_request: "fail_fast", timeout: "degrade" } }) });

describe("an attempt that fails fast", () => {
  const failing = () => [failureOf("server_error"), failureOf("bad_request", { code: "invalid_request_error" })];

  test("asks nobody more: a result without the declared answer, and the record for the operator", async () => {
    const topics = new MemoryTopics();
    const { run, calls } = startProcess(topics, failing(), { definition });
    const outcome = await run(taskOf(1));
    assert.equal(calls.length, 2);
    assert.deepEqual(outcome.deadLetter, {
      code: "failed_fast",
      message: "knobs.retry.bad_request failed_fast; tier_0 server_error; tier_1 bad_request; tier_2 not_called",
      disposition: "rejected",
    });
    const result = runResult.parse(topics.values("harness-results")[0]);
    assert.equal(result.status, "degraded");
    assert.equal(result.output, undefined);
    assert.equal(result.spent.calls, 2);
    assert.equal(result.reasons[0]?.code, "failed_fast");
    assert.ok(finishes(topics).every(({ settles }) => !settles));
  });

  test("is marked as over only beside the dead letter, and audited", async () => {
    const topics = new MemoryTopics();
    const { run } = startProcess(topics, failing(), { definition });
    const { emissions } = await run(taskOf(1));
    assert.deepEqual(topics.values("harness-settled"), []);
    assert.deepEqual(
      emissions.map(({ topic }) => topic),
      ["harness-settled", "harness-audit"],
    );
    assert.deepEqual(decisions({ emissions: emissions.slice(1) }), ["failed_fast"]);
  });

  test("pays for nothing again after a crash between its last call and its result", async () => {
    const topics = new MemoryTopics();
    const refuse = ({ topic }: Emission): void => {
      if (topic === "harness-results") throw new TransientError("broker_unavailable", "not now");
    };
    await assert.rejects(startProcess(topics, failing(), { definition, refuse }).run(taskOf(1)), TransientError);
    const restarted = startProcess(topics, [], { definition, worker: "worker-b" });
    await restarted.takeOver();
    const outcome = await restarted.run(taskOf(1));
    assert.equal(restarted.calls.length, 0);
    assert.equal(outcome.deadLetter?.code, "failed_fast");
    assert.equal(topics.values("harness-results").length, 1);
  });
});

test("an attempt whose policy is to degrade asks nobody more and settles without an answer", async () => {
  const topics = new MemoryTopics();
  const { run, calls } = startProcess(topics, [failureOf("timeout")], { definition });
  const outcome = await run(taskOf(1));
  assert.equal(calls.length, 1);
  assert.equal(outcome.deadLetter, undefined);
  const [finish] = finishes(topics);
  assert.equal(finish?.settlement?.answer, null);
  assert.deepEqual(
    finish.settlement.reasons?.map(({ code }) => code),
    ["timeout", "not_called", "not_called"],
  );
});

describe("an attempt of a harness that gives its last good answer", () => {
  const degrade = { lastGoodAnswer: { maxAgeMs: 60_000 } };
  const keeping = definitionOf({ degrade });
  const failing = () => [failureOf("server_error"), failureOf("timeout"), failureOf("overloaded")];
  const stale = { run_id: runIdOf(9), finished_at_ms: 1 };
  const found: LastAnswer = {
    kind: "found",
    output: { plain: "What it was." },
    stale,
    reason: { code: "stale_answer", message: "of run 9" },
  };
  const codes = ["server_error", "timeout", "overloaded"];

  test("ends with it, marked in the result, the audit and the log", async () => {
    const topics = new MemoryTopics();
    const answers = { find: async () => found };
    const { run, unanswered } = startProcess(topics, failing(), { definition: keeping, answers });
    const { emissions, deadLetter } = await run(taskOf(1));
    const result = runResult.parse(topics.values("harness-results")[0]);
    assert.equal(result.status, "degraded");
    assert.deepEqual([result.output, result.stale], [found.output, stale]);
    assert.deepEqual(
      result.reasons.map(({ code }) => code),
      [...codes, "stale_answer"],
    );
    assert.deepEqual(decisions({ emissions }), ["degraded"]);
    assert.match(JSON.stringify(emissions), /stale_answer/);
    assert.deepEqual(unanswered, [`${runIdOf(1)} ${codes.join(" ")} stale_answer`]);
    assert.equal(deadLetter, undefined);
    assert.equal(topics.values("harness-settled").length, 1);
    assert.ok(finishes(topics).every(({ settles }) => !settles));
  });

  test("ends with the declared answer where there is none, and says why", async () => {
    const topics = new MemoryTopics();
    const { run } = startProcess(topics, failing(), { definition: keeping });
    await run(taskOf(1));
    const result = runResult.parse(topics.values("harness-results")[0]);
    assert.deepEqual(result.output, { plain: keeping.fallbackAnswer });
    assert.equal(result.stale, undefined);
    assert.equal(result.reasons.at(-1)?.code, "no_last_answer");
  });

  test("is not asked for it when its time is over, or when it fails fast", async () => {
    const find = mock.fn<LastAnswers["find"]>(async () => found);
    const late = startProcess(new MemoryTopics(), [], { definition: keeping, answers: { find } });
    await late.run(taskOf(1, { deadline_at_ms: Date.now() }));
    const strict = { ...definition, degrade };
    const failed = startProcess(new MemoryTopics(), [failureOf("bad_request")], {
      definition: strict,
      answers: { find },
    });
    await failed.run(taskOf(2));
    assert.equal(find.mock.callCount(), 0);
  });
});

test("an attempt that settles without an answer is told of, once", async () => {
  const failing = [failureOf("server_error"), failureOf("timeout"), failureOf("overloaded")];
  const { run, unanswered } = startProcess(new MemoryTopics(), failing);
  await run(taskOf(1));
  await run(taskOf(1));
  assert.deepEqual(unanswered, [`${runIdOf(1)} server_error timeout overloaded`]);
});
