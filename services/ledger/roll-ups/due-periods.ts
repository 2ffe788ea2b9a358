/**
 * Which hours and days of a kind are to be built anew: touched since their last
 * build, and not within the settling time. An hour with a call that may still
 * end waits; a day waits for all of its hours. Latest first.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";
import { factsOf, type RollUpKind } from "./roll-up-kinds.ts";

type Reader = Pick<Store, "query">;

export interface DueAsk {
  readonly kind: RollUpKind;
  /** Unix microseconds, of the server's clock. */
  readonly coversUs: string;
  readonly limit: number;
}

const periods = z.array(z.object({ period: z.coerce.number().int() }));

/** Unix seconds. */
async function read(store: Reader, sql: string, params: Readonly<Record<string, unknown>>): Promise<readonly number[]> {
  return periods.parse(await store.query(sql, params)).map(({ period }) => period);
}

/** Starts of hours, Unix seconds; those that share a record with one that is due are due with it. */
export async function dueHours(store: Reader, { kind, coversUs, limit }: DueAsk): Promise<readonly number[]> {
  const touched = await read(
    store,
    `SELECT toUnixTimestamp(period) AS period FROM period_builds
     WHERE kind = {kind:String} AND grain = 'hour' AND NOT in_force AND NOT settled
       AND touched < fromUnixTimestamp64Micro({coversUs:Int64}, 'UTC')
     ORDER BY period DESC LIMIT {limit:UInt32}`,
    { kind, coversUs, limit },
  );
  if (touched.length === 0) return [];
  const facts = factsOf[kind];
  if (facts !== null) return withSharing(store, { kind, facts, hours: touched });
  const waiting = new Set(
    await read(
      store,
      `SELECT DISTINCT toUnixTimestamp(hour) AS period FROM call_measures
       WHERE ${inHours} AND state = 'in_flight'`,
      { hours: touched },
    ),
  );
  return touched.filter((hour) => !waiting.has(hour));
}

/** The condition of rows in `{hours}`. CAST and not arrayMap: ClickHouse uses no index for the latter. */
const inHours = "hour IN CAST({hours:Array(UInt32)}, 'Array(DateTime(\\'UTC\\'))')";

async function withSharing(
  store: Reader,
  { kind, facts, hours }: { readonly kind: RollUpKind; readonly facts: string; readonly hours: readonly number[] },
): Promise<readonly number[]> {
  const shared = await read(
    store,
    `SELECT DISTINCT toUnixTimestamp(arrayJoin(hours)) AS period FROM (
       SELECT groupUniqArray(hour) AS hours FROM fact_hours
       WHERE kind = {kind:String} AND id IN (SELECT id FROM ${facts} WHERE ${inHours})
       GROUP BY id, event HAVING length(hours) > 1
     )`,
    { kind, hours },
  );
  return [...new Set([...hours, ...shared])];
}

/** Starts of days, Unix seconds. */
export async function dueDays(store: Reader, { kind, coversUs, limit }: DueAsk): Promise<readonly number[]> {
  return read(
    store,
    `WITH (SELECT state FROM ${kind}_state) AS state
     SELECT toUnixTimestamp(period) AS period FROM period_builds
     WHERE kind = {kind:String} AND grain = 'day' AND NOT settled
       AND toDate(period) IN tupleElement(state, 'open_days')
       AND toDate(period) NOT IN arrayMap(hour -> toDate(hour), tupleElement(state, 'open_hours'))
       AND touched < fromUnixTimestamp64Micro({coversUs:Int64}, 'UTC')
     ORDER BY period DESC LIMIT {limit:UInt32}`,
    { kind, coversUs, limit },
  );
}
