/**
 * A ledger to be asked: rows generated, those that come late last, roll-ups
 * built, and then hours touched once more, so that they are read from their
 * rows: the newest ones, as these always are, or one of long ago.
 */
import type { Store } from "../../services/ledger/clickhouse.ts";
import { rebuild } from "../../services/ledger/roll-ups/rebuild.ts";
import { rollUpKinds } from "../../services/ledger/roll-ups/roll-up-kinds.ts";
import { callsSql, decisionsSql, reviewsSql, runsSql, type Arrival, type Generated } from "./generated-rows.ts";

const hourS = 3600;

export async function generate(store: Store, given: Generated): Promise<void> {
  const arrivals: Arrival[] = Array.from({ length: given.days }, (_, day) => ({ kind: "in time", day }));
  for (const arrival of [...arrivals, { kind: "late" } as const])
    for (const sql of [callsSql, runsSql, decisionsSql, reviewsSql])
      await store.command(`${sql(given, arrival)} SETTINGS optimize_on_insert = 0`);
}

export async function buildAll(store: Store): Promise<void> {
  for (const kind of rollUpKinds)
    for (let built = 1; built > 0;) {
      const { hours, days } = await rebuild(store, kind, { settleMs: 0, maxPeriods: 96 });
      built = hours + days;
    }
}

export type Touched = "the newest two" | "one of long ago";

/** Rows of full hours come once more: these hours are read from the rows until they are built again. */
export async function touchAgain(store: Store, given: Generated, hours: Touched): Promise<void> {
  const until = given.fromS + given.days * 24 * hourS;
  const [from, to] =
    hours === "the newest two" ? [until - 2 * hourS, until] : [given.fromS + 100 * hourS, given.fromS + 101 * hourS];
  for (const [table, time] of Object.entries({ calls: "started_at", runs: "received_at", audit: "decided_at" }))
    await store.command(
      `INSERT INTO ${table} SELECT * FROM ${table} WHERE ${time} >= toDateTime(${from}) AND ${time} < toDateTime(${to})`,
    );
}
