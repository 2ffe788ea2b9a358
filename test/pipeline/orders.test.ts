/** What operators order, through all four stages: cancelled and paused at each point of a journey, and the deadline of a batch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { FaultRule } from "../../infra/embedded/stand-in/fault-rules.ts";
import { decisionsIn } from "../support/audited-decisions.ts";
import { attemptTask } from "../../schemas/records/attempt-task.ts";
import { callRecord } from "../../schemas/records/call.ts";
import type { Providers } from "../../services/providers/call-provider.ts";
import { TestCommands } from "../support/commands.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { chargedUsd, resultsIn } from "./books.ts";
import { digest, facts } from "./harnesses.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const runId = "0199d000-0000-7000-8000-000000000001";
const document = { batch_id: "may", name: "a.txt", sha256: "0".repeat(64) };
const request = { run_id: runId, harness: "digest", client_id: "acme", document, input: { document: "Of ropes." } };
const theRun = { scope: "run", run_id: runId } as const;
const theClient = { scope: "client", client_id: "acme" } as const;
const theHarness = { scope: "harness", harness: "digest" } as const;
const theBatch = { scope: "batch", client_id: "acme", batch_id: "may" } as const;

interface Ordering {
  readonly commands?: TestCommands;
  readonly request?: object;
  readonly publishedAtMs?: number;
  readonly rules?: readonly FaultRule[];
  /** Called when a call has left. */
  readonly onCall?: () => void;
  /** Called when the run is scanned and waits. */
  readonly onWaiting?: () => void;
  /** Called when everything has come to rest; what it publishes is brought to rest too. */
  readonly afterwards?: (pipeline: Pipeline) => void;
}

async function journey({
  commands = new TestCommands(),
  onCall = () => {},
  onWaiting,
  afterwards,
  ...asked
}: Ordering) {
  await standIn.script({ rules: [...(asked.rules ?? [])] });
  const before = standIn.calls().length;
  const ledger = new MemoryLedger();
  const watched: Providers = { ...providers, call: (call) => (onCall(), providers.call(call)) };
  const pipeline = new Pipeline(allStages({ providers: watched, ledger, commands }));
  pipeline.publish("any", asked.request ?? request, asked.publishedAtMs);
  const running = pipeline.run();
  if (onWaiting !== undefined) {
    await untilScanned(pipeline);
    onWaiting();
  }
  await running;
  afterwards?.(pipeline);
  if (afterwards !== undefined) await pipeline.run();
  pipeline.end();
  const [result, ...others] = resultsIn(pipeline.log);
  const calls = standIn.calls().slice(before);
  assert.equal(ledger.costUsd, chargedUsd(calls), "the ledger is what the provider counted");
  const audited = decisionsIn(pipeline.log);
  return {
    status: result?.status,
    others: others.map(({ status }) => status),
    calls: result?.spent.calls,
    asked: calls.map(({ provider }) => provider),
    output: result?.output,
    decisions: audited.map(({ stage, decision }) => `${stage} ${decision}`),
    log: pipeline.log,
  };
}

/** And model-invoke has had its turns to do with it what it will. */
async function untilScanned({ log }: Pipeline): Promise<void> {
  const scanned = ["harness-scanned", "harness-scanned-batch"];
  while (scanned.every((topic) => log.records(topic).length === 0)) await turn();
  for (let turns = 0; turns < 50; turns++) await turn();
}

for (const target of [theRun, theBatch]) {
  test(`a ${target.scope} that is cancelled before its scan ends there, unscanned and unpaid`, async () => {
    const { status, calls, decisions } = await journey({ commands: new TestCommands([target]) });
    assert.deepEqual([status, calls, decisions], ["cancelled", 0, ["input-scan cancelled"]]);
  });
}

test("cancelled during its call: paid for, in the books, and its answer given to nobody", async () => {
  const commands = new TestCommands();
  const { status, calls, output, decisions } = await journey({ commands, onCall: () => commands.order(theRun) });
  assert.deepEqual([status, calls, output], ["cancelled", 1, undefined]);
  assert.deepEqual(decisions, ["input-scan admitted", "model-invoke cancelled"]);
});

test("cancelled when its result is out: the result stays, and nothing is paid once more", async () => {
  const commands = new TestCommands();
  const afterwards = (pipeline: Pipeline): void => {
    commands.order(theRun);
    pipeline.publish("any", request);
  };
  const { status, others, asked, decisions } = await journey({ commands, afterwards });
  assert.deepEqual([status, others, asked], ["ok", [], ["openai"]]);
  assert.deepEqual(decisions.at(-1), "input-scan cancelled", "the repeat is told");
});

for (const target of [theClient, theHarness] as const) {
  test(`a run of a paused ${target.scope} waits unpaid, and is answered when it is resumed`, async () => {
    const commands = new TestCommands([target]);
    let calls = 0;
    const onWaiting = (): void => {
      assert.equal(calls, 0);
      commands.withdraw(target);
    };
    const { status, decisions } = await journey({ commands, onWaiting, onCall: () => void (calls += 1) });
    assert.deepEqual([status, calls], ["ok", 1]);
    assert.deepEqual(decisions, ["input-scan admitted", "output-validate passed"]);
  });

  test(`a run of a paused ${target.scope} that is cancelled meanwhile ends unpaid`, async () => {
    const commands = new TestCommands([target]);
    const { status, calls } = await journey({ commands, onWaiting: () => commands.order(theRun) });
    assert.deepEqual([status, calls], ["cancelled", 0]);
  });
}

test("a paused provider is passed over and the next one answers; resumed, it is asked again", async () => {
  const openai = { scope: "provider", provider: "openai" } as const;
  const commands = new TestCommands([openai]);
  const afterwards = (pipeline: Pipeline): void => {
    commands.withdraw(openai);
    pipeline.publish("any", { ...request, run_id: "0199d000-0000-7000-8000-000000000002" });
  };
  const { status, others, asked, decisions } = await journey({ commands, afterwards });
  assert.deepEqual([status, others, asked], ["ok", ["ok"], ["anthropic", "openai"]]);
  assert.deepEqual(
    decisions.filter((decision) => decision.startsWith("model-invoke")),
    ["model-invoke tier_skipped"],
  );
});

test("with every provider paused nothing is paid: the declared answer is given, with the reasons", async () => {
  const commands = new TestCommands([
    { scope: "provider", provider: "openai" },
    { scope: "provider", provider: "anthropic" },
  ]);
  const { status, asked, output } = await journey({ commands });
  assert.deepEqual([status, asked, output], ["degraded", [], { plain: digest.fallbackAnswer }]);
});

test("a document whose batch has time does not expire in the queue", async () => {
  const publishedAtMs = Date.now() - 3 * 3_600_000;
  const late = await journey({ publishedAtMs });
  assert.deepEqual([late.status, late.decisions], ["expired", ["input-scan expired"]]);
  const timed = { ...request, deadline_at_ms: Date.now() + 3_600_000 };
  const { status, log } = await journey({ publishedAtMs, request: timed });
  assert.equal(status, "ok");
  const [task] = [...log.values("harness-scanned"), ...log.values("harness-scanned-batch")].map((value) =>
    attemptTask.parse(value),
  );
  assert.equal(task?.deadline_at_ms, timed.deadline_at_ms);
});

test("a document's second attempt has what its first call left of the harness's time, not the batch's", async () => {
  const rules: FaultRule[] = [{ match: { model: "gpt-4o" }, effect: { kind: "wrong_schema" } }];
  const timed = { ...request, harness: "facts", deadline_at_ms: Date.now() + 3_600_000 };
  const { status, calls, log } = await journey({ request: timed, rules });
  assert.deepEqual([status, calls], ["ok", 2]);
  const [again] = log.values("harness-retries").map((value) => attemptTask.parse(value));
  const [first] = log.values("harness-calls").map((value) => callRecord.parse(value));
  assert.deepEqual(
    [again?.attempt, again?.work_ms, (again?.deadline_at_ms ?? 0) - (first?.started_at_ms ?? 0)],
    [2, undefined, facts.deadlineMs],
  );
});

test("a document whose batch's time is over expires unscanned, however much time the harness gives", async () => {
  const { status, decisions } = await journey({ request: { ...request, deadline_at_ms: Date.now() - 1 } });
  assert.deepEqual([status, decisions], ["expired", ["input-scan expired"]]);
});
