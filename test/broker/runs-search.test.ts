/**
 * Runs searched on the real engine: each filter alone finds what a plain look
 * over the same runs finds, pages put together are the whole, and a result that
 * came twice, or under another run's time, is there once.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { reviewRecord } from "../../schemas/records/review.ts";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import type { RunFilter, RunPlace } from "../../services/ledger/runs/run-conditions.ts";
import { nextPlace, searchRuns, type FoundRun } from "../../services/ledger/runs/search-runs.ts";
import { exampleValue } from "../contract/examples.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { finishedCall, noon, resultOf, uuid } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;

before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "search" });
  await migrate(store);
  for (const [offset, [topic, record]] of log.entries()) {
    const reading = ledgerRow({ topic, partition: 0, offset: BigInt(offset) }, JSON.stringify(record));
    assert.equal(reading.kind, "row");
    await store.insert(reading.entry.table, [reading.entry.row]);
  }
});
after(async () => {
  await store.close();
  await house.stop();
});

const minute = 60_000;
/** Runs 1 to 30; three in a row end at the same millisecond. */
const endOf = (run: number): number => noon + Math.floor(run / 3) * minute;
const runs = Array.from({ length: 30 }, (_, at) => at + 1);

function result(run: number, fields: Partial<RunResult> = {}): RunResult {
  const plain = resultOf(run, { finished_at_ms: endOf(run) });
  return {
    ...plain,
    client_id: run % 2 === 0 ? "acme" : "globex",
    status: run % 5 === 0 ? "failed_validation" : "ok",
    ...(run % 7 === 0 ? { feature: "letters" } : {}),
    ...(run % 6 === 0 ? { document: { batch_id: "b-june", name: `Letters/${run}.txt`, sha256: "0".repeat(64) } } : {}),
    spent: { ...plain.spent, calls: 1, cost_usd: `0.0${String(run).padStart(2, "0")}` },
    ...fields,
  };
}

const held = reviewRecord.parse(exampleValue("harness-reviews", "held"));
const log: readonly (readonly [topic: string, record: object])[] = [
  ...runs.map((run) => ["harness-results", result(run)] as const),
  // Repeats of what has ended: by content, later by time, and again.
  ...[3, 4, 29, 30].map((run) => ["harness-results", result(run)] as const),
  ...[1, 2, 30].map(
    (run) => ["harness-results", result(run, { status: "cancelled", finished_at_ms: noon + 90 * minute })] as const,
  ),
  ...runs.map(
    (run) =>
      [
        "harness-calls",
        finishedCall(run, run % 10 === 0 ? { model: "claude-sonnet-4-5", served_model: "claude-sonnet-4-5" } : {}),
      ] as const,
  ),
  ["harness-reviews", { ...held, run_id: uuid(900), client_id: "acme", held_at_ms: noon + 5 * minute + 1 }],
];

const idsOf = (found: readonly FoundRun[]): string[] => found.map(({ run_id: id }) => id);
const search = (filter: RunFilter, limit = 100): Promise<readonly FoundRun[]> => searchRuns(store, filter, { limit });

const cases: readonly (readonly [name: string, filter: RunFilter, expected: readonly number[]])[] = [
  ["without a filter, all of them and the one that waits", {}, [...runs, 900]],
  ["a client's", { client: "globex" }, runs.filter((run) => run % 2 === 1)],
  ["a feature's", { feature: "letters" }, runs.filter((run) => run % 7 === 0)],
  ["a harness'", { harness: "summarise" }, runs],
  ["a version's", { harness: "summarise", version: "0123456789abcdef" }, runs],
  ["no version's", { version: "ffffffffffffffff" }, []],
  ["by status", { status: "failed_validation" }, runs.filter((run) => run % 5 === 0)],
  ["a status that only a repeat has", { status: "cancelled" }, []],
  ["those in review", { status: "in_review" }, [900]],
  ["a batch's", { batch: "b-june" }, runs.filter((run) => run % 6 === 0)],
  ["by a part of the document's name, in any case", { document: "letters/12" }, [12]],
  ["by a model that was called", { model: "claude-sonnet-4-5" }, [10, 20, 30]],
  ["by the model that answered", { model: "gpt-4o-2024-11-20" }, runs.filter((run) => run % 10 !== 0)],
  ["by a model in a time", { model: "claude-sonnet-4-5", fromMs: endOf(15), toMs: endOf(30) }, [20]],
  ["from a time on", { fromMs: endOf(24) }, runs.filter((run) => run >= 24)],
  ["until a time, exclusive", { toMs: endOf(6) }, runs.filter((run) => run < 6)],
  ["by the whole run id", { run: uuid(17) }, [17]],
  ["by the beginning of run ids", { run: uuid(16).slice(0, -1) }, runs.filter((run) => run >= 16)],
  ["at least so dear", { minCostUsd: "0.028" }, [28, 29, 30]],
  ["by several at once", { client: "acme", status: "failed_validation", minCostUsd: "0.015" }, [20, 30]],
];
for (const [name, filter, expected] of cases) {
  test(`found: ${name}`, async () => {
    assert.deepEqual(idsOf(await search(filter)).toSorted(), expected.map(uuid).toSorted());
  });
}

test("newest first, each as its first result says", async () => {
  const found = await search({});
  const times = found.map(({ at }) => Date.parse(at));
  assert.deepEqual(
    times,
    times.toSorted((left, right) => right - left),
  );
  const newest = found.find(({ run_id: id }) => id === uuid(30));
  assert.deepEqual(
    [newest?.status, newest?.at, newest?.cost_usd],
    ["failed_validation", "2026-11-22T12:10:00.000Z", "0.03"],
  );
  const waits = found.find(({ run_id: id }) => id === uuid(900));
  assert.deepEqual([waits?.status, waits?.finished_at, waits?.duration_ms], ["in_review", null, null]);
});

for (const limit of [1, 2, 3, 7, 31]) {
  test(`pages of ${limit} put together are the whole, none twice`, async () => {
    const whole = idsOf(await search({}));
    const paged: string[] = [];
    let after: RunPlace | undefined;
    for (;;) {
      const page = await searchRuns(store, {}, { limit, after });
      paged.push(...idsOf(page));
      const next = nextPlace(page, limit);
      if (next === null) break;
      after = next;
    }
    assert.deepEqual(paged, whole);
  });
}

for (const text of ["' OR 1 --", "\\", "\0", "{run:UUID}", "\u{1F600}", "a\tb\nc", "%"]) {
  test(`${JSON.stringify(text)} is a value and nothing else`, async () => {
    for (const filter of [{ client: text }, { document: text }, { model: text, version: text, batch: text }])
      assert.deepEqual(await search(filter), []);
  });
}

test("times far away are taken as they are", async () => {
  assert.equal((await search({ fromMs: Date.parse("0001-01-01"), toMs: Date.parse("9999-12-31") })).length, 31);
  assert.deepEqual(await search({ toMs: Date.parse("0001-01-01") }), []);
});

test("more repeats than a page bears in one turn are passed over", async () => {
  const repeats = Array.from({ length: 60 }, (_, at) => result(7, { finished_at_ms: noon + (100 + at) * minute }));
  for (const [at, record] of repeats.entries()) {
    const reading = ledgerRow(
      { topic: "harness-results", partition: 0, offset: BigInt(1000 + at) },
      JSON.stringify(record),
    );
    assert.equal(reading.kind, "row");
    await store.insert(reading.entry.table, [reading.entry.row]);
  }
  assert.deepEqual(idsOf(await search({}, 3)), idsOf(await search({})).slice(0, 3));
  assert.equal((await search({})).length, 31);
});
