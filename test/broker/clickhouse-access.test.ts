/**
 * infra/clickhouse/access.sql against the engine, which takes every statement of
 * it, and against what our processes do: all that the sink sends is granted to the
 * writer, and of a ledger that is up to date nobody but the migrator makes tables.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { z } from "zod";
import { ledgerRow } from "../../services/cost-aggregate/rows.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate, readMigrations } from "../../services/ledger/migrate.ts";
import { recordRepricing } from "../../services/ledger/repricing/record-repricing.ts";
import { applyRetention } from "../../services/ledger/roll-ups/retention.ts";
import { rebuild } from "../../services/ledger/roll-ups/rebuild.ts";
import { rollUpKinds } from "../../services/ledger/roll-ups/roll-up-kinds.ts";
import { sweep } from "../../services/ledger/roll-ups/sweep.ts";
import { startTestClickHouse, type TestClickHouse } from "../support/clickhouse.ts";
import { exampleValue } from "../contract/examples.ts";
import { decisionOf, finishedCall, resultOf, uuid } from "../support/ledger-records.ts";

const statements = readFileSync(new URL("../../infra/clickhouse/access.sql", import.meta.url), "utf8")
  .replaceAll(/^\s*--.*$/gm, "")
  .split(";")
  .map((statement) => statement.trim())
  .filter((statement) => statement !== "");

/** `INSERT calls` and the like; `*` is every table. */
function grantsOf(role: string): ReadonlySet<string> {
  const found = statements.flatMap((statement) => {
    const [, rights = "", table = "", to] = /^GRANT (.+) ON breakwater\.(\S+) TO (\S+)$/.exec(statement) ?? [];
    return to === role ? rights.split(", ").map((right) => `${right} ${table}`) : [];
  });
  return new Set(found);
}

/** What a statement takes. */
function rightOf(sql: string): string {
  const patterns = [
    [/^INSERT INTO (\w+)/, "INSERT"],
    [/^ALTER TABLE (\w+) DELETE/, "ALTER DELETE"],
    [/^ALTER TABLE (\w+) (?:MODIFY|REMOVE) TTL/, "ALTER TTL"],
    [/^ALTER TABLE (\w+)\s+ADD COLUMN/, "ALTER COLUMN"],
    [/^ALTER TABLE (\w+)\s+COMMENT COLUMN/, "ALTER COLUMN"],
    [/^ALTER TABLE (\w+)\s+(?:ADD|MATERIALIZE) INDEX/, "ALTER INDEX"],
    [/^ALTER TABLE (\w+)\s+MODIFY COMMENT/, "ALTER MODIFY COMMENT"],
    [/^CREATE TABLE IF NOT EXISTS (\w+)/, "CREATE TABLE"],
    [/^CREATE (?:OR REPLACE|MATERIALIZED) VIEW (?:IF NOT EXISTS )?(\w+)/, "CREATE VIEW"],
  ] as const;
  for (const [pattern, right] of patterns) {
    const table = pattern.exec(sql.trim())?.[1];
    if (table !== undefined) return `${right} ${table}`;
  }
  return sql.slice(0, 60);
}

let house: TestClickHouse;
let store: Store;
let needed: Set<string>;
/** Notes what its user would have to be allowed. */
const watched = (): Store => ({
  ...store,
  command: (sql) => {
    needed.add(rightOf(sql));
    return store.command(sql);
  },
  insert: (table, rows) => {
    needed.add(`INSERT ${table}`);
    return store.insert(table, rows);
  },
});

before(async () => {
  house = await startTestClickHouse();
  store = connectStore({ url: house.url, user: "default", password: "", database: "access" });
});
after(async () => {
  await store.close();
  await house.stop();
});

function assertGranted(role: string): void {
  const granted = grantsOf(role);
  const isGranted = (right: string): boolean => granted.has(right) || granted.has(right.replace(/ \S+$/, " *"));
  assert.ok(needed.size > 0);
  assert.deepEqual(
    [...needed].filter((right) => !isGranted(right)),
    [],
  );
}

test("the engine takes every statement, and every table in them is one of ours", async () => {
  const tables = new Set(
    readMigrations().flatMap(({ statements: all }) =>
      all.flatMap((statement) => /^CREATE TABLE IF NOT EXISTS (\w+)/.exec(statement)?.[1] ?? []),
    ),
  );
  assert.ok(statements.length > 20);
  for (const statement of statements) {
    await store.createDatabase();
    const [row] = await store.query("SELECT formatQuery({statement:String}) AS text", { statement });
    assert.ok(z.object({ text: z.string() }).parse(row).text.length > 0, statement);
    const table = / ON breakwater\.(\w+) /.exec(statement)?.[1];
    assert.ok(table === undefined || tables.has(table), statement);
  }
});

test("the migrator may do what bringing a new database up to date takes", async () => {
  needed = new Set();
  await migrate(watched());
  assertGranted("breakwater_migrator");
});

test("of a database that is up to date, migrating changes nothing", async () => {
  needed = new Set();
  assert.deepEqual(await migrate(watched()), []);
  assert.deepEqual([...needed], []);
});

test("the writer may do what the sink does: rows, sums, sweeping and retention", async () => {
  needed = new Set();
  const entries = [
    ["harness-calls", finishedCall(1)],
    ["harness-results", resultOf(1)],
    ["harness-audit", decisionOf(1)],
    ["harness-audit", exampleValue("harness-audit", "call")],
  ] as const;
  const sink = watched();
  for (const [topic, record] of entries) {
    const reading = ledgerRow({ topic, partition: 0, offset: 1n }, JSON.stringify(record));
    assert.equal(reading.kind, "row");
    await sink.insert(reading.entry.table, [reading.entry.row]);
  }
  const days = { calls: 30, runs: 30, audit: 30, reviews: 30, rollUps: 30 };
  await applyRetention(sink, days);
  await applyRetention(sink, { calls: 0, runs: 0, audit: 0, reviews: 0, rollUps: 0 });
  for (const kind of rollUpKinds) await rebuild(sink, kind, { settleMs: 0, maxPeriods: 50 });
  for (const kind of rollUpKinds) await rebuild(sink, kind, { settleMs: 0, maxPeriods: 50 });
  await sweep(sink, { graceMs: -1_000_000 });
  assertGranted("breakwater_writer");
  assert.ok(needed.has("INSERT spend_hours") && needed.has("ALTER TTL calls"));
});

test("an operator's repricing adds rows beside the books, and nobody else may; a reader changes nothing", async () => {
  needed = new Set();
  const row = { callId: uuid(1), costUsd: "1", priceVersion: "p", stampedUsd: "1", stampedVersion: "q" };
  await recordRepricing(watched(), { id: uuid(2), atMs: 0 }, [row]);
  assertGranted("breakwater_operator");
  assert.deepEqual([...grantsOf("breakwater_operator")], ["SELECT *", "INSERT repricings"]);
  assert.deepEqual([...grantsOf("breakwater_reader")], ["SELECT *"]);
  assert.match(
    statements.find((of) => of.startsWith("CREATE ROLE IF NOT EXISTS breakwater_reader")) ?? "",
    /readonly = 2/,
  );
});
