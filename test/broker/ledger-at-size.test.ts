/**
 * The bench of the ledger (bench/ledger) at a small size, on the real engine:
 * every view, question and drill-down says exactly what the slow reference says,
 * of rows that came twice and late. No bounds on time here. And every query of
 * docs/queries.md runs and finds something.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { z } from "zod";
import { askAll } from "../../bench/ledger/ask-all.ts";
import type { Generated } from "../../bench/ledger/generated-rows.ts";
import { buildAll, generate, touchAgain } from "../../bench/ledger/prepare.ts";
import { compared, fillReference } from "../../bench/ledger/reference-ledger.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { savings } from "../../services/ledger/questions/savings.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";

let house: TestClickHouse;
let store: Store;
let reference: Store;

const days = 3;
const hourS = 3600;
/** Until an hour ago at least: no call of these may still end. */
const fromS = (Math.floor(Date.now() / 1000 / hourS) - 1 - days * 24) * hourS;
const given: Generated = { seed: 7, calls: 6000, days, fromS };

before(async () => {
  house = await startTestClickHouse();
  const settings = { url: house.url, user: "default", password: "" };
  store = connectStore({ ...settings, database: "sized" });
  reference = connectStore({ ...settings, database: "reference" });
  await migrate(store);
  await generate(store, given);
  await buildAll(store);
  await touchAgain(store, given, "the newest two");
  await touchAgain(store, given, "one of long ago");
});

after(async () => {
  await store.close();
  await reference.close();
  await house.stop();
});

const counted = z.array(z.object({ n: z.coerce.number() })).length(1);
const count = async (sql: string): Promise<number> => counted.parse(await store.query(sql))[0]?.n ?? 0;

test("what is generated holds orphans, refusals, hedges and open hours", async () => {
  const calls = await count("SELECT uniqExact(call_id) AS n FROM calls");
  assert.ok(calls > 5500 && calls < 6000, `${calls} calls`);
  for (const what of ["state = 'orphan'", "spent_for = 'hedge'", "cut_strategy IS NOT NULL", "batch_id IS NOT NULL"])
    assert.ok((await count(`SELECT count() AS n FROM ledger WHERE ${what}`)) > 0, what);
  assert.ok((await count("SELECT count() AS n FROM run_results WHERE calls = 0")) > 0);
  assert.ok((await count("SELECT count() AS n FROM period_builds WHERE grain = 'hour' AND NOT in_force")) > 0);
  assert.ok((await count("SELECT count() AS n FROM period_builds WHERE grain = 'day' AND in_force")) > 0);
});

test("every view and every answer is that of the reference", async () => {
  await reference.createDatabase();
  await fillReference(store, reference);
  const different = (await compared(store, reference)).filter(({ differing }) => differing !== 0);
  assert.deepEqual(different, []);
  const { wrong } = await askAll(store, reference, { given, times: 1, say: () => undefined });
  assert.deepEqual(wrong, []);
  const byHour = {
    by: ["hour"],
    period: { sinceMs: fromS * 1000, untilMs: (fromS + 86_400) * 1000 },
    filter: {},
  } as const;
  assert.deepEqual(await savings(store, byHour), await savings(reference, byHour));
});

test("savings are what the view of savings over the reference adds up to, with whole days and by the hour", async () => {
  const period = { sinceMs: (fromS + 7 * hourS) * 1000, untilMs: (fromS + 2 * 86_400) * 1000 };
  for (const [by, split] of [
    [["harness"], "harness"],
    [["hour"], "formatDateTime(hour, '%Y-%m-%dT%H:00:00Z', 'UTC')"],
  ] as const) {
    const told = await reference.query(
      `SELECT ${split} AS ${by[0]}, toString(v.saving) AS saving, toString(v.strategy) AS strategy,
         sum(v.calls) AS calls, sum(v.runs) AS runs, sum(v.tokens) AS tokens, sum(v.saved_usd) AS saved_usd,
         sum(v.judged_answers) AS judged_answers, sum(v.failed_answers) AS failed_answers
       FROM savings_hourly AS v
       WHERE v.hour >= toDateTime({since:UInt32}, 'UTC') AND v.hour < toDateTime({until:UInt32}, 'UTC')
       GROUP BY ${by[0]}, saving, strategy`,
      { since: period.sinceMs / 1000, until: period.untilMs / 1000 },
    );
    const found = await savings(store, { by, period, filter: {} });
    assert.ok(found.length > 4);
    const lines = (rows: readonly unknown[]): readonly string[] =>
      rows.map((row) => JSON.stringify(savedLine.parse(row))).toSorted();
    assert.deepEqual(lines(found), lines(told));
  }
});

const savedLine = z.object({
  harness: z.string().nullable().optional(),
  hour: z.string().optional(),
  saving: z.string(),
  strategy: z.string(),
  calls: z.coerce.number(),
  runs: z.coerce.number(),
  tokens: z.coerce.number(),
  saved_usd: z.coerce.number(),
  judged_answers: z.coerce.number(),
  failed_answers: z.coerce.number(),
});

const page = readFileSync(new URL("../../docs/queries.md", import.meta.url), "utf8");
const queries = [...page.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql]) => sql ?? "");

test("every query of the page of queries runs and finds rows", async () => {
  assert.ok(queries.length >= 15);
  for (const sql of queries) assert.notDeepEqual(await store.query(sql), [], sql);
});

const described = z.array(z.object({ name: z.string(), comment: z.string() }));

test("every view that the page names says in ClickHouse what it is", async () => {
  const [, table = ""] = /## What to read\n([\s\S]*?)\n\n[A-Z]/.exec(page) ?? [];
  const rows = table.split("\n").map((line) => line.split("|")[1] ?? "");
  const named = new Set(rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? "")));
  assert.ok(named.size >= 15);
  const tables = described.parse(
    await store.query("SELECT name, comment FROM system.tables WHERE database = {database:String}", {
      database: store.database,
    }),
  );
  const commented = new Set(tables.filter(({ comment }) => comment !== "").map(({ name }) => name));
  assert.deepEqual(
    [...named].filter((name) => !commented.has(name)),
    [],
  );
});
