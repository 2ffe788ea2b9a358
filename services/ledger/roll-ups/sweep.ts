/**
 * Deletes what no view reads any more: the rows of builds that others have
 * replaced, and of builds that were never finished. A build is left alone for a
 * while after it began, since it may be under way, and for as long after the one
 * that replaced it began, since a query may still read it.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";
import { rollUpKinds, sumsOf } from "./roll-up-kinds.ts";

export interface SweepLimits {
  /** Longer than any build or query takes, milliseconds. */
  readonly graceMs: number;
}

const maxBuilds = 5000;
const found = z.array(z.object({ build: z.string().regex(/^\d+$/) }));

/** @returns how many builds were removed. Errors: StoreError. */
export async function sweep(store: Store, { graceMs }: SweepLimits): Promise<number> {
  const tables = rollUpKinds.flatMap((kind) =>
    sumsOf[kind].flatMap(({ table }) => [`${table}_hours`, `${table}_days`]),
  );
  let removed = 0;
  for (const table of [...tables, "builds"]) {
    // The last build of a period stays, in force or not: what is no longer kept is known by it alone.
    const rows = await store.query(
      `SELECT DISTINCT build FROM ${table}
       WHERE bitShiftRight(build, 32) < {before:UInt64} AND build NOT IN (SELECT build FROM period_builds)
         AND build NOT IN (
           SELECT build FROM builds WHERE (kind, grain, period) IN (
             SELECT kind, grain, period FROM period_builds WHERE bitShiftRight(build, 32) >= {before:UInt64}
           )
         )
       LIMIT {limit:UInt32}`,
      { before: Math.floor((Date.now() - graceMs) / 1000), limit: maxBuilds },
    );
    const builds = found.parse(rows).map(({ build }) => build);
    if (builds.length > 0) await store.command(`ALTER TABLE ${table} DELETE WHERE build IN (${builds.join(", ")})`);
    removed += builds.length;
  }
  return removed;
}
