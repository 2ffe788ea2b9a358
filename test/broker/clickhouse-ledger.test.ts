/**
 * The ledger on the real engine: reading twice changes nothing, whatever the
 * batches; the first result by offset stays; orphans are shown with their
 * bounds; money is exact; what migrates twice is migrated once.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { reviewRecord } from "../../schemas/records/review.ts";
import { exampleValue } from "../contract/examples.ts";
import fc from "fast-check";
import { z } from "zod";
import type { CallRecord } from "../../schemas/records/call.ts";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { openBatchInserter } from "../../services/ledger/batch-inserter.ts";
import { connectStore, StoreError, type Store } from "../../services/ledger/clickhouse.ts";
import { costs, runStatuses } from "../../services/ledger/costs.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { providerUsage } from "../../services/ledger/provider-usage.ts";
import type { LedgerRow } from "../../services/ledger/rows.ts";
import { countInReview } from "../../services/ledger/runs/count-in-review.ts";
import { searchRuns } from "../../services/ledger/runs/search-runs.ts";
import { orphans, runTimeline } from "../../services/ledger/timeline.ts";
import { PoisonRecordError, TransientError } from "../../services/runtime/errors.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { decisionOf, finishedCall, noon, resultOf, startedCall, uuid } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;
let databases = 0;

before(async () => {
  house = await startTestClickHouse();
});

after(async () => {
  await store.close();
  await house.stop();
});

beforeEach(async () => {
  await store?.close();
  databases += 1;
  store = connectStore({ url: house.url, user: "default", password: "", database: `ledger_${databases}` });
  await migrate(store);
});

function entry(topic: string, record: object, offset: bigint): LedgerRow {
  const reading = ledgerRow({ topic, partition: 0, offset }, JSON.stringify(record));
  assert.equal(reading.kind, "row");
  return reading.entry;
}

/** Inserts in this order, cut into batches of these sizes, the last as long as is left. */
async function insertIn(entries: readonly LedgerRow[], sizes: readonly number[] = []): Promise<void> {
  let from = 0;
  for (const size of [...sizes, entries.length]) {
    const batch = entries.slice(from, from + size);
    from += size;
    for (const [table, rows] of Map.groupBy(batch, (item) => item.table))
      await store.insert(
        table,
        rows.map(({ row }) => row),
      );
  }
}

const journal = (records: readonly CallRecord[]): LedgerRow[] =>
  records.map((record, offset) => entry("harness-calls", record, BigInt(offset)));

test("migrating twice, and by two at once, applies each file once and changes nothing", async () => {
  await insertIn(journal([finishedCall(1)]));
  assert.deepEqual(await migrate(store), []);
  assert.deepEqual(await Promise.all([migrate(store), migrate(store)]), [[], []]);
  assert.equal((await costs(store, []))[0]?.calls, 1);
  const tables = z.array(z.object({ name: z.string() })).parse(await store.query("SHOW TABLES"));
  const stable = ["spend", "runs", "guards", "decisions", "savings"].flatMap((of) => [`${of}_daily`, `${of}_hourly`]);
  const read = ["costs_daily", "decisions", "ledger", "review_events", "run_results", "runs_in_review", ...stable];
  const names = new Set(tables.map(({ name }) => name));
  assert.deepEqual(
    read.filter((name) => !names.has(name)),
    [],
  );
});

test("two that migrate a new database at once both succeed", async () => {
  const fresh = connectStore({ url: house.url, user: "default", password: "", database: "fresh" });
  await Promise.all([migrate(fresh), migrate(fresh)]);
  assert.deepEqual(await costs(fresh, []), []);
  await fresh.close();
});

test("reading the journal again in other batches, from any offset, changes no row and no sum", async () => {
  const records = Array.from({ length: 40 }, (_, call) =>
    call % 4 === 0 ? [startedCall(call)] : [startedCall(call), finishedCall(call)],
  ).flat();
  const entries = journal(records);
  await insertIn(entries);
  const rows = () => store.query("SELECT * FROM ledger ORDER BY call_id");
  const [truth, sums] = [await rows(), await costs(store, ["harness"])];
  assert.equal(truth.length, 40);
  assert.equal(sums[0]?.costUsd, "0.019125");
  const size = fc.integer({ min: 1, max: 30 });
  const rereading = fc.record({ from: fc.nat(entries.length - 1), sizes: fc.array(size, { maxLength: 4 }) });
  await fc.assert(
    fc.asyncProperty(rereading, async ({ from, sizes }) => {
      await insertIn(entries.slice(from), sizes);
      assert.deepEqual(await rows(), truth);
      assert.deepEqual(await costs(store, ["harness"]), sums);
    }),
    { numRuns: 12 },
  );
  await store.command("OPTIMIZE TABLE calls FINAL");
  assert.deepEqual(await rows(), truth);
});

test("a start that arrives after its finish does not undo it", async () => {
  await insertIn([entry("harness-calls", finishedCall(1), 1n)]);
  await insertIn([entry("harness-calls", startedCall(1), 0n)]);
  const { calls } = await runTimeline(store, uuid(1));
  assert.deepEqual(
    calls.map(({ state, cost_usd }) => [state, cost_usd]),
    [["finished", "0.0006375"]],
  );
});

test("a call without an end is in flight, then an orphan within its bounds, then corrected by a late finish", async () => {
  const nowMs = Date.now();
  const alive = { started_at_ms: nowMs, deadline_at_ms: nowMs + 600_000 };
  const dead = { started_at_ms: nowMs - 600_000, deadline_at_ms: nowMs - 120_000 };
  const late = { started_at_ms: nowMs - 60_000, deadline_at_ms: nowMs - 1000 };
  await insertIn(journal([startedCall(1, alive), startedCall(2, dead), startedCall(3, late), finishedCall(4)]));
  const [line] = await costs(store, []);
  assert.deepEqual([line?.calls, line?.inFlight, line?.orphans, line?.callsWithCost], [4, 2, 1, 1]);
  assert.deepEqual([line?.costUsd, line?.boundLowUsd, line?.boundHighUsd], ["0.0006375", "0.0010125", "0.0163875"]);
  const [orphan, ...others] = await orphans(store);
  assert.deepEqual([orphan?.call_id, orphan?.cost_usd, others.length], [uuid(2), null, 0]);
  assert.deepEqual([orphan?.bound_low_usd, orphan?.bound_high_usd], ["0.000125", "0.00525"]);
  await insertIn([entry("harness-calls", finishedCall(2, dead), 9n)]);
  assert.deepEqual(await orphans(store), []);
  assert.equal((await costs(store, []))[0]?.costUsd, "0.001275");
});

test("the first result by offset is the run's, whatever order they are inserted in", async () => {
  const results = [
    entry("harness-results", resultOf(1, { status: "ok" }), 10n),
    entry("harness-results", resultOf(1, { status: "refused", finished_at_ms: noon + 86_400_000 }), 11n),
    entry("harness-results", resultOf(1, { status: "expired", received_at_ms: noon - 86_400_000 }), 12n),
  ];
  for (const order of [results, results.toReversed(), [...results.slice(1), ...results]]) {
    await insertIn(order, [1, 1]);
    const { result } = await runTimeline(store, uuid(1));
    assert.deepEqual([result?.status, result?.result_partition, result?.result_offset], ["ok", 0, "10"]);
  }
  await store.command("OPTIMIZE TABLE runs FINAL");
  assert.deepEqual(await runStatuses(store), [{ status: "ok", runs: 1 }]);
});

test("a repeated decision is one, the first by offset", async () => {
  await insertIn([entry("harness-audit", decisionOf(1, { decided_at_ms: noon + 99_999 }), 8n)]);
  await insertIn([entry("harness-audit", decisionOf(1), 7n), entry("harness-audit", decisionOf(1), 9n)]);
  const { decisions } = await runTimeline(store, uuid(1));
  assert.deepEqual(
    decisions.map(({ source_offset, decided_at }) => [source_offset, decided_at]),
    [["7", "2026-11-22T12:00:01.100Z"]],
  );
  assert.deepEqual(decisions[0]?.guards, decisionOf(1).guards);
  assert.deepEqual(decisions[0]?.reasons, decisionOf(1).reasons);
});

test("a run's timeline has its calls by attempt, and an unknown run has none", async () => {
  const run_id = uuid(500);
  const second = { run_id, attempt: 2, started_at_ms: noon + 5000 } as const;
  await insertIn(journal([finishedCall(2, second), finishedCall(1, { run_id, outcome: "malformed" })]));
  const { calls, result } = await runTimeline(store, run_id);
  assert.deepEqual(
    calls.map(({ attempt, outcome }) => [attempt, outcome]),
    [
      [1, "malformed"],
      [2, "ok"],
    ],
  );
  assert.equal(result, null);
  assert.deepEqual(await runTimeline(store, uuid(501)), { result: null, calls: [], decisions: [], reviews: [] });
});

test("costs are split by what is asked, dearest first, unknown apart from zero", async () => {
  const failure = { usage: null, usage_source: "unknown", cost_usd: null } as const;
  await insertIn(
    journal([
      finishedCall(1, { cost_usd: "0.000000000001" }),
      finishedCall(2, { cost_usd: "0.1", client_id: "globex" }),
      finishedCall(3, { cost_usd: "0.2", client_id: "globex", feature: undefined }),
      finishedCall(4, { ...failure, outcome: "rate_limited" }),
      finishedCall(5, { ...failure, outcome: "timeout" }),
      finishedCall(6, { ...failure, model: "house", cost_low_usd: null, cost_high_usd: null, outcome: "ok" }),
    ]),
  );
  const line = async (...by: Parameters<typeof costs>[1]) =>
    (await costs(store, by)).map(({ by: key, calls, callsWithCost, costUsd }) => [
      ...key,
      calls,
      callsWithCost,
      costUsd,
    ]);
  assert.deepEqual(await line("client"), [
    ["globex", 2, 2, "0.3"],
    ["acme", 4, 1, "0.000000000001"],
  ]);
  assert.deepEqual(await line("model"), [
    ["gpt-4o", 5, 3, "0.300000000001"],
    ["house", 1, 0, null],
  ]);
  assert.deepEqual(await line("feature", "client"), [
    [null, "globex", 1, 1, "0.2"],
    ["digest", "globex", 1, 1, "0.1"],
    ["digest", "acme", 4, 1, "0.000000000001"],
  ]);
  assert.deepEqual(await line("day"), [["2026-11-22", 6, 3, "0.300000000001"]]);
  const [all] = await costs(store, []);
  assert.deepEqual([all?.failedCalls, all?.unboundedCalls], [2, 1]);
  // A call that was turned away adds nothing; the one that timed out, between its bounds.
  assert.deepEqual([all?.boundLowUsd, all?.boundHighUsd], ["0.300125000001", "0.305250000001"]);
  const daily = z
    .array(z.object({ sum_cost_usd: z.string().nullable() }))
    .parse(await store.query("SELECT sum_cost_usd FROM costs_daily"));
  assert.equal(daily.length, 4);
});

test("filters take calls by time, client, batch and the rest", async () => {
  await insertIn(
    journal([finishedCall(1), finishedCall(2, { client_id: "globex" }), finishedCall(3, { document: undefined })]),
  );
  const calls = async (filter: Parameters<typeof costs>[2]) => (await costs(store, [], filter))[0]?.calls ?? 0;
  assert.equal(await calls({ fromMs: noon + 2 }), 2);
  assert.equal(await calls({ toMs: noon + 2 }), 1);
  assert.equal(await calls({ client: "globex" }), 1);
  assert.equal(await calls({ client: "globex' OR 1=1 --" }), 0);
  assert.equal(await calls({ batch: "b1" }), 2);
  assert.equal(await calls({ harness: "summarise", model: "gpt-4o", feature: "digest" }), 3);
});

test("sums of a hundred thousand calls are exact to the last place", async () => {
  const entries = Array.from({ length: 100_000 }, (_, call) => {
    const started_at_ms = noon + (call % 1000);
    return {
      ...entry("harness-calls", finishedCall(1, { started_at_ms, cost_usd: "0.000000000123" }), 0n).row,
      call_id: uuid(call),
    };
  });
  await store.insert("calls", entries);
  const [line] = await costs(store, []);
  assert.deepEqual([line?.calls, line?.costUsd], [100_000, "0.0000123"]);
});

test("a bad row is refused alone and its neighbours are stored", async () => {
  const inserter = openBatchInserter(store);
  const good = journal([finishedCall(1), finishedCall(2), finishedCall(3)]);
  const bad: LedgerRow = { table: "calls", row: { ...startedRow(), cost_low_usd: "9".repeat(40) } };
  const outcomes = await Promise.allSettled([...good, bad].map((item) => inserter.insert(item)));
  await inserter.close();
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "fulfilled", "fulfilled", "rejected"],
  );
  const [, , , refused] = outcomes;
  assert.ok(refused?.status === "rejected" && refused.reason instanceof PoisonRecordError);
  assert.equal((await costs(store, []))[0]?.calls, 3);
});

function startedRow() {
  const found = entry("harness-calls", startedCall(77), 0n);
  assert.equal(found.table, "calls");
  return found.row;
}

test("nothing is lost in silence: a null where there must be a value, a field without a column", async () => {
  const rejects = (row: object) => assert.rejects(store.insert("calls", [row]), StoreError);
  await rejects({ ...startedRow(), client_id: null });
  await rejects({ ...startedRow(), field_of_tomorrow: 1 });
  assert.deepEqual(await costs(store, []), []);
});

test("a ledger that was away takes the batch when it is back", async () => {
  const inserter = openBatchInserter(store, {
    maxRows: 10,
    maxBytes: 1e6,
    waits: [{ fromRows: 0, ms: 10 }],
    retryPausesMs: [10],
  });
  await house.kill();
  await assert.rejects(inserter.insert({ table: "calls", row: startedRow() }), TransientError);
  await house.restart();
  await inserter.insert({ table: "calls", row: startedRow() });
  await inserter.close();
  assert.equal((await costs(store, []))[0]?.calls, 1);
});

test("usage by day and served model is in a provider's own terms; calls of unknown usage stand beside it", async () => {
  const unknown = finishedCall(3, { outcome: "timeout", usage: null, usage_source: "unknown", cost_usd: null });
  const refused = finishedCall(4, { outcome: "rate_limited", usage: null, usage_source: "estimated", cost_usd: "0" });
  const unanswered = { ...startedCall(5), started_at_ms: noon };
  const records = [finishedCall(1), finishedCall(2), unknown, refused, unanswered];
  await insertIn(records.map((record, index) => entry("harness-calls", record, BigInt(index))));
  const usage = await providerUsage(store, { provider: "openai", from: "2026-11-22", to: "2026-11-22" });
  const served = {
    calls: 2,
    unknownCalls: 1,
    inputTokens: 180,
    cachedInputTokens: 20,
    cacheWriteTokens: 0,
    outputTokens: 80,
  };
  const unserved = {
    calls: 0,
    unknownCalls: 1,
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 0,
  };
  const on = { day: "2026-11-22", provider: "openai" };
  assert.deepEqual(usage, [
    { ...on, model: "gpt-4o", ...unserved },
    { ...on, model: "gpt-4o-2024-11-20", ...served },
  ]);
  assert.deepEqual(await providerUsage(store, { provider: "openai", from: "2026-11-23", to: "2026-11-30" }), []);
  assert.deepEqual(await providerUsage(store, { provider: "anthropic", from: "2026-11-22", to: "2026-11-22" }), []);
});

test("a review's steps come back in their order, each once", async () => {
  const steps = ["held", "decided-edit-broken", "decided-approve"].map((name) =>
    reviewRecord.parse(exampleValue("harness-reviews", name)),
  );
  const rows = steps.map((record, offset) => entry("harness-reviews", record, BigInt(offset)));
  await insertIn([...rows, ...rows]);
  const { reviews, result } = await runTimeline(store, "019aa0f1-2c00-7000-8000-000000000003");
  assert.deepEqual(
    reviews.map(({ event, decision, reviewer }) => [event, decision, reviewer]),
    [
      ["held", null, null],
      ["decided", "edit", "ines"],
      ["decided", "approve", "ines"],
    ],
  );
  assert.equal(result, null);
});

test("a run whose answer is held is among the latest ones and counted, with what it cost, until its result is there", async () => {
  const client_id = "reviewed";
  const [held, decided] = ["held", "decided-edit-broken"].map((name) => exampleValue("harness-reviews", name));
  const run_id = uuid(900);
  const calls = [901, 902].map((call) => finishedCall(call, { run_id, client_id, call_no: call - 900 }));
  await insertIn([
    entry("harness-reviews", { ...Object(held), run_id, client_id }, 900n),
    entry("harness-reviews", { ...Object(decided), run_id }, 901n),
    ...calls.map((call, at) => entry("harness-calls", call, BigInt(900 + at))),
    entry("harness-results", resultOf(903, { client_id, finished_at_ms: noon }), 903n),
  ]);
  const list = (status?: string) => searchRuns(store, { client: client_id, status }, { limit: 10 });
  const [waiting] = await list("in_review");
  assert.deepEqual(
    [waiting?.run_id, waiting?.calls, waiting?.cost_usd, waiting?.unpriced_calls, waiting?.finished_at],
    [run_id, 2, "0.001275", 0, null],
  );
  assert.deepEqual((await list()).map(({ status }) => status).toSorted(), ["in_review", "ok"]);
  assert.deepEqual([await countInReview(store, client_id), await countInReview(store, "nobody")], [1, 0]);
  const before = await countInReview(store);
  await insertIn([entry("harness-results", resultOf(900, { client_id, status: "released" }), 904n)]);
  assert.deepEqual((await list()).map(({ status }) => status).toSorted(), ["ok", "released"]);
  assert.deepEqual([await countInReview(store, client_id), await countInReview(store)], [0, before - 1]);
});
