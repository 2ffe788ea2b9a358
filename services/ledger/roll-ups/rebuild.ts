/**
 * Builds what is due, a bounded part of it at a time. A build is in force when
 * it is written down as one, after all of its rows; until then, and for ever if
 * the process ends, the build before is, or the rows themselves are read. Two
 * processes may build the same hour: either build is right.
 */
import { randomInt } from "node:crypto";
import { z } from "zod";
import type { Store } from "../clickhouse.ts";
import { dueDays, dueHours } from "./due-periods.ts";
import { sumsOf, type RollUpKind } from "./roll-up-kinds.ts";

export interface RebuildLimits {
  /**
   * No row that was inserted within this time of a build's start is taken to be in it: longer than any insert takes,
   * milliseconds.
   */
  readonly settleMs: number;
  /** Hours, or days, of one build. */
  readonly maxPeriods: number;
}

/** What of it was built. */
export interface Rebuilt {
  readonly hours: number;
  readonly days: number;
}

const clock = z.array(z.object({ us: z.string() })).length(1);

/** Nothing is left to be done when it says 0 and 0. Errors: StoreError. */
export async function rebuild(store: Store, kind: RollUpKind, limits: RebuildLimits): Promise<Rebuilt> {
  const coversUs = await coversFrom(store, limits);
  const ask = { kind, coversUs, limit: limits.maxPeriods };
  const hours = await buildHours(store, kind, { coversUs, hours: await dueHours(store, ask) });
  // A day is made of hours that are in force by then. While many are open, days read all of their rows, so these wait.
  if (hours > 0) return { hours, days: 0 };
  const days = await buildDays(store, kind, { coversUs, days: await dueDays(store, ask) });
  return { hours, days };
}

/** By the server's clock, as the touches are: before anything of the build is read. */
async function coversFrom(store: Store, { settleMs }: RebuildLimits): Promise<string> {
  const rows = await store.query("SELECT toString(toUnixTimestamp64Micro(now64(6, 'UTC'))) AS us");
  const [{ us } = { us: "0" }] = clock.parse(rows);
  return (BigInt(us) - BigInt(settleMs) * 1000n).toString();
}

interface HourBuild {
  readonly coversUs: string;
  readonly hours: readonly number[];
}

async function buildHours(store: Store, kind: RollUpKind, { coversUs, hours }: HourBuild): Promise<number> {
  if (hours.length === 0) return 0;
  const base = newBase();
  for (const { view, table } of sumsOf[kind])
    await store.command(
      `INSERT INTO ${table}_hours SELECT ${buildOf(base, "hour")} AS build, *
       FROM ${view}_counted_in(hours = [${hours.join(", ")}])`,
    );
  await putInForce(store, { kind, grain: "hour", base, coversUs, periods: hours });
  return hours.length;
}

interface DayBuild {
  readonly coversUs: string;
  readonly days: readonly number[];
}

async function buildDays(store: Store, kind: RollUpKind, { coversUs, days }: DayBuild): Promise<number> {
  if (days.length === 0) return 0;
  const base = newBase();
  for (const { view, table } of sumsOf[kind])
    await store.command(
      `INSERT INTO ${table}_days SELECT ${buildOf(base, "toDateTime(day, 'UTC')")} AS build, * FROM ${view}_daily
       WHERE day IN (${days.map((day) => `toDate(toDateTime(${day}, 'UTC'))`).join(", ")})`,
    );
  await putInForce(store, { kind, grain: "day", base, coversUs, periods: days });
  return days.length;
}

/** Seconds, 8 bits by chance, and 24 bits that are the period's: no two builds of a period are the same. */
function newBase(): bigint {
  return (BigInt(Math.floor(Date.now() / 1000)) << 32n) + (BigInt(randomInt(256)) << 24n);
}

function buildOf(base: bigint, period: string): string {
  return `toUInt64(${base} + intDiv(toUnixTimestamp(${period}), 3600))`;
}

interface InForce {
  readonly kind: RollUpKind;
  readonly grain: "hour" | "day";
  readonly base: bigint;
  readonly coversUs: string;
  readonly periods: readonly number[];
}

/** One insert: all of them are in force at once, or none is. */
async function putInForce(store: Store, { kind, grain, base, coversUs, periods }: InForce): Promise<void> {
  if (periods.length === 0) return;
  await store.command(
    `INSERT INTO builds SELECT '${kind}', '${grain}', toDateTime(second, 'UTC') AS period, ${buildOf(base, "period")},
       fromUnixTimestamp64Micro(toInt64(${coversUs}), 'UTC')
     FROM (SELECT arrayJoin([${periods.join(", ")}]) AS second)`,
  );
}
