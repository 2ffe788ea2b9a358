/**
 * What a harness's retry policy does to a whole run: one journey for each
 * action, with the failing provider at the HTTP edge.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FaultEffect } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { RetryPolicy } from "../../schemas/control/harness-definition.ts";
import { knobsWith } from "../support/sample-definition.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { chargedUsd, deadLettersIn, resultsIn } from "./books.ts";
import { digest, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

/** A run whose first model's first call meets `effect`, under the standard policy with these changes. */
async function journey(effect: FaultEffect, retry: Partial<RetryPolicy>) {
  await standIn.script({ rules: [{ match: { model: "gpt-4o", first: 1 }, effect }] });
  const before = standIn.calls().length;
  const ledger = new MemoryLedger();
  const definition = { ...digest, knobs: knobsWith({ ...digest.knobs, retry }) };
  const pipeline = new Pipeline(allStages({ providers, ledger, definitions: published([definition]) }));
  pipeline.publish("any", { harness: "digest", client_id: "acme", input: { document: "Rope sales rose by a third." } });
  await pipeline.run();
  pipeline.end();
  const [result, ...others] = resultsIn(pipeline.log);
  assert.ok(result !== undefined, "the run has no result");
  assert.deepEqual(others, []);
  assert.equal(ledger.costUsd, chargedUsd(standIn.calls().slice(before)));
  const calls = [...ledger.calls.values()].map(({ model, outcome }) => `${model} ${outcome}`);
  return { result, calls, deadLetters: deadLettersIn(pipeline.log), decided: result.decided_by };
}

const broken: FaultEffect = { kind: "status", status: 500 };
const refused: FaultEffect = { kind: "status", status: 400 };

test("retry: the same model answers the second time", async () => {
  const { result, calls, deadLetters } = await journey(broken, { server_error: "retry" });
  assert.equal(result.status, "ok");
  assert.deepEqual(calls, ["gpt-4o server_error", "gpt-4o ok"]);
  assert.equal(result.attempts, 1);
  assert.deepEqual(deadLetters, []);
});

test("fall_back: the next model answers, of a bad request too where the policy says so", async () => {
  const { result, calls } = await journey(refused, { bad_request: "fall_back" });
  assert.equal(result.status, "ok");
  assert.deepEqual(calls, ["gpt-4o bad_request", "claude-3-5-sonnet-latest ok"]);
});

test("degrade: the declared answer at once, with the reasons of every tier", async () => {
  const { result, calls, deadLetters } = await journey(broken, { server_error: "degrade" });
  assert.equal(result.status, "degraded");
  assert.deepEqual(result.output, { plain: digest.fallbackAnswer });
  assert.deepEqual(
    result.reasons.map(({ code }) => code),
    ["server_error", "not_called", "not_called"],
  );
  assert.deepEqual(calls, ["gpt-4o server_error"]);
  assert.deepEqual(deadLetters, []);
});

test("fail_fast: no answer at all, and a dead letter that says what to mend", async () => {
  const { result, calls, deadLetters } = await journey(refused, { bad_request: "fail_fast" });
  assert.equal(result.status, "degraded");
  assert.equal(result.output, undefined);
  assert.deepEqual(
    result.reasons.map(({ code }) => code),
    ["failed_fast", "bad_request", "not_called", "not_called"],
  );
  assert.deepEqual(calls, ["gpt-4o bad_request"]);
  assert.deepEqual(deadLetters, ["model-invoke: failed_fast"]);
});
