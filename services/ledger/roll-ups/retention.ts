/**
 * For how long each kind of rows is kept: told to ClickHouse as the tables' TTL,
 * when it has changed. Sums by hour and day outlive the rows that they were made
 * of: of hours that are no longer kept, the last build stays in force.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";
import { sumsOf } from "./roll-up-kinds.ts";

/** Days; 0: for ever. */
export interface Retention {
  readonly calls: number;
  readonly runs: number;
  readonly audit: number;
  readonly reviews: number;
  readonly rollUps: number;
}

interface KeptTable {
  readonly table: string;
  /** Its column or expression of type DateTime or Date. */
  readonly time: string;
}

const rollUps = Object.values(sumsOf)
  .flat()
  .flatMap(({ table }) => [
    { table: `${table}_hours`, time: "hour" },
    { table: `${table}_days`, time: "day" },
  ]);

/** `kind` as `kept_days` has it. */
const keptTables: readonly (KeptTable & { readonly kind: string; readonly setting: keyof Retention })[] = [
  { kind: "spend", setting: "calls", table: "calls", time: "toDateTime(started_at)" },
  { kind: "call_facts", setting: "calls", table: "call_facts", time: "hour" },
  { kind: "runs", setting: "runs", table: "runs", time: "toDateTime(received_at)" },
  { kind: "runs", setting: "runs", table: "run_facts", time: "hour" },
  { kind: "audit", setting: "audit", table: "audit", time: "toDateTime(decided_at)" },
  { kind: "audit", setting: "audit", table: "audit_facts", time: "hour" },
  { kind: "events", setting: "audit", table: "audit_events", time: "toDateTime(at)" },
  { kind: "chain", setting: "audit", table: "audit_links", time: "toDateTime(decided_at)" },
  { kind: "chain", setting: "audit", table: "audit_heads", time: "toDateTime(intDiv(signed_at_ms, 1000))" },
  { kind: "reviews", setting: "reviews", table: "reviews", time: "toDateTime(at)" },
  ...rollUps.map((kept) => ({ kind: "roll_ups", setting: "rollUps", ...kept }) as const),
];

const set = z.array(z.object({ kind: z.string(), days: z.number().int() }));

/** @returns the kinds whose time has changed. Errors: StoreError. */
export async function applyRetention(store: Store, retention: Retention): Promise<readonly string[]> {
  const rows = await store.query("SELECT kind, argMax(days, set_at) AS days FROM kept_days GROUP BY kind");
  const known = new Map(set.parse(rows).map(({ kind, days }) => [kind, days]));
  const changed = Map.groupBy(
    keptTables.filter(({ kind, setting }) => (known.get(kind) ?? 0) !== retention[setting]),
    ({ kind }) => kind,
  );
  for (const [kind, tables] of changed) {
    for (const { table, time, setting } of tables) await store.command(ttlOf(table, time, retention[setting]));
    await store.insert("kept_days", [{ kind, days: retention[tables[0]?.setting ?? "calls"] }]);
  }
  return [...changed.keys()];
}

function ttlOf(table: string, time: string, days: number): string {
  return days === 0
    ? `ALTER TABLE ${table} REMOVE TTL`
    : `ALTER TABLE ${table} MODIFY TTL ${time} + toIntervalDay(${days})`;
}
