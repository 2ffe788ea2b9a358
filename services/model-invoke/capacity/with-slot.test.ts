import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { capacityOf } from "../../../test/support/capacity.ts";
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
  type Reply,
} from "../../../test/support/model-invoke-process.ts";
import { slotEndOf } from "./with-slot.ts";

const oneAtATime = () => capacityOf({ maxConcurrent: 1 });
const only = definitionOf({ models: definitionOf().models.slice(0, 1) });

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2);
}

describe("attempts of a model that takes one call at a time", () => {
  test("leave one after the other, in the order they came, and none starts before it has its slot", async () => {
    const topics = new MemoryTopics();
    const [first, second] = [held(), held()];
    const replies: Reply[] = [first.reply, second.reply];
    const { run, calls } = startProcess(topics, replies, { definition: only, capacity: oneAtATime() });
    const running = [run(taskOf(1)), run(taskOf(2)), run(taskOf(3))];
    await until(() => calls.length === 1);
    await sleep(20);
    assert.equal(journaled(topics).length, 1, "only the first is announced");
    first.end(answerOf("Short."));
    await until(() => calls.length === 2);
    second.end(answerOf("Short."));
    await Promise.all(running);
    assert.deepEqual(
      journaled(topics).flatMap(({ kind, run_id }) => (kind === "call.started" ? [run_id.at(-1)] : [])),
      ["1", "2", "3"],
    );
  });

  test("go to the next tier where the wait is longer than they are patient", async () => {
    const capacity = capacityOf({ limitsOf: ({ model }) => (model === "gpt-4o" ? { requestsPerMinute: 1 } : {}) });
    const topics = new MemoryTopics();
    const { run, calls } = startProcess(topics, [], { capacity });
    await run(taskOf(1));
    const outcome = await run(taskOf(2));
    assert.deepEqual(
      calls.map(({ model }) => model),
      ["gpt-4o", "claude-3-5-sonnet-20241022"],
    );
    assert.deepEqual(decisions(outcome), ["tier_skipped"]);
    assert.equal(finishes(topics).length, 2);
  });

  test("wait until their run has no time left, and then expire unpaid", async () => {
    const topics = new MemoryTopics();
    const { reply, end } = held();
    const { run, calls } = startProcess(topics, [reply], { definition: only, capacity: oneAtATime() });
    const running = run(taskOf(1));
    await until(() => calls.length === 1);
    const outcome = await run(taskOf(2, { deadline_at_ms: Date.now() + 150 }));
    assert.deepEqual(decisions(outcome), ["expired"]);
    assert.equal(calls.length, 1);
    end(answerOf("Short."));
    await running;
  });

  test("start nothing when they lost their partition while they waited", async () => {
    const { reply, end } = held();
    const process = startProcess(new MemoryTopics(), [reply], { definition: only, capacity: oneAtATime() });
    const running = process.run(taskOf(1));
    await until(() => process.calls.length === 1);
    const waiting = process.run(taskOf(2));
    await sleep(5);
    process.context.lose();
    await assert.rejects(waiting, /next owner/);
    end(answerOf("Short."));
    await running;
    assert.equal(process.calls.length, 1);
  });

  test("give their slot back when the broker refuses the start", async () => {
    let refused = 0;
    const refuse = (): void => {
      if (refused++ === 0) throw new Error("no broker");
    };
    const capacity = oneAtATime();
    const { run } = startProcess(new MemoryTopics(), [], { definition: only, capacity, refuse });
    await assert.rejects(run(taskOf(1)), /no broker/);
    await run(taskOf(1));
    assert.deepEqual(
      capacity.gates().map(({ gate }) => [gate.inFlight, gate.waiting]),
      [[0, 0]],
    );
  });
});

test("a provider that turns calls away is asked for fewer at once", async () => {
  const capacity = capacityOf({ maxConcurrent: 10 });
  const definition = definitionOf({ models: definitionOf().models.slice(0, 2) });
  const turnedAway = [1, 2, 3, 4].flatMap(() => [failureOf("rate_limited"), answerOf("Short.")]);
  const { run } = startProcess(new MemoryTopics(), turnedAway, { definition, capacity });
  for (const number of [1, 2, 3, 4]) await run(taskOf(number));
  const [first, second] = capacity.gates();
  assert.deepEqual([first?.gate.limit, second?.gate.limit], [1, 10]);
});

describe("what an ending says of the model's capacity", () => {
  const usage = {
    input_tokens: 10,
    cached_input_tokens: 1,
    cache_write_tokens: 2,
    output_tokens: 5,
    reasoning_tokens: 4,
  };
  const error = { code: "x" };
  const table = [
    ["an answer", { outcome: "ok", firstTokenMs: 30, usage }, { kind: "answered", tokens: 22, firstTokenMs: 30 }],
    ["a 429", { outcome: "rate_limited", usage: null, error }, { kind: "refused", tokens: 0 }],
    ["an overload", { outcome: "overloaded", usage: null, error }, { kind: "refused", tokens: 0 }],
    [
      "a 429 of one key of several",
      { outcome: "rate_limited", usage: null, error: { ...error, other_key: true } },
      { kind: "other", tokens: 0 },
    ],
    [
      "a time-out",
      { outcome: "timeout", usage: null, error },
      { kind: "other", tokens: undefined, firstTokenMs: undefined },
    ],
  ] as const;
  for (const [name, ending, expected] of table) {
    test(`${name}: ${expected.kind}`, () => assert.deepEqual(slotEndOf({ answer: null, ...ending }, true), expected));
  }

  test("an answer that was not streamed: its first byte is its last, and no sign of lateness", () => {
    const ending = { outcome: "ok", answer: "a", firstTokenMs: 30_000, usage } as const;
    assert.equal(slotEndOf(ending, false).firstTokenMs, undefined);
  });
});
