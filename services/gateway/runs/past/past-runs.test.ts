import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { v7 } from "uuid";
import { DeskBench, deskRun } from "../../../../test/support/desk-bench.ts";
import { requestEmission } from "../../../runtime/requests/request-record.ts";
import { TransientError } from "../../../runtime/errors.ts";
import { LogSearch } from "./log-search.ts";
import { PastRuns, type PastSource } from "./past-runs.ts";

const minuteMs = 60_000;

/** Rows by view. */
type Rows = Readonly<Partial<Record<"run_results" | "decisions" | "review_events", object>>>;
function ledgerOf(rows: Rows): NonNullable<PastSource["store"]> {
  const query = async (sql: string): Promise<readonly object[]> => {
    const [, view = ""] = /FROM (\w+)/.exec(sql) ?? [];
    return Object.entries(rows).flatMap(([name, row]) => (name === view ? [row] : []));
  };
  return { query };
}

function openPast(bench: DeskBench, options: Partial<PastSource> = {}) {
  const warnings: string[] = [];
  const logger = { warn: (_: object, message: string) => void warnings.push(message) };
  const past = new PastRuns({ reader: bench.reader, store: null, logger, nowMs: Date.now, ...options });
  const standing = async (runId: string, before = Infinity): Promise<string> => {
    const found = await past.find(runId, before);
    return found === null ? "none" : `${found.standing.kind} of ${found.clientId}`;
  };
  return { past, standing, warnings };
}

const asked = (bench: DeskBench, runId: string) => bench.publish([requestEmission({ ...deskRun, run_id: runId })]);
const ofBatch = "0199d000-0000-8000-8000-000000000001";

describe("without a ledger", () => {
  test("a run is found by its request, its hold and its result, in this order of time", async () => {
    const bench = new DeskBench();
    const { standing } = openPast(bench);
    const runId = v7();
    assert.equal(await standing(runId), "none");
    await asked(bench, v7());
    await asked(bench, runId);
    assert.equal(await standing(runId), "running of acme");
    await bench.review(runId, "held");
    assert.equal(await standing(runId), "in_review of acme");
    await bench.end(runId);
    assert.equal(await standing(runId), "ended of acme");
    assert.equal(await standing(runId, 0), "in_review of acme", "the result is seen elsewhere");
  });

  test("the first result is the result, past records that are none", async () => {
    const bench = new DeskBench();
    const { past } = openPast(bench);
    const runId = v7();
    await asked(bench, runId);
    await bench.publish([{ topic: "harness-results", key: runId, id: "x", type: "t", value: { kind: "result" } }]);
    await bench.end(runId, { attempts: 1 });
    await bench.end(runId, { attempts: 2 });
    const found = await past.find(runId, Infinity);
    assert.equal(found?.standing.kind === "ended" && found.standing.result.attempts, 1);
  });

  test("a run is not looked for before its time, long after it, or without one", async () => {
    const bench = new DeskBench();
    const { standing } = openPast(bench);
    const old = v7({ msecs: Date.now() - 11 * minuteMs });
    await asked(bench, v7());
    await asked(bench, old);
    await asked(bench, ofBatch);
    assert.equal(await standing(old), "none");
    assert.equal(await standing(v7({ msecs: Date.now() + 2 * minuteMs })), "none");
    assert.equal(await standing(ofBatch), "none");
  });

  test("who would publish it again looks to the end of the log", async () => {
    const bench = new DeskBench();
    const { past } = openPast(bench);
    const old = v7({ msecs: Date.now() - 11 * minuteMs });
    await asked(bench, v7());
    assert.equal(await past.isPublished(old), false);
    await asked(bench, old);
    assert.equal(await past.isPublished(old), true);
  });
});

describe("with a ledger", () => {
  test("the result is read where the ledger says it stands, whatever the run's id", async () => {
    const bench = new DeskBench();
    await bench.end(ofBatch);
    const [record] = bench.log.records("harness-results");
    const row = { client_id: "acme", result_partition: record?.partition, result_offset: String(record?.offset) };
    const { standing } = openPast(bench, { store: ledgerOf({ run_results: row }) });
    assert.equal(await standing(ofBatch), "ended of acme");
    assert.equal(await standing(v7()), "none", "another's record stands there");
  });

  test("a run that it knows without a result runs, or is held, and may have ended meanwhile", async () => {
    const bench = new DeskBench();
    const decisions = { client_id: "acme" };
    const running = openPast(bench, { store: ledgerOf({ decisions }) });
    const held = openPast(bench, { store: ledgerOf({ decisions, review_events: { client_id: "acme" } }) });
    const runId = v7();
    assert.equal(await running.standing(ofBatch), "running of acme");
    assert.equal(await held.standing(ofBatch), "in_review of acme");
    assert.equal(await held.standing(runId), "in_review of acme");
    assert.equal(await running.past.isPublished(runId), true);
    await bench.end(runId);
    assert.equal(await running.standing(runId), "ended of acme");
  });

  test("that does not answer, the topics do, and it is told", async () => {
    const bench = new DeskBench();
    const runId = v7();
    await asked(bench, runId);
    const query = () => Promise.reject(new Error("refused"));
    const { standing, warnings } = openPast(bench, { store: { query } });
    assert.equal(await standing(runId), "running of acme");
    assert.match(String(warnings), /ledger does not answer/);
  });
});

test("a few searches run at once, and when hundreds wait, more are turned away", async () => {
  const bench = new DeskBench();
  const held: (() => void)[] = [];
  let most = 0;
  const offsets: typeof bench.log.offsets = async (topic) => {
    await new Promise<void>((resolve) => (most = Math.max(most, held.push(resolve))));
    return await bench.log.offsets(topic);
  };
  const search = new LogSearch({ ...bench.reader, offsets });
  const sought = { topic: "harness-requests", key: v7(), fromMs: 0, untilMs: Date.now(), isIt: () => true } as const;
  const all = Promise.allSettled(Array.from({ length: 300 }, () => search.first(sought)));
  let ended = false;
  void all.then(() => (ended = true));
  while (!ended) {
    held.shift()?.();
    await new Promise(setImmediate);
  }
  const refused = (await all).flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  assert.equal(refused.length, 40);
  assert.ok(refused.every((error: unknown) => error instanceof TransientError));
  assert.ok(most <= 4);
});
