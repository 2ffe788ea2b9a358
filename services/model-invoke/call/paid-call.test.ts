import assert from "node:assert/strict";
import { describe, mock, test } from "node:test";
import { runResult } from "../../../schemas/records/run-result.ts";
import { capacityOf } from "../../../test/support/capacity.ts";
import { TestCommands } from "../../../test/support/commands.ts";
import { sampleBudget } from "../../../test/support/lease-log.ts";
import { definitionOf, failureOf, MemoryTopics, runIdOf, taskOf } from "../../../test/support/model-invoke-fixtures.ts";
import { decisions, finishes, startProcess, type Reply } from "../../../test/support/model-invoke-process.ts";
import type { ProcessSettings } from "../../../test/support/model-invoke-process.ts";
import type { Amount } from "../../budgets/amount.ts";
import type { CallBudgets, ReserveOrder, Reserved } from "../budgets/reservation.ts";

const theRun = { scope: "run", run_id: runIdOf(1) } as const;
const hourMs = 3_600_000;
const refused: Reserved = { kind: "refused", budget: sampleBudget(), resetsAtMs: Date.UTC(2026, 10, 23) };

/** Budgets that answer by `reserve`, and what they were asked for and got back. */
class TestBudgets implements CallBudgets {
  readonly orders: ReserveOrder[] = [];
  /** Tokens that the first settling of each reservation came to. */
  readonly settled: number[] = [];
  readonly reserve: CallBudgets["reserve"];

  constructor(answer: (reserved: (waited: boolean) => Reserved) => Reserved | Promise<Reserved>) {
    this.reserve = (order) => {
      this.orders.push(order);
      return answer((waited) => this.#reserved(waited));
    };
  }

  #reserved(waited: boolean): Reserved {
    let charged: Amount | null = null;
    const settle = (charge: Amount): void => {
      if (charged === null) this.settled.push(charge.tokens);
      charged = charge;
    };
    return { kind: "reserved", reservation: { leaseIds: [], exceeded: [], waited, settle } };
  }
}

async function play(budgets: CallBudgets, settings: ProcessSettings = {}, replies: Reply[] = []) {
  const topics = new MemoryTopics();
  const { run, calls, capacity } = startProcess(topics, replies, { ...settings, budgets });
  const outcome = await run(taskOf(1));
  const [result] = topics.values("harness-results").map((value) => runResult.parse(value));
  return { topics, calls, capacity, decisions: decisions(outcome), status: result?.status };
}

describe("a call that a budget counts", () => {
  test("is settled with what it cost", async () => {
    const budgets = new TestBudgets((reserved) => reserved(false));
    const { topics } = await play(budgets);
    const [finished] = finishes(topics);
    assert.deepEqual([finished?.outcome, budgets.settled], ["ok", [1100]]);
  });

  test("and that is refused leaves neither a call nor a place taken", async () => {
    const capacity = capacityOf({ maxConcurrent: 1 });
    const { calls, status } = await play({ reserve: () => refused }, { capacity });
    assert.deepEqual([calls.length, status], [0, "over_budget"]);
    assert.ok(capacity.gates().every(({ gate }) => gate.inFlight === 0 && gate.waiting === 0));
  });

  test("gives back all of it when the broker does not take its start", async () => {
    const budgets = new TestBudgets((reserved) => reserved(false));
    const refuse = (): void => {
      throw new Error("no broker");
    };
    await assert.rejects(play(budgets, { refuse }), /no broker/);
    assert.deepEqual(budgets.settled, [0]);
  });

  test("asks anew for each tier, and a failure that cost nothing gives everything back", async () => {
    const budgets = new TestBudgets((reserved) => reserved(false));
    const { calls } = await play(budgets, {}, [failureOf("rate_limited", { status: 429 })]);
    assert.equal(calls.length, 2);
    assert.deepEqual(budgets.settled, [0, 1100]);
  });
});

describe("a call that waited for its budget", () => {
  test("is made when the plan still wants it", async () => {
    const budgets = new TestBudgets(async (reserved) => reserved(true));
    const { calls } = await play(budgets);
    assert.deepEqual([calls.length, budgets.settled], [1, [1100]]);
  });

  for (const [name, answer] of [
    ["granted", (reserved: (waited: boolean) => Reserved) => reserved(true)],
    ["refused", () => refused],
  ] as const) {
    test(`is not made, ${name} or not, when its run was cancelled meanwhile: the run is cancelled`, async () => {
      const commands = new TestCommands();
      const budgets = new TestBudgets(async (reserved) => (commands.order(theRun), answer(reserved)));
      const { calls, status } = await play(budgets, { commands });
      assert.deepEqual([calls.length, status], [0, "cancelled"]);
      assert.ok(budgets.settled.every((tokens) => tokens === 0));
    });
  }

  test("goes to the next tier when its model was paused meanwhile", async () => {
    const commands = new TestCommands();
    const budgets = new TestBudgets(async (reserved) => {
      commands.order({ scope: "provider", provider: "openai", model: "gpt-4o" });
      return reserved(true);
    });
    const { calls } = await play(budgets, { commands });
    assert.deepEqual(
      calls.map(({ provider }) => provider),
      ["anthropic"],
    );
    assert.deepEqual(budgets.settled, [0, 1100]);
  });

  test("is not made by a process that lost its partition meanwhile", async () => {
    let lose = (): void => {};
    const budgets = new TestBudgets(async (reserved) => (lose(), reserved(true)));
    const { run, context, calls } = startProcess(new MemoryTopics(), [], { budgets });
    lose = () => context.lose();
    await assert.rejects(run(taskOf(1)), /next owner/);
    assert.deepEqual([calls.length, budgets.settled], [0, [0]]);
  });
});

test("a document of a batch waits for its budget until the batch's deadline, and once it has called for its own time", async () => {
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  try {
    const nowMs = Date.now();
    const budgets = new TestBudgets((reserved) => reserved(false));
    const { run } = startProcess(new MemoryTopics(), [failureOf("server_error")], {
      budgets,
      definition: definitionOf(),
    });
    await run(taskOf(1, { deadline_at_ms: nowMs + hourMs, work_ms: 5000 }));
    assert.deepEqual(
      budgets.orders.map(({ deadlineAtMs }) => deadlineAtMs - nowMs),
      [hourMs, 5000],
    );
  } finally {
    mock.timers.reset();
  }
});
