/**
 * Orders and budgets on real parts: written by the command line, followed by a running
 * model-invoke, judged by the provider's own file and by harness-results.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { budgetRecord } from "../../schemas/control/budget.ts";
import { commandRecord } from "../../schemas/control/command.ts";
import { runResult } from "../../schemas/records/run-result.ts";
import { exitCodes } from "../../services/cli/exit-codes.ts";
import { run } from "../cli/command.ts";
import { patientModels } from "../support/model-invoke-fixtures.ts";
import { ModelInvokeBench } from "../support/model-invoke-bench.ts";
import type { StageProcess } from "../support/stage-processes.ts";

let bench: ModelInvokeBench;
let worker: StageProcess;

before(async () => {
  bench = await ModelInvokeBench.open();
});
after(() => bench.close());

async function ordered(words: readonly string[], code = 0): Promise<string> {
  const ended = await run("/nowhere", words, { KAFKA_BROKERS: bench.stages.broker.brokers });
  assert.equal(ended.code, code, ended.stderr);
  return ended.stdout;
}

/** The one document that it writes. */
async function told(words: readonly string[], code = 0): Promise<unknown> {
  return JSON.parse(await ordered([...words, "--json"], code));
}

test("a paused client's runs wait unpaid, others go on, and all are answered when it is resumed", async () => {
  const harness = await bench.define();
  worker = await bench.start();
  await ordered(["pause", "--client", "acme", "--reason", "their key leaked"]);
  assert.match(await ordered(["pauses"]), /client acme .*their key leaked/);
  const paused = bench.tasks(20, { harness });
  const others = bench.tasks(5, { harness, client_id: "other" });
  await bench.publish([...paused, ...others]);
  await bench.until("the others are answered", () => bench.settled(others));
  assert.deepEqual((await bench.journalOf(paused)).started, []);
  assert.equal(bench.standIn.calls().length, others.length);
  await ordered(["resume", "--client", "acme"]);
  await bench.until("the paused are answered", () => bench.settled(paused));
  assert.equal(bench.standIn.calls().length, others.length + paused.length);
  assert.match(await ordered(["resume", "--client", "acme"], 1), /was not paused/);
});

test("a cancelled batch of 200 pays for what was in flight and nothing else, and every document has one result", async () => {
  const harness = await bench.define({ models: patientModels });
  await bench.end(worker);
  const inFlight = 8;
  worker = await bench.start({ BREAKWATER_MAX_IN_FLIGHT: String(inFlight) });
  await bench.hold();
  const paidBefore = bench.standIn.calls().length;
  const document = { batch_id: "may", name: "d.txt", sha256: "0".repeat(64) };
  const tasks = bench.tasks(200, { harness, document, deadline_at_ms: Date.now() + 600_000 });
  await bench.publish(tasks);
  await bench.untilHeld(inFlight);
  await ordered(["batch", "cancel", "may", "--client", "acme"]);
  const [order] = (await bench.readAll("harness-commands")).slice(-1);
  assert.equal(commandRecord.parse(JSON.parse(String(order?.value))).kind, "cancel");
  await bench.letGo();
  await bench.until("all are over", () => bench.settled(tasks));
  const results = (await bench.valuesOf("harness-results", tasks)).map((value) => runResult.parse(value));
  assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(["cancelled"]));
  assert.equal(new Set(results.map(({ run_id }) => run_id)).size, 200);
  assert.equal(results.length, 200);
  assert.equal(bench.standIn.calls().length - paidBefore, inFlight);
  const [first] = results;
  assert.match(await ordered(["runs", "cancel", first?.run_id ?? ""]), /^cancelled/);
});

test("with --json each order is one document: what is ordered, or what became of it", async () => {
  const words = ["--provider", "openai", "--model", "gpt-4o"];
  const target = { scope: "provider", provider: "openai", model: "gpt-4o" };
  const paused = commandRecord.parse(await told(["pause", ...words, "--reason", "too dear"]));
  assert.partialDeepStrictEqual(paused, { kind: "pause", target, why: "too dear" });
  assert.deepEqual(await told(["pauses"]), { pauses: [paused] });
  assert.deepEqual(await told(["resume", ...words]), { target, resumed: true });
  assert.deepEqual(await told(["resume", ...words], 1), { target, resumed: false });
  assert.deepEqual(await told(["pauses"]), { pauses: [] });
  const cancelled = commandRecord.parse(await told(["batch", "cancel", "june", "--client", "acme"]));
  const batch = { scope: "batch", client_id: "acme", batch_id: "june" };
  assert.partialDeepStrictEqual(cancelled, { kind: "cancel", target: batch });
});

test("a run that nobody has seen: its cancellation finds no result, and stands for when it comes", async () => {
  const [task] = bench.tasks(1, { harness: await bench.define() });
  assert.ok(task !== undefined);
  const words = ["runs", "cancel", task.run_id];
  assert.match(
    await ordered([...words, "--timeout", "1"], 1),
    /^No result of \S+ within 1 s: .* if there is such a run/,
  );
  assert.deepEqual(await told([...words, "--timeout", "1"], 1), { run_id: task.run_id, status: null });
  await bench.publish([task]);
  assert.deepEqual(await told(words), { run_id: task.run_id, status: "cancelled" });
  assert.deepEqual((await bench.journalOf([task])).started, []);
});

test("a run that has its result keeps it, and its cancellation says so", async () => {
  const tasks = bench.tasks(1, { harness: await bench.define(), deadline_at_ms: Date.now() - 1 });
  await bench.publish(tasks);
  await bench.until("it expired", () => bench.settled(tasks));
  const words = ["runs", "cancel", tasks[0]?.run_id ?? ""];
  assert.match(await ordered(words, 1), /^Too late: the run has its result, expired/);
  assert.partialDeepStrictEqual(await told(words, 1), { status: "expired" });
  assert.equal((await bench.valuesOf("harness-results", tasks)).length, 1);
});

describe("budgets by the command line", () => {
  const words = ["--client", "dear", "--window", "day"];
  const id = "client=dear/day";

  /** A run of the client has no result here when it was answered: that is output-validate's. */
  async function untilNext(status: string): Promise<void> {
    const harness = await bench.define();
    await bench.until(`a run is ${status}`, async () => {
      const tasks = bench.tasks(1, { harness, client_id: "dear" });
      await bench.publish(tasks);
      await bench.until("it is over", () => bench.settled(tasks));
      const [result] = await bench.valuesOf("harness-results", tasks);
      return (result === undefined ? "answered" : runResult.parse(result).status) === status;
    });
  }

  test("one that is set stops the next run, and is listed with what is spent", async () => {
    const set = ["budgets", "set", ...words, "--usd", "0.000001", "--spent-usd", "0.0000001"];
    assert.match(await ordered(set), /^client=dear\/day is set; spent in it before: \$0\.0000001, 0 tokens/);
    await untilNext("over_budget");
    assert.match(await ordered(["budgets", "list"]), /client=dear\/day +hard +\$0\.000001 +\$0\.0000001 /);
    const listed = { budget_id: id, limit_usd: "0.000001", revision: 1, spent: { usd: "0.0000001", tokens: 0 } };
    assert.partialDeepStrictEqual(await told(["budgets", "list"]), { budgets: [listed] });
  });

  test("one that is raised lets the next run through", async () => {
    const raised = budgetRecord.parse(await told(["budgets", "set", ...words, "--usd", "1000"]));
    assert.deepEqual([raised.budget_id, raised.limit_usd, raised.revision], [id, "1000", 2]);
    await untilNext("answered");
  });

  test("one that is unset is gone; what there is not cannot be unset", async () => {
    assert.deepEqual(await told(["budgets", "unset", ...words]), { budget_id: id, unset: true });
    assert.deepEqual(await told(["budgets", "unset", ...words], 1), { budget_id: id, unset: false });
    assert.deepEqual(await told(["budgets", "list"]), { budgets: [] });
  });

  test("one that is set with no ledger to ask is not set: nobody knows what is spent", async () => {
    const ended = await run("/nowhere", ["budgets", "set", ...words, "--usd", "5"], {
      KAFKA_BROKERS: bench.stages.broker.brokers,
    });
    assert.deepEqual([ended.code, ended.stdout], [exitCodes.unreachable, ""]);
    assert.match(ended.stderr, /The ledger does not answer.* Nothing was set\./);
    assert.deepEqual(await told(["budgets", "list"]), { budgets: [] });
  });
});
