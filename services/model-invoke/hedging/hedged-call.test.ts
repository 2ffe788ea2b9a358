import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import {
  answerOf,
  definitionOf,
  failureOf,
  MemoryTopics,
  taskOf,
} from "../../../test/support/model-invoke-fixtures.ts";
import {
  decisions,
  finishes,
  held,
  journaled,
  startProcess,
  type ProcessSettings,
  type Reply,
} from "../../../test/support/model-invoke-process.ts";
import { TransientError } from "../../runtime/errors.ts";
import type { Emission } from "../../runtime/stage.ts";
import { answerWindow } from "../capacity/answer-times.ts";

const eager: HarnessDefinition = definitionOf({ hedge: { afterMs: 10, maxShare: 0.5 } });

function processOf(replies: Reply[], settings: ProcessSettings = {}) {
  const topics = new MemoryTopics();
  return { topics, ...startProcess(topics, replies, { definition: eager, ...settings }) };
}

/** `tier: outcome`, with a star where it settles. */
function endings(topics: MemoryTopics): string[] {
  return finishes(topics).map(({ tier, outcome, settles }) => `${tier}: ${outcome}${settles ? "*" : ""}`);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}

describe("a call that takes long", () => {
  test("is given up when the one beside it answers first, and paid for", async () => {
    const slow = held();
    const { topics, run } = processOf([slow.reply, answerOf("Short.")]);
    await run(taskOf(1));
    assert.deepEqual(endings(topics).toSorted(), ["0: cancelled", "1: ok*"]);
    const [first, second] = journaled(topics).filter(({ kind }) => kind === "call.started");
    assert.deepEqual([first?.hedge_of, second?.hedge_of], [undefined, first?.call_id]);
    const lost = finishes(topics).find(({ outcome }) => outcome === "cancelled");
    assert.deepEqual([lost?.usage_source, lost?.usage?.output_tokens], ["estimated", 7]);
    assert.ok(Number(lost?.cost_usd) > 0);
    assert.equal(topics.values("harness-settled").length, 1);
  });

  test("is asked beside for the same: tools, their choice and the caller's limit", async () => {
    const slow = held();
    const { run, calls } = processOf([slow.reply, answerOf("Short.")]);
    await run(taskOf(1, { options: { tools: [{ name: "weather" }], tool_choice: "required", max_output_tokens: 9 } }));
    const asked = calls.map(({ tools, toolChoice, maxOutputTokens }) => [tools, toolChoice, maxOutputTokens]);
    assert.deepEqual(asked, [asked[0], [[{ name: "weather" }], "required", 9]]);
  });

  test("settles when it answers first after all, and the other is given up", async () => {
    const [slow, beside] = [held(), held()];
    const { topics, run, calls } = processOf([slow.reply, beside.reply]);
    const running = run(taskOf(1));
    await until(() => calls.length === 2);
    slow.end(answerOf("Short."));
    await running;
    assert.deepEqual(endings(topics).toSorted(), ["0: ok*", "1: cancelled"]);
  });

  test("that fails leaves it to the one beside it: that is the fallback", async () => {
    const [slow, beside] = [held(), held()];
    const { topics, run, calls } = processOf([slow.reply, beside.reply]);
    const running = run(taskOf(1));
    await until(() => calls.length === 2);
    slow.end(failureOf("server_error"));
    await until(() => endings(topics).length === 1);
    await sleep(20);
    assert.equal(calls.length, 2);
    beside.end(answerOf("Short."));
    await running;
    assert.deepEqual(endings(topics), ["0: server_error", "1: ok*"]);
  });

  test("goes on when the one beside it fails", async () => {
    const slow = held();
    const { topics, run, calls } = processOf([slow.reply, failureOf("overloaded")]);
    const running = run(taskOf(1));
    await until(() => endings(topics).length === 1);
    slow.end(answerOf("Short."));
    await running;
    assert.deepEqual(endings(topics), ["1: overloaded", "0: ok*"]);
    assert.equal(calls.length, 2);
  });

  test("and the one beside it both fail: the tier after them is next", async () => {
    const slow = held();
    const { topics, run } = processOf([slow.reply, failureOf("overloaded"), answerOf("Short.")]);
    const running = run(taskOf(1));
    await until(() => endings(topics).length === 1);
    slow.end(failureOf("timeout"));
    await running;
    assert.deepEqual(endings(topics), ["1: overloaded", "0: timeout", "2: ok*"]);
  });

  test("and the one beside it both fail, and nobody is left: the last of them settles", async () => {
    const [slow, beside] = [held(), held()];
    const definition = { ...eager, models: eager.models.slice(0, 2) };
    const { topics, run, calls } = processOf([slow.reply, beside.reply], { definition });
    const running = run(taskOf(1));
    await until(() => calls.length === 2);
    slow.end(failureOf("timeout"));
    beside.end(failureOf("timeout"));
    await running;
    assert.deepEqual(endings(topics).toSorted(), ["0: timeout", "1: timeout*"]);
  });

  test("and the one beside it answer in the same moment: one settles, both are paid", async () => {
    const [slow, beside] = [held(), held()];
    const { topics, run, calls } = processOf([slow.reply, beside.reply]);
    const running = run(taskOf(1));
    await until(() => calls.length === 2);
    slow.end(answerOf("First."));
    beside.end(answerOf("Second."));
    await running;
    assert.deepEqual(endings(topics).toSorted(), ["0: ok*", "1: ok"]);
    assert.equal(
      finishes(topics).every(({ usage_source }) => usage_source === "provider"),
      true,
    );
  });
});

describe("no second call is made", () => {
  test("beside one that is fast", async () => {
    const { run, calls } = processOf([], { definition: { ...eager, hedge: { afterMs: 5000, maxShare: 0.5 } } });
    await run(taskOf(1));
    assert.equal(calls.length, 1);
  });

  test("above the harness's share", async () => {
    const slow = (): Reply => async () => {
      await sleep(30);
      return answerOf("Short.");
    };
    const definition = { ...eager, hedge: { afterMs: 5, maxShare: 0.2 } };
    const { topics, run } = processOf(Array.from({ length: 20 }, slow), { definition });
    for (let number = 1; number <= 12; number++) await run(taskOf(number));
    const started = journaled(topics).filter(({ kind }) => kind === "call.started");
    const hedges = started.filter(({ hedge_of }) => hedge_of !== undefined);
    assert.deepEqual([started.length, hedges.length], [15, 3]);
  });

  test("when the partition is lost meanwhile", async () => {
    const slow = held();
    const { run, calls, context } = processOf([slow.reply]);
    const running = run(taskOf(1));
    await until(() => calls.length === 1);
    context.lose();
    await sleep(40);
    slow.end(answerOf("Short."));
    await running;
    assert.equal(calls.length, 1);
  });

  test("as long as nobody knows what is long for the model; then beside what takes longer than its p95", async () => {
    const quick: Reply[] = Array.from({ length: answerWindow.least - 1 }, () => answerOf("Short."));
    const late: Reply = async () => {
      await sleep(60);
      return answerOf("Short.");
    };
    const definition = { ...eager, hedge: { maxShare: 0.5 } };
    const long = held();
    const { run, calls } = processOf([late, ...quick, long.reply], { definition });
    for (let number = 1; number <= answerWindow.least; number++) await run(taskOf(number));
    assert.equal(calls.length, answerWindow.least);
    const running = run(taskOf(99));
    await until(() => calls.length === answerWindow.least + 2);
    long.end(answerOf("Short."));
    await running;
    assert.equal(calls.length, answerWindow.least + 2);
  });
});

describe("with two calls in flight", () => {
  async function twoInFlight(topics: MemoryTopics, settings: ProcessSettings = {}) {
    const [slow, beside] = [held(), held()];
    const process = startProcess(topics, [slow.reply, beside.reply], { definition: eager, ...settings });
    const running = process.run(taskOf(1));
    await until(() => process.calls.length === 2);
    return { ...process, running, slow, beside };
  }

  test("a process killed leaves two orphans, and the next one answers with one call more", async () => {
    const topics = new MemoryTopics();
    await twoInFlight(topics, { worker: "killed" });
    const next = startProcess(topics, [], { definition: eager });
    await next.takeOver();
    await next.run(taskOf(1));
    assert.equal(next.calls.length, 1);
    assert.equal(journaled(topics).filter(({ kind }) => kind === "call.started").length, 3);
    assert.equal(finishes(topics)[0]?.settlement?.spent.unpriced_calls, 2);
  });

  test("a process that lives on is waited for until both are over", async () => {
    const topics = new MemoryTopics();
    const old = await twoInFlight(topics, { worker: "old" });
    old.context.lose();
    const next = startProcess(topics, [], { definition: eager, worker: "new", living: ["old"] });
    await next.takeOver();
    const second = next.run(taskOf(1));
    old.slow.end(failureOf("timeout"));
    await sleep(30);
    assert.equal(next.calls.length, 0);
    old.beside.end(answerOf("Short."));
    await old.running;
    assert.deepEqual(decisions(await second), ["joined"]);
    assert.equal(next.calls.length, 0);
    next.journal.end();
  });

  test("finishes that the broker refuses are both written by the second try, and nothing is paid again", async () => {
    const topics = new MemoryTopics();
    let refusals = 2;
    const refuse = ({ type }: Emission): void => {
      if (type === "breakwater.call.finished" && refusals-- > 0) throw new TransientError("broker_unavailable", "no");
    };
    const { running, run, slow, calls } = await twoInFlight(topics, { refuse });
    slow.end(answerOf("Short."));
    await assert.rejects(running, TransientError);
    assert.deepEqual(finishes(topics), []);
    await run(taskOf(1));
    assert.equal(calls.length, 2);
    assert.deepEqual(endings(topics).toSorted(), ["0: ok*", "1: cancelled"]);
    assert.equal(topics.values("harness-settled").length, 1);
  });

  test("no slot is left taken", async () => {
    const { running, slow, capacity } = await twoInFlight(new MemoryTopics());
    slow.end(answerOf("Short."));
    await running;
    assert.ok(capacity.gates().every(({ gate }) => gate.inFlight === 0));
  });
});
