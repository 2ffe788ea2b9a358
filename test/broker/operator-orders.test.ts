/**
 * Orders on real parts: written by the command line, followed by a running
 * model-invoke, judged by the provider's own file and by harness-results.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { commandRecord } from "../../schemas/control/command.ts";
import { runResult } from "../../schemas/records/run-result.ts";
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
