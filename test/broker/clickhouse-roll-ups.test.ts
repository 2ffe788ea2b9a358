/**
 * The stable views against the slow reference: whatever is inserted, in any
 * order and as often as may be, and whatever was built, half built or swept at
 * any moment between, each view says exactly what the rows say.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { referenceSql, views, type Grain, type View } from "../../bench/ledger/reference.ts";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { readBehind } from "../../services/ledger/roll-ups/behind.ts";
import { rebuild, type Rebuilt } from "../../services/ledger/roll-ups/rebuild.ts";
import { rollUpKinds, sumsOf, type RollUpKind } from "../../services/ledger/roll-ups/roll-up-kinds.ts";
import { applyRetention } from "../../services/ledger/roll-ups/retention.ts";
import { sweep } from "../../services/ledger/roll-ups/sweep.ts";
import type { LedgerRow } from "../../services/ledger/rows.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { decisionOf, finishedCall, resultOf, startedCall, uuid } from "../support/ledger-records.ts";

let house: TestClickHouse;
let store: Store;

const limits = { settleMs: 0, maxPeriods: 3 };
const forEver = { calls: 0, runs: 0, audit: 0, reviews: 0, rollUps: 0 };
const hourMs = 3_600_000;
const base = Math.floor(Date.now() / (24 * hourMs)) * 24 * hourMs - 3 * 24 * hourMs;

before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "rolled" });
  await migrate(store);
});

after(async () => {
  await store.close();
  await house.stop();
});

const tables = [
  "calls",
  "runs",
  "audit",
  "touched_hours",
  "builds",
  "call_facts",
  "run_facts",
  "audit_facts",
  "fact_hours",
  ...rollUpKinds.flatMap((kind) => sumsOf[kind].flatMap(({ table }) => [`${table}_hours`, `${table}_days`])),
];

async function emptied(): Promise<void> {
  for (const table of tables) await store.command(`TRUNCATE TABLE ${table}`);
}

function entry(topic: string, record: object, offset: number): LedgerRow {
  const reading = ledgerRow({ topic, partition: 0, offset: BigInt(offset) }, JSON.stringify(record));
  assert.equal(reading.kind, "row");
  return reading.entry;
}

async function insert(rows: readonly LedgerRow[]): Promise<void> {
  for (const [table, own] of Map.groupBy(rows, (row) => row.table))
    await store.insert(
      table,
      own.map(({ row }) => row),
    );
}

const named = z.array(z.object({ name: z.string() }));

async function rowsOf(sql: string): Promise<readonly string[]> {
  return (await store.query(sql)).map((row) => JSON.stringify(row)).toSorted();
}

async function assertExact(view: View, grain: Grain): Promise<void> {
  const columns = named.parse(
    await store.query(
      "SELECT name FROM system.columns WHERE database = 'rolled' AND table = {table:String} ORDER BY position",
      {
        table: `${view}_${grain}`,
      },
    ),
  );
  const names = columns.map(({ name }) => name);
  const sorted = names.map((name) => (name.endsWith("_ms") ? `mapSort(${name}) AS ${name}` : name)).join(", ");
  const found = await rowsOf(`SELECT ${sorted} FROM (SELECT * FROM ${view}_${grain})`);
  assert.deepEqual(found, await rowsOf(referenceSql(view, grain, names)), `${view}_${grain}`);
}

const typed = z.array(z.object({ name: z.string(), type: z.string() }));

/** Unix seconds of full hours; no row of the view between them is made of hours on both sides of `apart`. */
interface Bounds {
  readonly since: number;
  readonly apart: number;
  readonly until: number;
}

const anyBounds: fc.Arbitrary<Bounds> = fc
  .array(fc.integer({ min: -30, max: 60 }), { minLength: 3, maxLength: 3 })
  .map((ends) => ends.toSorted((left, right) => left - right).map((hour) => (base + hour * hourMs) / 1000))
  .map(([since = 0, apart = 0, until = 0]) => ({ since, apart, until }));

/** What is read by whole days says what the hours say, on each side of `apart`. */
async function assertBetween(view: View | "savings", { since, apart, until }: Bounds): Promise<void> {
  const columns = typed.parse(
    await store.query(
      "SELECT name, type FROM system.columns WHERE database = 'rolled' AND table = {table:String} AND name != 'hour'",
      { table: `${view}_hourly` },
    ),
  );
  const isSum = ({ type }: { readonly type: string }): boolean => /^(?:U?Int64|UInt8|Map|Nullable\(Decimal)/.test(type);
  const by = columns.filter((column) => !isSum(column)).map(({ name }) => name);
  const sums = columns.filter(isSum).map(({ name, type }) => {
    return type.startsWith("Map") ? `mapSort(sumMap(v.${name})) AS ${name}` : `sum(v.${name}) AS ${name}`;
  });
  const rows = (from: string): Promise<readonly string[]> =>
    rowsOf(`SELECT toUnixTimestamp(hour) >= ${apart} AS later, ${[...by, ...sums].join(", ")} FROM ${from} AS v
      WHERE toUnixTimestamp(hour) >= ${since} AND toUnixTimestamp(hour) < ${until} GROUP BY later, ${by.join(", ")}`);
  const read = (name: string): string => `${name}_between(since = ${since}, apart = ${apart}, until = ${until})`;
  const parts = `(SELECT * FROM ${read("call_savings")} UNION ALL SELECT * FROM ${read("decision_savings")})`;
  const found = await rows(view === "savings" ? parts : read(view));
  assert.deepEqual(found, await rows(`${view}_hourly`), `${view} from ${since} to ${until}, apart at ${apart}`);
}

const everyView = views.flatMap((view) => [[view, "hourly"] as const, [view, "daily"] as const]);
let looks = 0;

/** Three at a time, each in its turn: all of them after every step would take minutes. */
async function assertSomeExact(bounds: Bounds): Promise<void> {
  for (let look = 0; look < 3; look += 1) {
    const [view, grain] = everyView[looks++ % everyView.length] ?? ["spend", "hourly"];
    await assertExact(view, grain);
    if (look === 0) await assertBetween(view, bounds);
  }
}

async function assertAllExact(): Promise<void> {
  for (const [view, grain] of everyView) await assertExact(view, grain);
}

const hours = [0, 1, 2, 23, 24, 25] as const;
const atHour = (number: number): number => base + (hours[number % hours.length] ?? 0) * hourMs + 5000;
const clientOf = (number: number): string => (number % 2 === 0 ? "acme" : "globex");
const later = Date.now() + hourMs;

/** What both records of a call share follows from its number alone, as it does in the journal; the last may still end. */
function callEntry(call: number, finished: boolean): LedgerRow {
  const own = {
    client_id: clientOf(call),
    started_at_ms: atHour(call),
    deadline_at_ms: call === 6 ? later : atHour(call) + 30_000,
    attempt: 1 + (call % 3),
    tier: call % 2,
    ...(call === 4 ? { cut: { strategy: "head" as const, tokens: 40, saved_usd: "0.0001" } } : {}),
  };
  if (!finished) return entry("harness-calls", startedCall(call, own), call * 2);
  const finished_at_ms = own.started_at_ms + 17 * (call + 1) ** 4;
  const ended = finishedCall(call, { ...own, finished_at_ms, uncached_cost_usd: "0.0007" });
  return entry("harness-calls", ended, call * 2 + 1);
}

/** A result that was decided again, later or earlier in the log, may be another one and of another hour. */
function runEntry(run: number, offset: number): LedgerRow {
  const received_at_ms = atHour(run + 4 * offset);
  const spent = { calls: offset % 2, input_tokens: 10, output_tokens: 5, cost_usd: "0.01", unpriced_calls: 0 };
  const times = { received_at_ms, finished_at_ms: received_at_ms + 40 * (run + 1) };
  const status = offset === 0 ? "refused" : "ok";
  const reasons = offset === 0 ? [{ code: "injection", message: "" }] : [];
  const result = resultOf(run, { ...times, status, spent, reasons, client_id: clientOf(run + offset) });
  return entry("harness-results", result, offset);
}

function decisionEntry(run: number, offset: number): LedgerRow {
  const finding = { rule: "core/ignore-previous", version: "1", severity: "high" as const };
  const guards = [
    {
      guard: "injection",
      verdict: offset === 1 ? ("blocked" as const) : ("flagged" as const),
      findings: [finding, finding],
    },
    { guard: "pii", verdict: "passed" as const, findings: [] },
  ];
  const event_id = `${uuid(run)}/${run % 2}/decision`;
  const spared = { provider: "openai", model: "gpt-4o", input_tokens: 100, usd: "0.00025" };
  const decision = ["refused", "shadow_refused", "passed"][run % 3] ?? "";
  const fields = { event_id, decision, guards, spared, decided_at_ms: atHour(run + 3 * offset) };
  return entry("harness-audit", decisionOf(run, { ...fields, client_id: clientOf(run) }), offset);
}

const anyRow: fc.Arbitrary<LedgerRow> = fc.oneof(
  fc.tuple(fc.nat(6), fc.boolean()).map(([call, finished]) => callEntry(call, finished)),
  fc.tuple(fc.nat(3), fc.nat(3)).map(([run, offset]) => runEntry(run, offset)),
  fc.tuple(fc.nat(5), fc.nat(3)).map(([run, offset]) => decisionEntry(run, offset)),
);

const anyKind = fc.constantFrom(...rollUpKinds);
type Step =
  | { readonly kind: "insert"; readonly rows: readonly LedgerRow[] }
  | { readonly kind: "build" | "broken build" | "two builds"; readonly of: RollUpKind }
  | { readonly kind: "sweep" };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("insert"), rows: fc.array(anyRow, { minLength: 1, maxLength: 8 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("build", "broken build", "two builds"), of: anyKind }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sweep") }) },
);

/** The process ends before the build is written down as one. */
const breaking: Store["command"] = (sql) =>
  sql.startsWith("INSERT INTO builds") ? Promise.reject(new Error("killed")) : store.command(sql);

async function take(step: Step): Promise<void> {
  switch (step.kind) {
    case "insert":
      return insert(step.rows);
    case "build":
      return void (await rebuild(store, step.of, limits));
    case "broken build":
      return void (await rebuild({ ...store, command: breaking }, step.of, limits).catch(() => null));
    case "two builds":
      return void (await Promise.all([rebuild(store, step.of, limits), rebuild(store, step.of, limits)]));
    case "sweep":
      return void (await sweep(store, { graceMs: -2000 }));
  }
}

test("at every moment the views say what the rows say, whatever was inserted, built, half built or swept", async () => {
  const steps = fc.array(anyStep, { minLength: 3, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(steps, anyBounds, async (taken, bounds) => {
      await emptied();
      for (const step of taken) {
        await take(step);
        await assertSomeExact(bounds);
      }
      await buildAll();
      await assertAllExact();
      for (const view of [...views, "savings"] as const) await assertBetween(view, bounds);
    }),
    { numRuns: 12 },
  );
});

const anythingOf = ({ hours: built, days }: Rebuilt): boolean => built + days > 0;

async function buildAll(): Promise<void> {
  for (const kind of rollUpKinds) while (anythingOf(await rebuild(store, kind, limits)));
}

const counted = z.array(z.object({ n: z.coerce.number() }));
const count = async (sql: string): Promise<number> => counted.parse(await store.query(sql))[0]?.n ?? 0;

test("an hour with a call that may still end is not built, and neither is its day", async () => {
  await emptied();
  await insert([callEntry(6, false), callEntry(0, true)]);
  assert.deepEqual(await rebuild(store, "spend", { settleMs: 0, maxPeriods: 50 }), { hours: 0, days: 0 });
  await insert([callEntry(6, true)]);
  assert.deepEqual(await rebuild(store, "spend", { settleMs: 0, maxPeriods: 50 }), { hours: 1, days: 0 });
  assert.deepEqual(await rebuild(store, "spend", { settleMs: 0, maxPeriods: 50 }), { hours: 0, days: 1 });
});

test("of an hour that is read again for a record it shares, no row counts that gives way to one of a third hour", async () => {
  await emptied();
  // Hours 0 and 4 share run 0, hours 2 and 4 share run 2; what hour 4 has of both gives way.
  await insert([runEntry(0, 0), runEntry(0, 1), runEntry(2, 0), runEntry(2, 2)]);
  await buildAll();
  await insert([runEntry(2, 0)]);
  await assertAllExact();
});

test("what was inserted within the settling time waits", async () => {
  await emptied();
  await insert([callEntry(0, true)]);
  assert.deepEqual(await rebuild(store, "spend", { settleMs: 60_000, maxPeriods: 50 }), { hours: 0, days: 0 });
  await assertAllExact();
});

test("the roll-ups are as far behind as the hour that waits longest, and not at all when every hour is built", async () => {
  await emptied();
  await insert([callEntry(3, true)]);
  const at = Math.floor(atHour(0) / hourMs) * 3600;
  await store.command(`INSERT INTO touched_hours SELECT 'spend', toDateTime(${at}, 'UTC'), now64(6, 'UTC') - 100`);
  const spendBehind = async () => (await readBehind(store)).find(({ kind }) => kind === "spend")?.seconds ?? Number.NaN;
  assert.ok((await spendBehind()) >= 100);
  await buildAll();
  assert.equal(await spendBehind(), 0);
});

test("sums are read from builds once they are in force, and what they replaced is swept up", async () => {
  await emptied();
  await insert([0, 1, 2, 3].map((call) => callEntry(call, true)));
  await buildAll();
  await insert([callEntry(6, true)]);
  await buildAll();
  const rows = await count("SELECT count() AS n FROM spend_hours");
  assert.ok((await sweep(store, { graceMs: 3_600_000 })) === 0, "the new builds are too young");
  assert.ok((await sweep(store, { graceMs: -2000 })) > 0);
  assert.ok((await count("SELECT count() AS n FROM spend_hours")) < rows);
  await store.command("TRUNCATE TABLE calls");
  assert.equal(await count("SELECT sum(calls) AS n FROM spend_daily"), 5, "nothing was read from the rows");
});

test("sums outlive the rows they were made of, also when a row of that time comes late", async () => {
  await emptied();
  await insert([callEntry(0, true), callEntry(3, true)]);
  await buildAll();
  assert.deepEqual(await applyRetention(store, { ...forEver, calls: 2 }), ["spend", "call_facts"]);
  assert.deepEqual(await applyRetention(store, { ...forEver, calls: 2 }), []);
  for (const table of ["calls", "call_facts"]) await store.command(`OPTIMIZE TABLE ${table} FINAL`);
  assert.equal(await count("SELECT count() AS n FROM calls WHERE started_at < now() - toIntervalDay(2)"), 0);
  assert.equal(await count("SELECT count() AS n FROM call_facts WHERE hour < now() - toIntervalDay(2)"), 0);
  await insert([callEntry(0, true)]);
  await buildAll();
  assert.equal(await count("SELECT sum(calls) AS n FROM spend_hourly"), 2);
  assert.equal(await count("SELECT sum(calls) AS n FROM spend_daily"), 2);
  assert.deepEqual(await applyRetention(store, forEver), ["spend", "call_facts"]);
});
