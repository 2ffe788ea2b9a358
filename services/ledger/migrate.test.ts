import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError } from "../runtime/errors.ts";
import { exampleValue } from "../../test/contract/examples.ts";
import { decisionOf, finishedCall, resultOf, startedCall } from "../../test/support/ledger-records.ts";
import { ledgerRow } from "../cost-aggregate/rows.ts";
import { pendingMigrations, readMigrations } from "./migrate.ts";

const files = readMigrations();

test("the files are numbered from 1 without a gap", () => {
  assert.deepEqual(
    files.map(({ id }) => Number(id.slice(0, 3))),
    files.map((_, index) => index + 1),
  );
});

test("every statement only adds or explains, and can run twice", () => {
  const additive =
    /^(?:CREATE (?:TABLE|MATERIALIZED VIEW) IF NOT EXISTS|CREATE OR REPLACE VIEW|INSERT INTO (?:touched_hours|call_facts|run_facts|audit_facts)|ALTER TABLE \w+\s+(?:ADD (?:COLUMN|INDEX) IF NOT EXISTS|MATERIALIZE INDEX|MODIFY COMMENT|COMMENT COLUMN))\s/;
  const statements = files.flatMap(({ statements: list }) => list);
  assert.ok(statements.length >= 7);
  assert.deepEqual(
    statements.filter((statement) => !additive.test(statement)),
    [],
  );
});

test("only what was not applied is pending, in order", () => {
  const applied = files.slice(0, 2).map(({ id, checksum }) => ({ id, checksum }));
  assert.deepEqual(
    pendingMigrations(files, applied).map(({ id }) => id),
    files.slice(2).map(({ id }) => id),
  );
  assert.deepEqual(pendingMigrations(files, files), []);
});

test("a file changed after it was applied is refused by name", () => {
  const applied = [{ id: "001-calls", checksum: "of another text" }];
  assert.throws(
    () => pendingMigrations(files, applied),
    (error) => error instanceof ConfigError && /001-calls\.sql was changed/.test(error.message),
  );
});

test("a migration of a newer version, applied already, is nobody's concern", () => {
  const applied = [...files, { id: "999-later", checksum: "x" }];
  assert.deepEqual(pendingMigrations(files, applied), []);
});

/** Column names of a CREATE TABLE, the first word of each line between its parentheses, and those added since. */
function columnsOf(id: string): string[] {
  const text = files.find((file) => file.id === id)?.statements[0] ?? "";
  const body = text.slice(text.indexOf("(\n"), text.indexOf("\n)\nENGINE"));
  const later = files
    .flatMap(({ statements }) => statements)
    .filter((statement) => new RegExp(`^ALTER TABLE ${id.slice(4)}\\s`).test(statement))
    .flatMap((statement) => [...statement.matchAll(/ADD COLUMN IF NOT EXISTS (\w+)/g)].map((match) => match[1] ?? ""));
  return [...body.matchAll(/^ {2}([a-z_]+) /gm)].map((match) => match[1] ?? "").concat(later);
}

const tables = [
  { id: "001-calls", topic: "harness-calls", records: [startedCall(1), finishedCall(1)] },
  { id: "002-runs", topic: "harness-results", records: [resultOf(1)] },
  { id: "003-audit", topic: "harness-audit", records: [decisionOf(1)] },
  {
    id: "020-audit-events",
    topic: "harness-audit",
    records: ["call", "change-cancel"].map((name) => exampleValue("harness-audit", name)),
  },
];

for (const { id, topic, records } of tables) {
  test(`every column of ${id} is set by every row, and every field has a column`, () => {
    const columns = columnsOf(id);
    assert.ok(columns.length > 15);
    for (const record of records) {
      const reading = ledgerRow({ topic, partition: 0, offset: 0n }, JSON.stringify(record));
      assert.equal(reading.kind, "row");
      assert.deepEqual(Object.keys(reading.entry.row).toSorted(), columns.toSorted());
    }
  });
}
