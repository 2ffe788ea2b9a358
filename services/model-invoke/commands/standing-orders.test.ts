import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { runResult } from "../../../schemas/records/run-result.ts";
import { TestCommands } from "../../../test/support/commands.ts";
import { answerOf, failureOf, MemoryTopics, recordOf, taskOf } from "../../../test/support/model-invoke-fixtures.ts";
import { decisions, finishes, held, journaled, startProcess } from "../../../test/support/model-invoke-process.ts";
import type { ProviderOutcome } from "../../providers/outcome.ts";
import { TransientError } from "../../runtime/errors.ts";
import type { Emission } from "../../runtime/stage.ts";
import { crowdedHoldMs, holdMs } from "./standing-orders.ts";

const theRun = { scope: "run", run_id: taskOf(1).run_id } as const;
const theClient = { scope: "client", client_id: "acme" } as const;

function resultsIn(topics: MemoryTopics) {
  return topics.values("harness-results").map((value) => runResult.parse(value));
}

/** Lets what is ready to run run. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe("a cancelled run", () => {
  test("before its first call: nothing is journaled, its result says why, without the declared answer", async () => {
    const topics = new MemoryTopics();
    const commands = new TestCommands();
    commands.order(theRun, "a mistake");
    const { run, calls } = startProcess(topics, [], { commands });
    assert.deepEqual(decisions(await run(taskOf(1))), ["cancelled"]);
    assert.equal(calls.length, 0);
    assert.deepEqual(journaled(topics), []);
    const [result] = resultsIn(topics);
    assert.deepEqual([result?.status, result?.output, result?.attempts], ["cancelled", undefined, 0]);
    assert.equal(result?.reasons[0]?.message, "the run was cancelled: a mistake");
    assert.equal(topics.values("harness-settled").length, 1);
  });

  test("during its call: the call is finished and paid for, its answer given to nobody", async () => {
    const topics = new MemoryTopics();
    const commands = new TestCommands();
    const { reply, end } = held();
    const { run, calls } = startProcess(topics, [reply], { commands });
    const running = run(taskOf(1));
    await settle();
    commands.order(theRun);
    end(answerOf("Short."));
    await running;
    const [finish] = finishes(topics);
    assert.deepEqual([finish?.outcome, finish?.settles, finish?.usage_source], ["ok", false, "provider"]);
    const [result, ...others] = resultsIn(topics);
    assert.deepEqual(others, []);
    assert.deepEqual([result?.status, result?.attempts, result?.spent.calls], ["cancelled", 1, 1]);
    assert.equal(result?.spent.cost_usd, finish?.cost_usd);
    assert.equal(calls.length, 1);
    assert.doesNotMatch(JSON.stringify([...topics.records.keys()].map((name) => topics.values(name))), /Short\./);
  });

  test("during a call that fails: no other tier is tried", async () => {
    const topics = new MemoryTopics();
    const commands = new TestCommands();
    const { reply, end } = held();
    const { run, calls } = startProcess(topics, [reply], { commands });
    const running = run(taskOf(1));
    await settle();
    commands.order(theRun);
    end(failureOf("server_error"));
    await running;
    assert.equal(calls.length, 1);
    assert.deepEqual(
      resultsIn(topics).map(({ status }) => status),
      ["cancelled"],
    );
  });

  test("while the broker takes its time with the call's start: the request never leaves, and costs nothing", async () => {
    const topics = new MemoryTopics();
    const commands = new TestCommands();
    const refuse = ({ type }: Emission): void => {
      if (type === "breakwater.call.started") commands.order(theRun);
    };
    const { run, calls } = startProcess(topics, [], { commands, refuse });
    await run(taskOf(1));
    assert.equal(calls.length, 0);
    const [finish] = finishes(topics);
    assert.deepEqual([finish?.outcome, finish?.error?.code, finish?.cost_usd], ["connection", "not_sent", "0"]);
    assert.deepEqual(
      resultsIn(topics).map(({ status }) => status),
      ["cancelled"],
    );
  });

  test("after its answer settled: too late here, the attempt is joined", async () => {
    const topics = new MemoryTopics();
    const commands = new TestCommands();
    const { run } = startProcess(topics, [], { commands });
    await run(taskOf(1));
    commands.order(theRun);
    assert.deepEqual(decisions(await run(taskOf(1))), ["joined"]);
    assert.deepEqual(resultsIn(topics), []);
  });

  test("killed between the answer and its result: the next owner ends it without another call", async () => {
    const topics = new MemoryTopics();
    const commands = new TestCommands();
    const killed = new Error("killed");
    const refuse = ({ type }: Emission): void => {
      if (type === "breakwater.run.result") throw killed;
    };
    const reply = async (): Promise<ProviderOutcome> => (commands.order(theRun), answerOf("Short."));
    await assert.rejects(startProcess(topics, [reply], { worker: "killed", refuse, commands }).run(taskOf(1)), killed);
    const next = startProcess(topics, [], { commands });
    await next.takeOver();
    await next.run(taskOf(1));
    assert.equal(next.calls.length, 0);
    assert.deepEqual(
      resultsIn(topics).map(({ status, spent }) => [status, spent.calls]),
      [["cancelled", 1]],
    );
  });
});

test("a call whose start was acknowledged too late is not sent, and the run expires", async () => {
  const topics = new MemoryTopics();
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  try {
    const refuse = ({ type }: Emission): void => {
      if (type === "breakwater.call.started") mock.timers.tick(30_000);
    };
    const { run, calls } = startProcess(topics, [], { refuse });
    await run(taskOf(1, { deadline_at_ms: Date.now() + 20_000 }));
    assert.equal(calls.length, 0);
    assert.deepEqual(
      resultsIn(topics).map(({ status, spent }) => [status, spent.cost_usd]),
      [["expired", null]],
    );
  } finally {
    mock.timers.reset();
  }
});

describe("a paused client's run", () => {
  test("is called for when it is resumed, at once", async () => {
    const commands = new TestCommands([theClient]);
    const { run, calls } = startProcess(new MemoryTopics(), [], { commands });
    const running = run(taskOf(1));
    await settle();
    assert.equal(calls.length, 0);
    commands.withdraw(theClient);
    await running;
    assert.equal(calls.length, 1);
  });

  test("ends when it is cancelled meanwhile", async () => {
    const topics = new MemoryTopics();
    const commands = new TestCommands([theClient]);
    const { run } = startProcess(topics, [], { commands });
    const running = run(taskOf(1));
    await settle();
    commands.order(theRun);
    await running;
    assert.deepEqual(
      resultsIn(topics).map(({ status }) => status),
      ["cancelled"],
    );
  });

  test("expires when its time is up, and says that it was paused", async () => {
    const topics = new MemoryTopics();
    const { run } = startProcess(topics, [], { commands: new TestCommands([theClient]) });
    await run(taskOf(1, { deadline_at_ms: Date.now() + 150 }));
    const [result] = resultsIn(topics);
    assert.deepEqual([result?.status, result?.reasons[0]?.code], ["expired", "paused"]);
  });

  test("is left to the next owner when the partition is lost", async () => {
    const { run, context } = startProcess(new MemoryTopics(), [], { commands: new TestCommands([theClient]) });
    const running = run(taskOf(1));
    await settle();
    context.lose();
    await assert.rejects(running, TransientError);
  });

  async function pausedFor(afterMs: number, places: number, more: { readonly replies?: ProviderOutcome[] } = {}) {
    mock.timers.enable({ apis: ["Date", "setTimeout"], now: Date.now() });
    try {
      const topics = new MemoryTopics();
      const commands = new TestCommands(more.replies === undefined ? [theClient] : []);
      const reply = async (): Promise<ProviderOutcome> => (commands.order(theClient), failureOf("server_error"));
      const { stage, context, calls } = startProcess(topics, more.replies === undefined ? [] : [reply], {
        commands,
        places,
      });
      const record = recordOf({ ...taskOf(1, { deadline_at_ms: Date.now() + 3_600_000 }), of_a_newer_version: 7 });
      let outcome: Awaited<ReturnType<typeof stage.process>> | null = null;
      const running = stage.process(record, context).then((ended) => (outcome = ended));
      await settle();
      mock.timers.tick(afterMs);
      await settle();
      const seen = { outcome, calls: calls.length };
      commands.withdraw(theClient);
      await running;
      return seen;
    } finally {
      mock.timers.reset();
    }
  }

  test("keeps its place for a minute, then goes to the end of its topic as it came", async () => {
    assert.equal((await pausedFor(holdMs - 1, 512)).outcome, null);
    const { outcome, calls } = await pausedFor(holdMs, 512);
    assert.equal(calls, 0);
    assert.match(
      JSON.stringify(outcome),
      /"topic":"harness-scanned","key":"[-0-9a-f]+",.*"of_a_newer_version":7.*"breakwater-client":"acme"/,
    );
  });

  test("makes room after a second when half of the places are held", async () => {
    assert.equal((await pausedFor(crowdedHoldMs - 1, 1)).outcome, null);
    assert.notEqual((await pausedFor(crowdedHoldMs, 1)).outcome, null);
  });

  test("stays where its calls are journaled once it has called", async () => {
    const { outcome, calls } = await pausedFor(holdMs * 3, 512, { replies: [] });
    assert.equal(calls, 1);
    assert.equal(outcome, null);
  });
});

test("a paused provider's tier is passed over, audited, and the next one answers", async () => {
  const commands = new TestCommands([{ scope: "provider", provider: "openai" }]);
  const { run, calls } = startProcess(new MemoryTopics(), [], { commands });
  const outcome = await run(taskOf(1));
  assert.deepEqual(
    calls.map(({ provider }) => provider),
    ["anthropic"],
  );
  assert.deepEqual(decisions(outcome), ["tier_skipped"]);
  assert.match(JSON.stringify(outcome), /openai\/gpt-4o: an operator paused it/);
});
