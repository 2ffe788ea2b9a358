/**
 * A second ledger whose views are tables, filled by the slow reference. A
 * question asked of both must have the same answer; and the views themselves
 * must hold the same rows.
 */
import { z } from "zod";
import type { Store } from "../../services/ledger/clickhouse.ts";
import { readMigrations } from "../../services/ledger/migrate.ts";
import { referenceSql, views, type Grain, type View } from "./reference.ts";

const columns = z.array(z.object({ name: z.string(), type: z.string() }));
type Column = z.infer<typeof columns>[number];
const parts = 4;
const grains = ["hourly", "daily"] as const;

async function columnsOf(store: Store, view: View, grain: Grain): Promise<readonly Column[]> {
  return columns.parse(
    await store.query(
      "SELECT name, type FROM system.columns WHERE database = {database:String} AND table = {table:String} ORDER BY position",
      { database: store.database, table: `${view}_${grain}` },
    ),
  );
}

/** `reference` is the store of an empty database beside `store`'s. */
export async function fillReference(store: Store, reference: Store): Promise<void> {
  for (const view of views) {
    for (const grain of grains) {
      const own = await columnsOf(store, view, grain);
      const table = `${reference.database}.${view}_${grain}`;
      const list = own.map(({ name, type }) => `${name} ${type}`).join(", ");
      await reference.command(`CREATE TABLE ${table} (${list}) ENGINE = MergeTree ORDER BY ${own[0]?.name}`);
      const names = own.map(({ name }) => name);
      for (let number = 0; number < parts; number += 1)
        await store.command(`INSERT INTO ${table} ${referenceSql(view, grain, names, { of: parts, number })}`);
    }
  }
  const savings = readMigrations()
    .flatMap(({ statements }) => statements)
    .filter((statement) => statement.startsWith("CREATE OR REPLACE VIEW savings_"));
  for (const statement of savings) await reference.command(statement);
  for (const view of views) await reference.command(betweenSql(view));
}

/** From the hours alone. */
function betweenSql(view: View): string {
  return `CREATE VIEW ${view}_between AS SELECT * FROM ${view}_hourly
    WHERE hour >= toDateTime({since:UInt32}, 'UTC') AND hour < toDateTime({until:UInt32}, 'UTC')
      AND {apart:UInt32} >= 0`;
}

export interface Difference {
  /** Of the view. */
  readonly name: string;
  readonly differing: number;
}

/** How many groups of each view differ from the reference's, either way; 0: the same rows. */
export async function compared(store: Store, reference: Store): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  for (const view of views)
    for (const grain of grains)
      found.push({ name: `${view}_${grain}`, differing: await differences(store, reference, view, grain) });
  return found;
}

async function differences(store: Store, reference: Store, view: View, grain: Grain): Promise<number> {
  const own = await columnsOf(store, view, grain);
  const counts = own.filter(({ type }) => /^(?:UInt64|Map|Nullable\(Decimal)/.test(type));
  const by = own.filter((column) => !counts.includes(column)).map(({ name }) => name);
  const sums = counts.map(({ name, type }) =>
    type.startsWith("Map") ? `mapSort(sumMap(v.${name})) AS ${name}` : `sum(v.${name}) AS ${name}`,
  );
  const rows = (database: string): string =>
    `SELECT ${[...by, ...sums].join(", ")} FROM ${database}.${view}_${grain} AS v GROUP BY ${by.join(", ")}`;
  const hashed = (database: string): string => `SELECT cityHash64(tuple(*)) AS row, 1 AS one FROM (${rows(database)})`;
  const found = z.array(z.object({ n: z.coerce.number() })).parse(
    await store.query(
      `SELECT count() AS n FROM (
         SELECT row, sum(one) AS left, sum(other) AS right FROM (
           SELECT row, one, 0 AS other FROM (${hashed(store.database)})
           UNION ALL SELECT row, 0, one FROM (${hashed(reference.database)})
         ) GROUP BY row HAVING left != right
       )`,
    ),
  );
  return found[0]?.n ?? Number.NaN;
}
