/**
 * Runs that no model answers, through all stages: what they are given instead,
 * and what is never given to whom. The models fail at the HTTP edge.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import type { FaultEffect } from "../../infra/embedded/stand-in/fault-rules.ts";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { decisionsIn } from "../support/audited-decisions.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { openProviders, type Providers } from "../../services/providers/call-provider.ts";
import { noPrivacyKeys, type PrivacyKeys } from "../../services/runtime/secrets/privacy-keys.ts";
import { knobsWith } from "../support/sample-definition.ts";
import { startTestStandIn, type TestStandIn } from "../support/stand-in.ts";
import { deadLettersIn, resultsIn } from "./books.ts";
import { digest, published } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { inOrderOnce, Pipeline, type Schedule } from "./pipeline.ts";
import { allStages } from "./stages.ts";

let standIn: TestStandIn;
let providers: Providers;
const open: Pipeline[] = [];

before(async () => {
  standIn = await startTestStandIn();
  providers = openProviders(standIn.environment);
});
afterEach(() => {
  for (const pipeline of open.splice(0)) pipeline.end();
});
after(async () => {
  providers.close();
  await standIn.stop();
});

const maxAgeMs = 60_000;
const keeping: HarnessDefinition = { ...digest, degrade: { lastGoodAnswer: { maxAgeMs } } };
const text = "Rope sales rose by a third, and anchors were stable.";

interface Given {
  readonly definition?: HarnessDefinition;
  readonly keys?: PrivacyKeys;
}

/** A system whose runs can be asked one after the other, with models that answer or do not. */
function system({ definition = keeping, keys }: Given = {}) {
  let aheadMs = 0;
  const nowMs = () => Date.now() + aheadMs;
  const outside = { providers, ledger: new MemoryLedger(), definitions: published([definition]), nowMs };
  const pipeline = new Pipeline(allStages({ ...outside, ...(keys && { keys }) }));
  open.push(pipeline);
  const seen = new Set<string>();
  const ask = async (models: "up" | "down", request: object = {}, schedule?: Schedule): Promise<RunResult> => {
    const effect: FaultEffect = { kind: "status", status: 503 };
    await standIn.script({ rules: models === "up" ? [] : [{ match: {}, effect }] });
    pipeline.publish("any", { harness: definition.name, client_id: "acme", input: { document: text }, ...request });
    await pipeline.run(schedule ?? inOrderOnce);
    const [result, ...others] = resultsIn(pipeline.log).filter(({ run_id }) => !seen.has(run_id));
    assert.ok(result !== undefined && others.length === 0, "one run, one result");
    seen.add(result.run_id);
    return result;
  };
  return { ask, pipeline, later: (ms: number) => void (aheadMs += ms) };
}

const declared = { plain: digest.fallbackAnswer };

describe("with every model down", () => {
  test("the same client is given its last good answer to the same input, marked stale", async () => {
    const { ask, pipeline } = system();
    const good = await ask("up", { correlation_id: "first" });
    const result = await ask("down", { correlation_id: "second" });
    assert.equal(result.status, "degraded");
    assert.deepEqual(result.output, good.output);
    assert.deepEqual(result.stale, { run_id: good.run_id, finished_at_ms: good.finished_at_ms });
    assert.equal(result.correlation_id, "second");
    assert.deepEqual(
      result.reasons.map(({ code }) => code),
      ["overloaded", "overloaded", "overloaded", "stale_answer"],
    );
    const audits = decisionsIn(pipeline.log);
    const degraded = audits.find(({ decision }) => decision === "degraded");
    assert.equal(degraded?.reasons.at(-1)?.code, "stale_answer");
    assert.deepEqual(deadLettersIn(pipeline.log), []);
  });

  test("of two good answers it is the later one, and never one that was stale itself", async () => {
    const { ask } = system();
    await ask("up");
    const second = await ask("up");
    await ask("down");
    assert.equal((await ask("down")).stale?.run_id, second.run_id);
  });

  test("an answer that is too old is not given: the declared one is", async () => {
    const { ask, later } = system();
    await ask("up");
    later(maxAgeMs + 60_000);
    const result = await ask("down");
    assert.deepEqual([result.output, result.stale], [declared, undefined]);
    assert.match(result.reasons.at(-1)?.message ?? "", /too old/);
  });

  const others: readonly (readonly [string, object])[] = [
    ["another client", { client_id: "globex" }],
    ["another input", { input: { document: `${text} And anchors fell.` } }],
    ["another data subject", { subject_id: "person-2" }],
  ];
  for (const [who, request] of others) {
    test(`${who} is given the declared answer`, async () => {
      const { ask } = system();
      await ask("up");
      const result = await ask("down", request);
      assert.deepEqual([result.status, result.output, result.stale], ["degraded", declared, undefined]);
      assert.match(result.reasons.at(-1)?.message ?? "", /none is known/);
    });
  }

  test("inputs that look the same when they are masked are not the same", async () => {
    const { ask } = system();
    const about = (ssn: string) => ({ input: { document: `${text} His SSN is ${ssn}.` } });
    await ask("up", about("536-22-8726"));
    const result = await ask("down", about("536-22-8727"));
    assert.deepEqual([result.output, result.stale], [declared, undefined]);
  });

  test("without a secret key nothing is kept, and the result says so", async () => {
    const { ask, pipeline } = system({ keys: noPrivacyKeys });
    await ask("up");
    const result = await ask("down");
    assert.deepEqual(result.output, declared);
    assert.match(result.reasons.at(-1)?.message ?? "", /BREAKWATER_SECRET_KEY/);
    assert.deepEqual(pipeline.log.values("harness-answers"), []);
  });

  test("a harness that does not ask for it leaves no pointer and no key anywhere", async () => {
    const { ask, pipeline } = system({ definition: digest });
    await ask("up");
    const result = await ask("down");
    assert.deepEqual([result.output, result.stale], [declared, undefined]);
    const topics = ["harness-scanned", "harness-calls", "harness-results", "harness-answers"];
    assert.doesNotMatch(JSON.stringify(topics.map((topic) => pipeline.log.values(topic))), /answer_key/);
  });

  test("a run that fails fast is given no answer at all", async () => {
    const definition = { ...keeping, knobs: knobsWith({ ...keeping.knobs, retry: { overloaded: "fail_fast" } }) };
    const { ask, pipeline } = system({ definition });
    await ask("up");
    const result = await ask("down");
    assert.deepEqual([result.status, result.output, result.stale], ["degraded", undefined, undefined]);
    assert.deepEqual(deadLettersIn(pipeline.log), ["model-invoke: failed_fast"]);
  });
});

for (const write of [1, 2, 3]) {
  test(`output-validate dies at write ${write} of a good answer: given later is that answer or the declared one`, async () => {
    const { ask, pipeline } = system();
    const good = await ask("up", {}, { ...inOrderOnce, deaths: { "output-validate": [write] } });
    const result = await ask("down");
    assert.equal(pipeline.deaths, 1);
    assert.deepEqual([good.status, result.status], ["ok", "degraded"]);
    assert.deepEqual(result.output, result.stale === undefined ? declared : good.output);
    assert.equal(result.stale?.run_id ?? good.run_id, good.run_id);
  });
}

test("model-invoke that starts anew knows where the answers stand", async () => {
  const { ask, pipeline } = system();
  const good = await ask("up");
  const result = await ask("down", {}, { ...inOrderOnce, deaths: { "model-invoke": [5] } });
  assert.equal(pipeline.deaths, 1);
  assert.equal(result.stale?.run_id, good.run_id);
});
