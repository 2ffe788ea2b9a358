import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PoisonRecordError, TransientError } from "../runtime/errors.ts";
import { finishedCall, resultOf, startedCall } from "../../test/support/ledger-records.ts";
import { ledgerRow } from "../cost-aggregate/rows.ts";
import { openBatchInserter, type BatchLimits } from "./batch-inserter.ts";
import { StoreError, type StoreFault } from "./clickhouse.ts";
import type { LedgerRow } from "./rows.ts";

const limits: BatchLimits = {
  maxRows: 100,
  maxBytes: 1_000_000,
  waits: [{ fromRows: 0, ms: 5 }],
  retryPausesMs: [1, 1],
};
const hour = 3_600_000;
const never = { waits: [{ fromRows: 0, ms: hour }] } as const;

function entryOf(topic: string, record: object): LedgerRow {
  const reading = ledgerRow({ topic, partition: 0, offset: 0n }, JSON.stringify(record));
  assert.equal(reading.kind, "row");
  return reading.entry;
}

const call = (number: number): LedgerRow => entryOf("harness-calls", finishedCall(number));

/** Keeps what it is given; `refuse` may throw before a batch is kept. */
function fakeStore(refuse: (rows: readonly object[], tries: number) => void = () => undefined) {
  const batches: { readonly table: string; readonly rows: readonly object[] }[] = [];
  let tries = 0;
  let running = 0;
  let mostRunning = 0;
  return {
    batches,
    tries: () => tries,
    mostRunning: () => mostRunning,
    insert: async (table: string, rows: readonly object[]) => {
      tries += 1;
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      running -= 1;
      refuse(rows, tries);
      batches.push({ table, rows });
    },
  };
}

const fail = (fault: StoreFault, number: number | null): never => {
  throw new StoreError(fault, number, new Error("told by the server"));
};

test("rows that come together go together, a batch a table", async () => {
  const store = fakeStore();
  const inserter = openBatchInserter(store, limits);
  await Promise.all([
    inserter.insert(call(1)),
    inserter.insert(entryOf("harness-results", resultOf(1))),
    inserter.insert(call(2)),
    inserter.insert(entryOf("harness-calls", startedCall(3))),
  ]);
  assert.deepEqual(
    store.batches.map(({ table, rows }) => [table, rows.length]),
    [
      ["calls", 3],
      ["runs", 1],
    ],
  );
});

test("a full batch does not wait, and none is fuller than it may be", async () => {
  const store = fakeStore();
  const inserter = openBatchInserter(store, { ...limits, maxRows: 10, ...never });
  await Promise.all(Array.from({ length: 30 }, (_, number) => inserter.insert(call(number))));
  assert.deepEqual(
    store.batches.map(({ rows }) => rows.length),
    [10, 10, 10],
  );
  assert.equal(store.mostRunning(), 1);
});

test("rows of several tables that fill a batch together do not wait either", async () => {
  const store = fakeStore();
  const inserter = openBatchInserter(store, { ...limits, maxRows: 3, ...never });
  await Promise.all([
    inserter.insert(call(1)),
    inserter.insert(entryOf("harness-results", resultOf(1))),
    inserter.insert(call(2)),
  ]);
  assert.deepEqual(
    store.batches.map(({ table, rows }) => [table, rows.length]),
    [
      ["calls", 2],
      ["runs", 1],
    ],
  );
});

test("rows that come while a batch is written wait for others, and do not follow it one by one", async () => {
  const { promise: acknowledged, resolve } = Promise.withResolvers<void>();
  const batches: number[] = [];
  const insert = (_table: string, rows: readonly object[]): Promise<void> => {
    batches.push(rows.length);
    return batches.length === 1 ? acknowledged : Promise.resolve();
  };
  const waits = [...limits.waits, { fromRows: 2, ms: hour }];
  const inserter = openBatchInserter({ insert }, { ...limits, maxRows: 2, waits });
  const first = [inserter.insert(call(1)), inserter.insert(call(2))];
  await new Promise((next) => {
    setImmediate(next);
  });
  const late = inserter.insert(call(3));
  resolve();
  await Promise.all(first);
  assert.deepEqual(batches, [2]);
  await Promise.all([late, inserter.insert(call(4))]);
  assert.deepEqual(batches, [2, 2]);
  await inserter.close();
});

test("the more rows the batch before held, the longer those of the next wait for others", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const store = fakeStore();
  const waits = [
    { fromRows: 0, ms: 10 },
    { fromRows: 2, ms: 20 },
    { fromRows: 3, ms: 30 },
  ];
  const inserter = openBatchInserter(store, { ...limits, waits });
  const pass = async (ms: number): Promise<number> => {
    context.mock.timers.tick(ms);
    // The store takes a turn to keep a batch.
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    return store.batches.length;
  };
  let written = 0;
  for (const { count, ms } of [
    { count: 1, ms: 10 },
    { count: 2, ms: 10 },
    { count: 3, ms: 20 },
    { count: 4, ms: 30 },
    { count: 1, ms: 30 },
    { count: 1, ms: 10 },
  ]) {
    const rows = Array.from({ length: count }, (_, number) => inserter.insert(call(number)));
    assert.equal(await pass(ms - 1), written);
    assert.equal(await pass(1), (written += 1));
    await Promise.all(rows);
  }
  await inserter.close();
});

test("bytes bound a batch as rows do, and a row larger than the bound still goes alone", async () => {
  const store = fakeStore();
  const inserter = openBatchInserter(store, { ...limits, maxBytes: 1, ...never });
  await Promise.all([inserter.insert(call(1)), inserter.insert(call(2))]);
  assert.deepEqual(
    store.batches.map(({ rows }) => rows.length),
    [1, 1],
  );
});

test("a row is done only when its batch is acknowledged", async () => {
  const { promise: acknowledged, resolve } = Promise.withResolvers<void>();
  const inserter = openBatchInserter({ insert: () => acknowledged }, { ...limits, maxRows: 1 });
  let done = false;
  const inserting = inserter.insert(call(1)).then(() => {
    done = true;
  });
  await new Promise((next) => {
    setImmediate(next);
  });
  assert.equal(done, false);
  resolve();
  await inserting;
});

test("a server that is away for a moment is tried again with the same batch", async () => {
  const store = fakeStore((_, tries) => (tries < 3 ? fail("unavailable", null) : undefined));
  const inserter = openBatchInserter(store, limits);
  await Promise.all([inserter.insert(call(1)), inserter.insert(call(2))]);
  assert.equal(store.tries(), 3);
  assert.equal(store.batches[0]?.rows.length, 2);
});

test("a server that stays away is a transient error for every row, and the next rows try again", async () => {
  let away = true;
  const store = fakeStore(() => (away ? fail("unavailable", 241) : undefined));
  const inserter = openBatchInserter(store, limits);
  const outcomes = await Promise.allSettled([inserter.insert(call(1)), inserter.insert(call(2))]);
  for (const outcome of outcomes) {
    assert.ok(outcome.status === "rejected" && outcome.reason instanceof TransientError);
    assert.equal(outcome.reason.code, "clickhouse_unavailable");
  }
  assert.equal(store.tries(), 3);
  away = false;
  await inserter.insert(call(1));
  assert.equal(store.batches.length, 1);
});

test("a schema that does not fit is nobody's row: transient, and not tried again", async () => {
  const store = fakeStore(() => fail("rejected", 60));
  const inserter = openBatchInserter(store, limits);
  const outcomes = await Promise.allSettled([inserter.insert(call(1)), inserter.insert(call(2))]);
  assert.ok(outcomes.every((outcome) => outcome.status === "rejected" && outcome.reason instanceof TransientError));
  assert.equal(store.tries(), 1);
});

test("bad rows are refused alone, wherever they stand; all others are stored once", async () => {
  const count = fc.integer({ min: 1, max: 40 });
  await fc.assert(
    fc.asyncProperty(count, fc.array(fc.nat(39)), async (size, positions) => {
      const entries = Array.from({ length: size }, (_, number) => call(number));
      const bad = new Set<object>(positions.flatMap((position) => entries[position]?.row ?? []));
      const store = fakeStore((rows) => (rows.some((row) => bad.has(row)) ? fail("bad_row", 27) : undefined));
      const inserter = openBatchInserter(store, { ...limits, waits: [{ fromRows: 0, ms: 0 }] });
      const outcomes = await Promise.allSettled(entries.map((entry) => inserter.insert(entry)));
      const stored = store.batches.flatMap(({ rows }) => rows);
      for (const [index, outcome] of outcomes.entries()) {
        const isBad = bad.has(entries[index]?.row ?? {});
        assert.equal(outcome.status, isBad ? "rejected" : "fulfilled");
        if (outcome.status === "rejected") assert.ok(outcome.reason instanceof PoisonRecordError);
        assert.equal(stored.filter((row) => row === entries[index]?.row).length, isBad ? 0 : 1);
      }
    }),
    { numRuns: 40 },
  );
});

test("closing stores what waits and takes no more", async () => {
  const store = fakeStore();
  const inserter = openBatchInserter(store, { ...limits, ...never });
  const waiting = inserter.insert(call(1));
  await inserter.close();
  await waiting;
  assert.equal(store.batches.length, 1);
  await assert.rejects(inserter.insert(call(2)), TransientError);
});
