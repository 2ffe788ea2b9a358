/**
 * The ledger against a model of it: whatever journal, in whatever order, batches
 * and repeats it arrives, the sums, states and bounds are those that counting
 * by hand gives. And a process that opens it before it is there waits.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { CallFinished } from "../../schemas/records/call.ts";
import type { CallOutcome } from "../../schemas/parts/codes.ts";
import type { UsageSource } from "../../schemas/parts/usage.ts";
import type { RunResult } from "../../schemas/records/run-result.ts";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { costs, type CostLine } from "../../services/ledger/costs.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { openLedger } from "../../services/ledger/open-ledger.ts";
import { searchRuns } from "../../services/ledger/runs/search-runs.ts";
import type { LedgerRow } from "../../services/ledger/rows.ts";
import { runTimeline } from "../../services/ledger/timeline.ts";
import { addKnownUsd, Decimal, toUsd } from "../../services/pricing/usd.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { finishedCall, resultOf, startedCall, uuid } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;

const settings = () => ({ url: house.url, user: "default", password: "", database: "model" });

before(async () => {
  house = await startTestClickHouse();
  store = connectStore(settings());
  await migrate(store);
});

after(async () => {
  await store.close();
  await house.stop();
});

function entry(topic: string, record: object, offset: number): LedgerRow {
  const reading = ledgerRow({ topic, partition: 0, offset: BigInt(offset) }, JSON.stringify(record));
  assert.equal(reading.kind, "row");
  return reading.entry;
}

async function insertIn(entries: readonly LedgerRow[], sizes: readonly number[]): Promise<void> {
  let from = 0;
  for (const size of [...sizes, entries.length]) {
    for (const [table, rows] of Map.groupBy(entries.slice(from, from + size), (item) => item.table))
      await store.insert(
        table,
        rows.map(({ row }) => row),
      );
    from += size;
  }
}

interface ModelCall {
  readonly client: string;
  readonly state: "finished" | "in_flight" | "orphan";
  readonly outcome: CallOutcome;
  readonly cost: string | null;
  readonly source: UsageSource;
  readonly low: string | null;
  readonly high: string | null;
}

const amount = fc
  .bigInt({ min: 0n, max: 10n ** 15n })
  .map((units) => toUsd(new Decimal(units.toString()).times("1e-12")));

const modelCall: fc.Arbitrary<ModelCall> = fc.record({
  client: fc.constantFrom("acme", "globex", "initech"),
  state: fc.constantFrom("finished", "finished", "finished", "in_flight", "orphan"),
  outcome: fc.constantFrom<CallOutcome>("ok", "rate_limited", "timeout", "connection", "server_error", "not_found"),
  cost: fc.option(amount),
  source: fc.constantFrom<UsageSource>("provider", "provider", "estimated"),
  low: fc.option(amount, { freq: 5 }),
  high: fc.option(amount, { freq: 5 }),
});

const turnedAway = new Set<CallOutcome>(["rate_limited", "overloaded", "bad_request", "unauthorized", "not_found"]);

/** What the call cost at least and at most, told as the view's comment tells it. */
function boundsOf(call: ModelCall): readonly [string | null, string | null] {
  if (call.state !== "finished") return [call.low, call.high];
  if (call.cost !== null) {
    const more = call.source === "estimated" && !turnedAway.has(call.outcome) && new Decimal(call.cost).gt(0);
    const high = more && call.high !== null && new Decimal(call.high).gt(call.cost) ? call.high : call.cost;
    return [call.cost, high];
  }
  if (turnedAway.has(call.outcome)) return ["0", "0"];
  return [call.outcome === "connection" ? "0" : call.low, call.high];
}

function expectedLine(client: string, calls: readonly ModelCall[]): Partial<CostLine> {
  const finished = calls.filter(({ state }) => state === "finished");
  const sum = (values: readonly (string | null)[]) => values.reduce(addKnownUsd, null);
  return {
    by: [client],
    calls: calls.length,
    failedCalls: finished.filter(({ outcome }) => outcome !== "ok").length,
    inFlight: calls.filter(({ state }) => state === "in_flight").length,
    orphans: calls.filter(({ state }) => state === "orphan").length,
    callsWithCost: finished.filter(({ cost }) => cost !== null).length,
    costUsd: sum(finished.map(({ cost }) => cost)),
    boundLowUsd: sum(calls.map((call) => boundsOf(call)[0])),
    boundHighUsd: sum(calls.map((call) => boundsOf(call)[1])),
    unboundedCalls: calls.filter((call) => boundsOf(call)[1] === null).length,
  };
}

const hourMs = 3_600_000;

function recordsOf(call: ModelCall, number: number, nowMs: number): object[] {
  const deadline_at_ms = call.state === "in_flight" ? nowMs + hourMs : nowMs - hourMs;
  const shared: Partial<CallFinished> = {
    client_id: call.client,
    started_at_ms: nowMs - 2 * hourMs,
    deadline_at_ms,
    cost_low_usd: call.low,
    cost_high_usd: call.high,
  };
  const { kind: _, ...identity } = finishedCall(number, shared);
  const started = startedCall(number, {
    client_id: identity.client_id,
    started_at_ms: identity.started_at_ms,
    deadline_at_ms: identity.deadline_at_ms,
    cost_low_usd: identity.cost_low_usd,
    cost_high_usd: identity.cost_high_usd,
  });
  if (call.state !== "finished") return [started];
  return [
    started,
    finishedCall(number, { ...shared, outcome: call.outcome, cost_usd: call.cost, usage_source: call.source }),
  ];
}

const journal = fc.record({
  calls: fc.array(modelCall, { minLength: 1, maxLength: 25 }),
  seed: fc.nat(),
  sizes: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 5 }),
  repeats: fc.integer({ min: 1, max: 3 }),
});

/** The same order for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  let state = seed + 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  return items
    .map((item) => ({ item, key: next() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ item }) => item);
}

test("any journal, in any order, batches and repeats, sums to what counting by hand gives", async () => {
  await fc.assert(
    fc.asyncProperty(journal, async ({ calls, seed, sizes, repeats }) => {
      await store.command("TRUNCATE TABLE calls");
      const nowMs = Date.now();
      const records = calls.flatMap((call, number) => recordsOf(call, number, nowMs));
      const entries = records.map((record, offset) => entry("harness-calls", record, offset));
      const arrivals = Array.from({ length: repeats }, (_, round) => shuffled(entries, seed + round)).flat();
      await insertIn(arrivals, sizes);
      const found = await costs(store, ["client"]);
      const expected = [...Map.groupBy(calls, ({ client }) => client)].map(([client, own]) =>
        expectedLine(client, own),
      );
      assert.equal(found.length, expected.length);
      for (const line of expected)
        assert.partialDeepStrictEqual(
          found.find(({ by }) => by[0] === line.by?.[0]),
          line,
        );
    }),
    { numRuns: 25 },
  );
});

test("of any results of a run, in any order and repeats, the first by offset is shown", async () => {
  const status = fc.constantFrom<RunResult["status"]>("ok", "refused", "degraded", "expired", "failed_validation");
  const results = fc.record({ statuses: fc.array(status, { minLength: 1, maxLength: 6 }), seed: fc.nat() });
  await fc.assert(
    fc.asyncProperty(results, async ({ statuses, seed }) => {
      await store.command("TRUNCATE TABLE runs");
      const entries = statuses.map((value, offset) => {
        const finished_at_ms = Date.now() + offset * 40 * 24 * hourMs;
        return entry("harness-results", resultOf(1, { status: value, finished_at_ms }), offset + 100);
      });
      await insertIn(shuffled([...entries, ...entries], seed), [1, 2, 3]);
      const { result } = await runTimeline(store, uuid(1));
      assert.deepEqual([result?.status, result?.result_offset], [statuses[0], "100"]);
      assert.deepEqual(
        (await searchRuns(store, {}, { limit: 10 })).map((run) => [run.run_id, run.status]),
        [[uuid(1), statuses[0]]],
      );
    }),
    { numRuns: 15 },
  );
});

test("a process that opens the ledger before it is there waits for it, then migrates it", async () => {
  await house.kill();
  const warnings: string[] = [];
  const told: string[] = [];
  const logger = {
    warn: (_: object, message: string) => void warnings.push(message),
    info: (_: object, message: string) => void told.push(message),
  };
  const opening = openLedger({ ...settings(), database: "late" }, logger);
  await house.restart();
  const ledger = await opening;
  await ledger.insert(entry("harness-calls", finishedCall(1), 0));
  await ledger.close();
  assert.ok(warnings.length > 0 && told.length === 1);
  const late = connectStore({ ...settings(), database: "late" });
  assert.equal((await costs(late, []))[0]?.calls, 1);
  await late.close();
});
