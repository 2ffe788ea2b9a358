/**
 * What model-invoke pays for, on a real broker and against the stand-in's own
 * books: kills at each point of a call, repeats, and workers that come and go.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { AttemptTask } from "../../schemas/records/attempt-task.ts";
import { settledMark } from "../../schemas/records/settled.ts";
import { bodyHashOf, patientModels } from "../support/model-invoke-fixtures.ts";
import { ModelInvokeBench } from "../support/model-invoke-bench.ts";

let bench: ModelInvokeBench;
let harness: AttemptTask["harness"];
before(async () => {
  bench = await ModelInvokeBench.open();
  harness = await bench.define();
});
after(() => bench.close());

const never = { BREAKWATER_COMMIT_INTERVAL_MS: "3600000" };

function newTasks(count: number): AttemptTask[] {
  return bench.tasks(count, { harness });
}

async function allSettled(tasks: readonly AttemptTask[]): Promise<void> {
  await bench.until("all settled", () => bench.settled(tasks));
}

/** One settling finish for each run, every served call in the journal, no id used twice. */
async function audit(tasks: readonly AttemptTask[]) {
  const journal = await bench.journalOf(tasks);
  const settling = journal.finished.filter(({ settles }) => settles);
  assert.deepEqual(new Set(settling.map(({ run_id }) => run_id)), new Set(tasks.map(({ run_id }) => run_id)));
  assert.equal(settling.length, tasks.length, "one settling finish for each run");
  const ids = journal.started.map(({ call_id }) => call_id);
  assert.equal(new Set(ids).size, ids.length);
  const served = await bench.servedOf(journal);
  assert.equal(new Set(served).size, served.length);
  return { ...journal, served };
}

async function decisionsOf(tasks: readonly AttemptTask[]): Promise<string[]> {
  const audits = await bench.valuesOf("harness-audit", tasks);
  return audits.map((value) => JSON.stringify(value).match(/"decision":"(\w+)"/)?.[1] ?? "");
}

test("attempts are called once each, journaled before and after, priced and marked", async () => {
  await bench.standIn.script({ latencyMs: 0 });
  const worker = await bench.start();
  const tasks = newTasks(200);
  await bench.publish(tasks);
  await allSettled(tasks);
  await bench.end(worker);
  const { started, finished, served } = await audit(tasks);
  assert.deepEqual([started.length, finished.length, served.length], [200, 200, 200]);
  assert.ok(finished.every(({ cost_usd, usage_source }) => cost_usd !== null && usage_source === "provider"));
  const marks = (await bench.valuesOf("harness-settled", tasks)).map((value) => settledMark.parse(value));
  assert.equal(marks.length, 200);
  assert.ok(marks.every(({ calls_offset }) => calls_offset !== null));
});

const kills = [
  {
    at: { kind: "published", topic: "harness-calls", type: "breakwater.call.started" },
    started: 2,
    served: 1,
    name: "after the start was acknowledged, before the request left",
  },
  {
    at: { kind: "publishing", topic: "harness-calls", type: "breakwater.call.finished" },
    started: 2,
    served: 2,
    name: "after the answer came, before it was written",
  },
  {
    at: { kind: "publishing", topic: "harness-settled" },
    started: 1,
    served: 1,
    name: "after the finish was acknowledged, before the mark",
  },
] as const;
for (const { at, started, served, name } of kills) {
  test(`kill -9 ${name}: ${served === 1 ? "paid once" : "repeated, both calls in the journal"}`, async () => {
    const worker = await bench.startDoomed(at);
    const [task] = newTasks(1);
    assert.ok(task !== undefined);
    await bench.publish([task]);
    await worker.exited;
    const heir = await bench.start();
    await allSettled([task]);
    await bench.end(heir);
    const journal = await audit([task]);
    assert.deepEqual([journal.started.length, journal.finished.length, journal.served.length], [started, 1, served]);
  });
}

test("kill -9 during the request: repeated under an id of its own, the lost call is of unknown cost", async () => {
  await bench.hold();
  const worker = await bench.start();
  const tasks = newTasks(8);
  await bench.publish(tasks);
  await bench.untilHeld(8);
  await bench.end(worker, "SIGKILL");
  await bench.letGo();
  const heir = await bench.start();
  await allSettled(tasks);
  await bench.end(heir);
  const { started, finished } = await audit(tasks);
  assert.deepEqual([started.length, finished.length], [16, 8]);
  assert.ok(finished.every(({ settlement }) => settlement?.spent.calls === 2 && settlement.spent.unpriced_calls === 1));
});

test("kill -9 after the mark, before any commit: nothing is paid again", async () => {
  const worker = await bench.start(never);
  const tasks = newTasks(40);
  await bench.publish(tasks);
  await allSettled(tasks);
  await bench.end(worker, "SIGKILL");
  const heir = await bench.start();
  await bench.until("all joined", async () => (await decisionsOf(tasks)).length === 40);
  await bench.end(heir);
  const { started, served } = await audit(tasks);
  assert.deepEqual([started.length, served.length], [40, 40]);
  assert.ok((await decisionsOf(tasks)).every((decision) => decision === "joined"));
});

test("a second attempt that is emitted twice is paid once, also by a worker that did not see the first", async () => {
  const [second] = bench.tasks(1, { harness, attempt: 2, first_tier: 1 });
  assert.ok(second !== undefined);
  const worker = await bench.start();
  await bench.publish([second], "harness-retries");
  await allSettled([second]);
  await bench.end(worker);
  const next = await bench.start();
  await bench.publish([second], "harness-retries");
  await bench.until("joined", async () => (await decisionsOf([second])).length === 1);
  const third = { ...second, attempt: 3, first_tier: 2 };
  await bench.publish([third], "harness-retries");
  await allSettled([third]);
  await bench.end(next);
  const { started } = await bench.journalOf([second]);
  assert.deepEqual(
    started.map(({ attempt, tier, model }) => [attempt, tier, model]),
    [
      [2, 1, "claude-3-5-sonnet-20241022"],
      [3, 2, "gpt-4o-mini"],
    ],
  );
});

test("the same run id with another body is dead-lettered and costs nothing", async () => {
  const worker = await bench.start();
  const [task] = newTasks(1);
  assert.ok(task !== undefined);
  await bench.publish([task]);
  await allSettled([task]);
  await bench.publish([{ ...task, body_sha256: bodyHashOf("something else") }]);
  const isConflict = ({ key, headers }: { key: Buffer | null; headers: Readonly<Record<string, string>> }): boolean =>
    String(key) === task.run_id && headers["__dlq.errors.code"] === "run_id_conflict";
  await bench.until("dead-lettered", async () => (await bench.readAll("harness-scanned-dlq")).some(isConflict));
  await bench.end(worker);
  assert.equal((await audit([task])).started.length, 1);
});

test("from one worker to two and back to one, in the middle of calls: no call is repeated", async () => {
  await bench.hold();
  const one = await bench.start();
  const tasks = bench.tasks(60, { harness: await bench.define({ models: patientModels }) });
  await bench.publish(tasks.slice(0, 30));
  await bench.untilHeld(30);
  const two = await bench.start();
  await bench.publish(tasks.slice(30));
  await bench.untilHeld(60);
  const left = bench.end(two);
  await bench.letGo();
  await left;
  await allSettled(tasks);
  await bench.end(one);
  const { started, finished, served } = await audit(tasks);
  assert.deepEqual([started.length, finished.length, served.length], [60, 60, 60]);
  const workers = new Set(started.map(({ worker }) => worker));
  assert.equal(workers.size, 2, "both took part");
});
