/**
 * `node bench/ledger/run.ts`: millions of generated rows in the embedded engine,
 * duplicates and late ones included; the roll-ups built; then every question of
 * CLI and console, and the drill-downs, timed (medians) and compared exactly
 * with the slow reference: with the newest hours still open, as they always are,
 * and with one of long ago that a late row has just opened. Options: --calls N, --days N, --seed N, --times N,
 * --keep FOLDER (made once, used again).
 */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { startClickHouse } from "../../infra/embedded/clickhouse/start-clickhouse.ts";
import { connectStore, type Store } from "../../services/ledger/clickhouse.ts";
import { migrate } from "../../services/ledger/migrate.ts";
import { askAll } from "./ask-all.ts";
import type { Generated } from "./generated-rows.ts";
import { buildAll, generate, touchAgain } from "./prepare.ts";
import { compared, fillReference } from "./reference-ledger.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "7300000" },
    days: { type: "string", default: "90" },
    seed: { type: "string", default: "1" },
    times: { type: "string", default: "7" },
    keep: { type: "string" },
  },
});

const hourS = 3600;
const asked: Generated = {
  seed: Number(values.seed),
  calls: Number(values.calls),
  days: Number(values.days),
  // Until an hour ago at least: no call may still end, and be another one in the reference's answer.
  fromS: (Math.floor(Date.now() / 1000 / hourS) - 1 - Number(values.days) * 24) * hourS,
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}

const first = z.array(z.object({ from: z.coerce.number(), calls: z.coerce.number() })).length(1);

/** @returns what the rows are that are there now. */
async function prepared(store: Store): Promise<Generated> {
  await migrate(store);
  const rows = await store.query(
    "SELECT count() AS calls, toUnixTimestamp(toStartOfHour(min(started_at))) AS from FROM calls",
  );
  const [{ from, calls } = { from: 0, calls: 0 }] = first.parse(rows);
  const given = calls === 0 ? asked : { ...asked, fromS: from };
  if (calls === 0) await timed("generated", () => generate(store, given));
  await timed("rolled up", () => buildAll(store));
  await touchAgain(store, given, "the newest two");
  for (const sql of [
    "SELECT count() AS rows, uniqExact(call_id) AS calls FROM calls",
    "SELECT count() AS rows, uniqExact(run_id) AS runs FROM runs",
    "SELECT count() AS rows, uniqExact(run_id, event_id) AS decisions FROM audit",
    "SELECT count() AS rows FROM reviews",
    "SELECT (SELECT count() FROM spend_hours) AS spend_hours, (SELECT count() FROM spend_days) AS spend_days",
  ])
    say(`${sql.split(" ").at(-1)}: ${JSON.stringify((await store.query(sql))[0])}`);
  return given;
}

/** Of an earlier run with the same folder: what came again since changed nothing. */
async function isThere({ database }: Store): Promise<boolean> {
  const found = await store.query("SELECT 1 FROM system.tables WHERE database = {database:String} LIMIT 1", {
    database,
  });
  return found.length > 0;
}

/** Every view and every answer as the ledger is now. @returns whether all are right, and in time. */
async function judged(given: Generated, standing: string): Promise<boolean> {
  say(`\n${standing}\n`);
  let wrong = 0;
  for (const { name, differing } of await compared(store, reference)) {
    say(`${name}: ${differing === 0 ? "equals the reference, row by row" : `${differing} rows DIFFER`}`);
    wrong += differing;
  }
  const answers = await askAll(store, reference, { given, times: Number(values.times), say });
  return wrong + answers.wrong.length + answers.late.length === 0;
}

const dataDir = values.keep ?? path.join(tmpdir(), `ledger-bench-${randomUUID()}`);
const house = await startClickHouse({ dataDir, logFile: `${dataDir}.log` });
const settings = { url: house.url, user: "default", password: "" };
const store = connectStore({ ...settings, database: "ledger" });
const reference = connectStore({ ...settings, database: "reference" });
try {
  const given = await prepared(store);
  if (!(await isThere(reference))) {
    await reference.createDatabase();
    await timed("reference", () => fillReference(store, reference));
  }
  const caughtUp = await judged(given, "Read from rows: the newest two hours");
  await touchAgain(store, given, "one of long ago");
  const touched = await judged(given, "Read from rows: the newest two hours and one of long ago");
  process.exitCode = caughtUp && touched ? 0 : 1;
} finally {
  await store.close();
  await reference.close();
  await house.stop();
  if (values.keep === undefined) await rm(dataDir, { recursive: true, force: true });
}
