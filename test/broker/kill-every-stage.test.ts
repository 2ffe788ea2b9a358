/**
 * Batches of real documents through the real parts, and stages that end in the
 * middle of them: kill -9 loses nothing, decides nothing twice and pays twice
 * only for calls that were in flight; SIGTERM repeats nothing at all. Judged by
 * test/support/auditor.ts from topics, ledger and the provider's own books.
 */
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import type { StageName } from "../../schemas/parts/codes.ts";
import { callRecord } from "../../schemas/records/call.ts";
import { stageNames } from "../../services/cli/up/stage-process.ts";
import type { BatchOutcome } from "../../services/cli/batch/start-or-resume.ts";
import type { LogRecord } from "../../services/runtime/kafka/log-reader.ts";
import { catalog, type TopicName } from "../../topics/catalog.ts";
import { audit, positionsBehind, type Figures } from "../support/auditor.ts";
import { gatherEvidence, ledgerCalls, positionsOf } from "../support/evidence.ts";
import { WholeSystem, type RunningBatch } from "../support/whole-system.ts";

/** Of every call. */
const latencyMs = 200;
/** Calls at once, so that a part of a batch is never all in work: there is a middle. */
const callsInFlight = 6;
/** A quarter of the places stays free of batches. */
const places = 8;
const narrow = {
  "input-scan": { BREAKWATER_MAX_IN_FLIGHT: "1" },
  "model-invoke": { BREAKWATER_MAX_IN_FLIGHT: String(places) },
  "output-validate": { BREAKWATER_MAX_IN_FLIGHT: "1" },
  "cost-aggregate": {},
} as const;
/** A stage under this one commits nothing but its claim on a partition: all it did is done again. */
const neverCommits = { BREAKWATER_COMMIT_INTERVAL_MS: "3600000" };

let system: WholeSystem;
const runIds = new Set<string>();
/** Calls in flight when a model-invoke was killed. */
const lost = new Set<string>();
/** The processes that were killed with calls in flight, by their Kafka client ids. */
const killed = new Set<string>();

before(async () => {
  system = await WholeSystem.open(latencyMs);
  await Promise.all(stageNames.map((stage) => system.start(stage, { ...narrow[stage], ...neverCommits })));
});
after(() => system.close());

const restart = (stage: StageName): Promise<void> => system.start(stage, narrow[stage]);

/** Records of its sources that a stage has not committed. */
async function uncommitted(stage: StageName): Promise<number> {
  const positions = await positionsOf(system.stages, [stage]);
  return positions.reduce((sum, { committed, end }) => sum + Number(end - (committed < 0n ? 0n : committed)), 0);
}

/** What a stage does, counted: it is in the middle of a part when it has done a little of it. */
const progress: Readonly<Record<StageName, { readonly count: () => Promise<number>; readonly little: number }>> = {
  "input-scan": { count: () => system.count("harness-scanned-batch"), little: 2 },
  "model-invoke": { count: () => system.count("harness-settled"), little: 2 },
  "output-validate": { count: () => system.count("harness-results"), little: 2 },
  "cost-aggregate": { count: async () => (await ledgerCalls(system.store)).length, little: 1 },
};

async function publishUpToTheMiddle(batch: RunningBatch, stage: StageName): Promise<void> {
  const { count, little } = progress[stage];
  const before = await count();
  await batch.publishPart();
  await system.until(`${stage} is in the middle of it`, async () => (await count()) >= before + little);
}

/** The provider answers the next few calls and then none, until `letGo`: all calls at once are held in the middle. */
async function holdCalls(): Promise<void> {
  await system.standIn.script({ rules: [{ match: { after: 4 }, effect: { kind: "held" } }] });
}

async function allCallsHeld(): Promise<void> {
  const isHeld = async (): Promise<boolean> =>
    (await system.standIn.arrived()) >= 4 + callsInFlight && (await system.standIn.inFlight()) === callsInFlight;
  await system.until("all calls in flight are held", isHeld);
}

async function letGo(): Promise<void> {
  await system.standIn.script({ rules: [] });
}

/** After a kill of model-invoke: what it had started and not ended is lost. */
async function noteLost(t: TestContext): Promise<void> {
  const journal = (await system.stages.records("harness-calls")).map(({ value }) =>
    callRecord.parse(JSON.parse(String(value))),
  );
  const counted = new Set(system.standIn.calls().map(({ call_id: id }) => id));
  const finished = new Set(journal.flatMap((call) => (call.kind === "call.finished" ? [call.call_id] : [])));
  const open = journal.filter(({ call_id: id }) => !finished.has(id) && !lost.has(id));
  const inFlight = open.map(({ call_id: id }) => id);
  const unanswered = inFlight.filter((id) => !counted.has(id)).length;
  t.diagnostic(`model-invoke had ${inFlight.length} calls in flight, ${unanswered} of them not answered yet`);
  assert.ok(unanswered >= 1, "the provider was still answering");
  for (const id of inFlight) lost.add(id);
  for (const { worker } of open) killed.add(worker);
}

/** Resolves when every result is there, everything is consumed and committed, and every call is in the books. */
async function settled({ outcome, documents, hasEnded }: RunningBatch): Promise<BatchOutcome> {
  assert.equal(documents, 58);
  await system.until("every document has its result", hasEnded);
  const ended = await outcome;
  assert.equal(ended.report.tally.ok, 58);
  for (const { run_id: runId } of ended.report.lines) runIds.add(runId ?? "not published");
  await system.until("every call is in the books", async () => {
    return (await system.standIn.inFlight()) === 0;
  });
  let behind: readonly string[] = [];
  const committed = system.until("everything is committed", async () => {
    behind = positionsBehind(await positionsOf(system.stages, stageNames));
    return behind.length === 0;
  });
  await committed.catch((error: unknown) => assert.fail(`${String(error)}: ${behind.join("; ")}`));
  return ended;
}

async function audited(t: TestContext): Promise<Figures> {
  const { violations, figures } = audit(await gatherEvidence(system, runIds), { killed });
  t.diagnostic(JSON.stringify(figures));
  assert.equal(violations.slice(0, 10).join("\n"), "", `${violations.length} laws broken`);
  assert.equal(figures.documents, runIds.size);
  assert.equal(figures.orphans, lost.size);
  assert.equal(figures.callsRepeated, figures.orphansServed, "what was paid twice is an orphan in the ledger");
  assert.equal(figures.callsServed, runIds.size + figures.callsRepeated);
  return figures;
}

/** model-invoke twice: the second one has taken over from the first. */
const kills: readonly StageName[] = ["input-scan", "model-invoke", "output-validate", "cost-aggregate", "model-invoke"];

test("kill -9 of each stage in turn in the middle of a batch: 58 results, and paid twice only what was in flight", async (t) => {
  const batch = await system.startBatch("killed", kills.length);
  for (const stage of kills) {
    const isCaller = stage === "model-invoke";
    if (isCaller) await holdCalls();
    await publishUpToTheMiddle(batch, stage);
    if (isCaller) await allCallsHeld();
    await system.kill(stage);
    const open = await uncommitted(stage);
    t.diagnostic(`${stage} killed with ${open} records not committed`);
    assert.ok(open >= 1, `${stage} had work in hand`);
    if (isCaller) {
      await noteLost(t);
      await letGo();
    }
    await restart(stage);
  }
  await settled(batch);
  const figures = await audited(t);
  assert.equal(figures.documents, 58);
  assert.ok(figures.callsRepeated >= 1, "a call was in flight at a kill");
});

/** Records of one run of a batch that nothing disturbed. */
const undisturbed = {
  requests: 0,
  "requests-batch": 1,
  idempotency: 0,
  scanned: 0,
  "scanned-batch": 1,
  calls: 2,
  settled: 1,
  retries: 0,
  reviews: 0,
  results: 1,
  answers: 0,
  audit: 3,
  "audit-chain": 0,
} as const;

test("SIGTERM of each stage in turn in the middle of a batch: it drains, ends 0, and nothing at all is repeated", async (t) => {
  const { callsServed } = audit(await gatherEvidence(system, runIds), { killed }).figures;
  const batch = await system.startBatch("stopped", stageNames.length);
  for (const stage of stageNames) {
    await publishUpToTheMiddle(batch, stage);
    assert.equal(await system.stop(stage), 0);
    t.diagnostic(`${stage} stopped with ${await uncommitted(stage)} records left to the next one`);
    await restart(stage);
  }
  const { report } = await settled(batch);
  const figures = await audited(t);
  assert.equal(figures.callsServed - callsServed, 58, "58 calls for 58 documents");
  const ids = new Set(report.lines.map(({ run_id: runId }) => runId));
  const flow: readonly TopicName[] = catalog.filter(({ role }) => role === "flow").map(({ name }) => name);
  const counts = await Promise.all(
    flow.map(async (topic) => {
      const own = (await system.stages.records(topic)).filter(({ key }) => ids.has(String(key)));
      assert.equal(new Set(own.map(idOf)).size, own.length, `no record twice on ${topic}`);
      return [topic.replace("harness-", ""), own.length / 58];
    }),
  );
  assert.deepEqual(Object.fromEntries(counts), undisturbed);
});

const idOf = ({ headers }: LogRecord): string | undefined => headers["ce_id"];

test("kill -9 of all stages at one moment in the middle of a batch: the same holds", async (t) => {
  const batch = await system.startBatch("power-cut", 2);
  await holdCalls();
  await publishUpToTheMiddle(batch, "output-validate");
  await allCallsHeld();
  await Promise.all(stageNames.map((stage) => system.kill(stage)));
  await noteLost(t);
  await letGo();
  await batch.publishPart();
  await Promise.all(stageNames.map(restart));
  await settled(batch);
  await audited(t);
});
