import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { runResult } from "../../schemas/records/run-result.ts";
import { settledMark } from "../../schemas/records/settled.ts";
import {
  answerOf,
  failureOf,
  MemoryTopics,
  taskOf,
  type TestContext,
} from "../../test/support/model-invoke-fixtures.ts";
import { decisions, finishes, held, journaled, startProcess } from "../../test/support/model-invoke-process.ts";
import type { ProviderOutcome } from "../providers/outcome.ts";
import { TransientError } from "../runtime/errors.ts";
import type { Emission } from "../runtime/stage.ts";

/** Runs until the wanted record is refused or reached, as a process that is killed there. */
async function crashAt(topics: MemoryTopics, at: "before finish" | "before mark" | "during HTTP"): Promise<void> {
  const killed = new Error("killed");
  const refuse = ({ type }: Emission): void => {
    if (at === "before finish" && type === "breakwater.call.finished") throw killed;
    if (at === "before mark" && type === "breakwater.attempt.settled") throw killed;
  };
  const reply = at === "during HTTP" ? [() => Promise.reject<ProviderOutcome>(killed)] : [];
  await assert.rejects(startProcess(topics, reply, { worker: "killed", refuse }).run(taskOf(1)), killed);
}

describe("a process killed", () => {
  for (const at of ["during HTTP", "before finish"] as const) {
    test(`${at}: the call is repeated under an id of its own, and the lost one stays in the journal`, async () => {
      const topics = new MemoryTopics();
      await crashAt(topics, at);
      const next = startProcess(topics);
      await next.takeOver();
      await next.run(taskOf(1));
      assert.equal(next.calls.length, 1);
      const kinds = journaled(topics).map(({ kind, call_no }) => `${kind} ${call_no}`);
      assert.deepEqual(kinds, ["call.started 1", "call.started 2", "call.finished 2"]);
      assert.equal(new Set(journaled(topics).map(({ call_id }) => call_id)).size, 2);
      assert.equal(finishes(topics)[0]?.settlement?.spent.unpriced_calls, 1, "the lost call is of unknown cost");
    });
  }

  test("after the finish: no second call, the mark is written by the next owner", async () => {
    const topics = new MemoryTopics();
    await crashAt(topics, "before mark");
    const next = startProcess(topics);
    await next.takeOver();
    assert.deepEqual(decisions(await next.run(taskOf(1))), ["joined"]);
    assert.equal(next.calls.length, 0);
    assert.equal(settledMark.parse(topics.values("harness-settled")[0]).calls_offset, "1");
  });

  test("after a failed call that did not settle: the next owner goes on at the next tier", async () => {
    const topics = new MemoryTopics();
    const { promise: never } = Promise.withResolvers<ProviderOutcome>();
    void startProcess(topics, [failureOf("server_error"), () => never], { worker: "killed" }).run(taskOf(1));
    while (journaled(topics).length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    const next = startProcess(topics);
    await next.takeOver();
    await next.run(taskOf(1));
    assert.deepEqual(
      next.calls.map(({ model }) => model),
      ["claude-3-5-sonnet-20241022"],
    );
  });
});

function lost(error: unknown): boolean {
  return error instanceof TransientError && error.code === "partition_lost";
}

describe("a partition lost", () => {
  async function whileCalling(context: () => TestContext, reply: ProviderOutcome): Promise<ProviderOutcome> {
    await Promise.resolve();
    context().lose();
    return reply;
  }

  test("before the record began: nothing is started", async () => {
    const { run, context, calls } = startProcess(new MemoryTopics());
    context.lose();
    await assert.rejects(run(taskOf(1)), lost);
    assert.equal(calls.length, 0);
  });

  test("during a call that answers: it is journaled and marked", async () => {
    const topics = new MemoryTopics();
    const { run, context } = startProcess(topics, [() => whileCalling(() => context, answerOf("Short."))]);
    await run(taskOf(1));
    assert.deepEqual(context.steps.slice(-2), ["call.finished", "attempt.settled"]);
  });

  test("during a call that fails: it is journaled, and no other is started", async () => {
    const topics = new MemoryTopics();
    const { run, context, calls } = startProcess(topics, [
      () => whileCalling(() => context, failureOf("server_error")),
    ]);
    await assert.rejects(run(taskOf(1)), lost);
    assert.equal(calls.length, 1);
    assert.deepEqual(
      finishes(topics).map(({ settles }) => settles),
      [false],
    );
  });

  test("the next owner waits for the call in flight and pays nothing", async () => {
    const topics = new MemoryTopics();
    const { reply, end } = held();
    const old = startProcess(topics, [reply], { worker: "old" });
    const first = old.run(taskOf(1));
    while (journaled(topics).length < 1) await new Promise((later) => setTimeout(later, 5));
    old.context.lose();
    const next = startProcess(topics, [], { worker: "new", living: ["old"] });
    await next.takeOver();
    const second = next.run(taskOf(1));
    await new Promise((later) => setTimeout(later, 50));
    assert.equal(next.calls.length, 0);
    end(answerOf("Short."));
    await first;
    assert.deepEqual(decisions(await second), ["joined"]);
    assert.equal(next.calls.length, 0);
    assert.equal(journaled(topics).length, 2);
    next.journal.end();
  });
});

test("a finish that the broker refuses is written by the second try, and not paid again", async () => {
  const topics = new MemoryTopics();
  let refusals = 1;
  const refuse = ({ type }: Emission): void => {
    if (type === "breakwater.call.finished" && refusals-- > 0)
      throw new TransientError("broker_unavailable", "no broker");
  };
  const { run, calls } = startProcess(topics, [], { refuse });
  await assert.rejects(run(taskOf(1)), TransientError);
  await run(taskOf(1));
  assert.equal(calls.length, 1);
  assert.equal(finishes(topics).length, 1);
  assert.equal(topics.values("harness-settled").length, 1);
});

describe("a process that was frozen", () => {
  test("starts no further call before the group has confirmed it, and then goes on", async () => {
    const topics = new MemoryTopics();
    const { promise, resolve } = Promise.withResolvers<void>();
    const confirmations = [Promise.resolve(), promise];
    const confirmed = (): Promise<void> => confirmations.shift() ?? Promise.resolve();
    const { run, calls } = startProcess(topics, [failureOf("timeout")], { confirmed });
    const running = run(taskOf(1));
    while (finishes(topics).length < 1) await new Promise((later) => setTimeout(later, 5));
    await new Promise((later) => setTimeout(later, 30));
    assert.equal(calls.length, 1);
    resolve();
    await running;
    assert.equal(calls.length, 2);
  });

  test("and learns that it lost the partition starts none", async () => {
    const topics = new MemoryTopics();
    let times = 0;
    const process = startProcess(topics, [failureOf("timeout")], {
      confirmed: () => {
        if ((times += 1) === 2) process.context.lose();
        return Promise.resolve();
      },
    });
    await assert.rejects(process.run(taskOf(1)), lost);
    assert.equal(process.calls.length, 1);
  });

  test("while a start was written, and lost the partition, sends nothing: in the books it cost nothing and was no turn", async () => {
    const topics = new MemoryTopics();
    const frozen = startProcess(topics, [], {
      worker: "frozen",
      refuse: ({ type }) => {
        if (type === "breakwater.call.started") frozen.context.lose();
      },
      lapsedSince: () => true,
    });
    await assert.rejects(frozen.run(taskOf(1)), lost);
    assert.equal(frozen.calls.length, 0);
    const [unsent] = finishes(topics);
    assert.deepEqual(
      [unsent?.outcome, unsent?.error?.code, unsent?.cost_usd, unsent?.settles],
      ["connection", "not_sent", "0", false],
    );
    const next = startProcess(topics, [], { worker: "next", living: ["frozen"] });
    await next.takeOver();
    await next.run(taskOf(1));
    assert.deepEqual(
      finishes(topics).map(({ tier, settles }) => [tier, settles]),
      [
        [0, false],
        [0, true],
      ],
    );
    assert.equal(finishes(topics)[1]?.settlement?.spent.calls, 1);
    next.journal.end();
  });

  test("whose partition only moved in order goes on: the new owner waits for the call", async () => {
    const topics = new MemoryTopics();
    const moved = startProcess(topics, [], {
      refuse: ({ type }) => {
        if (type === "breakwater.call.started") moved.context.lose();
      },
      lapsedSince: () => false,
    });
    await moved.run(taskOf(1));
    assert.equal(moved.calls.length, 1);
  });
});

describe("the time of a batch's document, once its first call has left", () => {
  const workMs = 900;

  /** A first owner has called twice, in vain and without an end, and is killed; so much later there is a next one. */
  async function heirAfter(ms: number) {
    const topics = new MemoryTopics();
    const nowMs = Date.now();
    const task = taskOf(1, { deadline_at_ms: nowMs + 3_600_000, work_ms: workMs });
    void startProcess(topics, [failureOf("server_error"), held().reply], { worker: "killed" }).run(task);
    while (journaled(topics).length < 3) await new Promise((later) => setTimeout(later, 5));
    mock.timers.tick(ms);
    const heir = startProcess(topics);
    await heir.takeOver();
    await heir.run(task);
    return { topics, calls: heir.calls.length, endsAtMs: nowMs + workMs, last: journaled(topics).at(-2) };
  }

  beforeEach(() => mock.timers.enable({ apis: ["Date"], now: Date.now() }));
  afterEach(() => mock.timers.reset());

  test("goes on with a new owner: its call has what is left, and further attempts have the same deadline", async () => {
    const { topics, calls, endsAtMs, last } = await heirAfter(500);
    assert.deepEqual([calls, last?.kind, last?.deadline_at_ms], [1, "call.started", endsAtMs]);
    const settled = finishes(topics).at(-1)?.settlement?.task;
    assert.deepEqual([settled?.deadline_at_ms, settled?.work_ms], [endsAtMs, undefined]);
  });

  test("is over for a new owner who comes too late: the run expires, and nothing more is paid", async () => {
    const { topics, calls } = await heirAfter(workMs);
    assert.equal(calls, 0);
    assert.deepEqual(
      topics.values("harness-results").map((value) => runResult.parse(value).status),
      ["expired"],
    );
  });
});
