/**
 * Two calls in flight for one attempt on a real broker: the process that made
 * them is killed, and another takes over.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ModelInvokeBench } from "../support/model-invoke-bench.ts";

let bench: ModelInvokeBench;
before(async () => {
  bench = await ModelInvokeBench.open();
});
after(() => bench.close());

test("killed with two calls in flight: the next process answers once, and the journal has all that left", async () => {
  const harness = await bench.define({ hedge: { afterMs: 50, maxShare: 0.5 } });
  await bench.hold();
  const first = await bench.start();
  const tasks = bench.tasks(1, { harness });
  await bench.publish(tasks);
  await bench.untilHeld(2);
  await bench.end(first, "SIGKILL");
  await bench.letGo();
  const second = await bench.start();
  await bench.until("settled", () => bench.settled(tasks));
  await bench.end(second);

  const journal = await bench.journalOf(tasks);
  const settling = journal.finished.filter(({ settles }) => settles);
  const ended = new Set(journal.finished.map(({ call_id }) => call_id));
  const orphans = journal.started.filter(({ call_id }) => !ended.has(call_id));
  assert.deepEqual([orphans.length, settling.length, settling[0]?.outcome], [2, 1, "ok"]);
  assert.equal(settling[0]?.settlement?.spent.unpriced_calls, 2, "what the lost calls cost is unknown");
  const [slow, hedge] = journal.started;
  assert.equal(hedge?.hedge_of, slow?.call_id);
  assert.deepEqual(orphans, [slow, hedge]);
  const served = bench.standIn.calls();
  assert.equal((await bench.servedOf(journal)).length, served.length, "every call that was served is in the journal");
});
