/**
 * One request as two records, as two gateways publish it when the first may
 * have died: fields in any order, at any time of each other.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { chargedUsd, deadLettersIn, resultsIn } from "./books.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const run = {
  run_id: "0199d000-0000-7000-8000-000000000001",
  harness: "digest",
  client_id: "acme",
  deadline_at_ms: Date.now() + 600_000,
  input: { document: "The quarterly report says that rope sales rose by a third in 2025." },
};
const otherOrder = Object.fromEntries(Object.entries(run).toReversed());

for (const [when, between] of [
  ["at once", false],
  ["when the first has ended", true],
] as const) {
  test(`a request that is published twice ${when} is paid once and has one result`, async () => {
    const before = standIn.calls().length;
    const ledger = new MemoryLedger();
    const pipeline = new Pipeline(allStages({ providers, ledger }));
    pipeline.publish(run.run_id, run);
    if (between) await pipeline.run();
    pipeline.publish(run.run_id, otherOrder);
    await pipeline.run();
    pipeline.end();
    const calls = standIn.calls().slice(before);
    assert.equal(calls.length, 1);
    assert.equal(ledger.costUsd, chargedUsd(calls));
    assert.deepEqual(
      resultsIn(pipeline.log).map(({ run_id: id, status }) => [id, status]),
      [[run.run_id, "ok"]],
    );
    assert.deepEqual(deadLettersIn(pipeline.log), []);
  });
}
