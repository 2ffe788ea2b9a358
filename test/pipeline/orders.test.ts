/** What operators order, through all four stages: cancelled at each point of a journey, and the deadline of a batch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { auditDecision } from "../../schemas/records/audit-decision.ts";
import { attemptTask } from "../../schemas/records/attempt-task.ts";
import { type Providers } from "../../services/providers/call-provider.ts";
import { TestCommands } from "../support/commands.ts";
import { providedByStandIn } from "../support/provided-by-stand-in.ts";
import { chargedUsd, resultsIn } from "./books.ts";
import { MemoryLedger } from "./memory-ledger.ts";
import { Pipeline } from "./pipeline.ts";
import { allStages } from "./stages.ts";

const { standIn, providers } = await providedByStandIn();

const runId = "0199d000-0000-7000-8000-000000000001";
const document = { batch_id: "may", name: "a.txt", sha256: "0".repeat(64) };
const request = { run_id: runId, harness: "digest", client_id: "acme", document, input: { document: "Of ropes." } };
const theRun = { scope: "run", run_id: runId } as const;
const theBatch = { scope: "batch", client_id: "acme", batch_id: "may" } as const;

interface Ordering {
  readonly commands?: TestCommands;
  readonly request?: object;
  readonly publishedAtMs?: number;
  /** Called when a call has left. */
  readonly onCall?: () => void;
}

async function journey({ commands = new TestCommands(), onCall = () => {}, ...asked }: Ordering) {
  await standIn.script({ rules: [] });
  const before = standIn.calls().length;
  const ledger = new MemoryLedger();
  const watched: Providers = { ...providers, call: (call) => (onCall(), providers.call(call)) };
  const pipeline = new Pipeline(allStages({ providers: watched, ledger, commands }));
  pipeline.publish("any", asked.request ?? request, asked.publishedAtMs);
  await pipeline.run();
  pipeline.end();
  const [result, ...others] = resultsIn(pipeline.log);
  assert.deepEqual(others, []);
  assert.equal(ledger.costUsd, chargedUsd(standIn.calls().slice(before)), "the ledger is what the provider counted");
  const audited = pipeline.log.values("harness-audit").map((value) => auditDecision.parse(value));
  return {
    status: result?.status,
    calls: result?.spent.calls,
    output: result?.output,
    decisions: audited.map(({ stage, decision }) => `${stage} ${decision}`),
    log: pipeline.log,
  };
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

test("a document whose batch's time is over expires unscanned, however much time the harness gives", async () => {
  const { status, decisions } = await journey({ request: { ...request, deadline_at_ms: Date.now() - 1 } });
  assert.deepEqual([status, decisions], ["expired", ["input-scan expired"]]);
});
