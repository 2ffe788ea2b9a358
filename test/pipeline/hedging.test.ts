/**
 * Journeys with a hedge through all four stages: the second call wins, the
 * first does, one breaks off; and what the provider counted is in the ledger,
 * exactly or between the bounds that were announced.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import { Decimal } from "../../services/pricing/usd.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { chargedUsd, deadLettersIn, resultsIn } from "./books.ts";
import { digest, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { inOrderOnce, Pipeline, type Schedule } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const definitions = published([{ ...digest, hedge: { afterMs: 150, maxShare: 0.5 } }]);
const document = "The quarterly report says that rope sales rose by a third in 2025, and that anchors were stable.";

async function journey(rules: readonly FaultRule[], schedule: Schedule = inOrderOnce) {
  await standIn.script({ rules: [...rules] });
  const earlier = standIn.calls().length;
  const ledger = new MemoryLedger();
  const pipeline = new Pipeline(allStages({ providers, ledger, definitions }));
  pipeline.publish("any", { harness: "digest", client_id: "acme", input: { document } });
  await pipeline.run(schedule);
  pipeline.end();
  await standIn.script({ rules: [] });
  while ((await standIn.inFlight()) > 0) await new Promise((later) => setTimeout(later, 5));
  const served = standIn.calls().slice(earlier);
  const rows = [...ledger.calls.values()].toSorted((left, right) => left.tier - right.tier);
  for (const row of rows) {
    const charged = chargedUsd(served.filter(({ call_id }) => call_id === row.call_id));
    if (row.usage_source === "provider") assert.equal(row.cost_usd, charged, "the ledger is what the provider counted");
    else assert.ok(new Decimal(charged).lte(row.cost_high_usd ?? "0"), "no more than was announced");
  }
  assert.deepEqual(new Set(served.map(({ call_id }) => call_id)), new Set(rows.map(({ call_id }) => call_id)));
  assert.deepEqual(deadLettersIn(pipeline.log), []);
  return { results: resultsIn(pipeline.log), rows, calls: rows.map(({ model, outcome }) => `${model} ${outcome}`) };
}

test("a stream that stands still is overtaken, and what had come of it is in the ledger as an estimate", async () => {
  const stall = { kind: "stall", afterEvents: 4 } as const;
  const { results, rows, calls } = await journey([
    { match: { model: "gpt-4o" }, effect: stall },
    // Late enough for what came before the stall to be read, on a busy machine too.
    { match: { provider: "anthropic" }, effect: { kind: "latency", ms: 1000 } },
  ]);
  assert.deepEqual(calls, ["gpt-4o cancelled", "claude-3-5-sonnet-latest ok"]);
  const [slow, fast] = rows;
  assert.deepEqual([slow?.usage_source, slow?.settles, fast?.settles], ["estimated", false, true]);
  assert.deepEqual([slow?.hedge_of, fast?.hedge_of], [null, slow?.call_id]);
  assert.ok(Number(slow?.output_tokens) > 0 && Number(slow?.cost_usd) > 0);
  assert.deepEqual(
    results.map(({ status, answered_by, spent }) => [status, answered_by?.provider, spent.calls]),
    [["ok", "anthropic", 2]],
  );
});

test("a call that comes in while the one beside it is on its way is the answer", async () => {
  const { results, calls } = await journey([
    { match: { model: "gpt-4o" }, effect: { kind: "latency", ms: 400 } },
    { match: { provider: "anthropic" }, effect: { kind: "held" } },
  ]);
  assert.deepEqual(calls, ["gpt-4o ok", "claude-3-5-sonnet-latest cancelled"]);
  assert.equal(results[0]?.answered_by?.provider, "openai");
});

test("a call that fails late has its fallback beside it already", async () => {
  const { results, calls } = await journey([
    { match: { model: "gpt-4o" }, effect: { kind: "latency", ms: 300 } },
    { match: { model: "gpt-4o" }, effect: { kind: "status", status: 500 } },
    { match: { provider: "anthropic" }, effect: { kind: "latency", ms: 400 } },
  ]);
  assert.deepEqual(calls, ["gpt-4o server_error", "claude-3-5-sonnet-latest ok"]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["ok"],
  );
});

test("every record read twice and the process killed between any two writes: one result, and every call a row", async () => {
  for (let write = 1; write <= 6; write++) {
    const rules: FaultRule[] = [{ match: { model: "gpt-4o", first: 1 }, effect: { kind: "pace", ms: 100 } }];
    const { results } = await journey(rules, { ...inOrderOnce, copies: 2, deaths: { "model-invoke": [write] } });
    assert.deepEqual(
      results.map(({ status }) => status),
      ["ok"],
    );
  }
});
