/**
 * How far behind the roll-ups are: of the hours that are read from their rows,
 * the one that has waited longest, since its last row was inserted. By the
 * server's clock.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";
import { rollUpKinds, type RollUpKind } from "./roll-up-kinds.ts";

/** One for each kind; 0 seconds: every hour is in force. */
export type Behind = readonly { readonly kind: RollUpKind; readonly seconds: number }[];

const rows = z.array(z.object({ kind: z.string(), seconds: z.number() }));

/** Errors: StoreError. */
export async function readBehind(store: Pick<Store, "query">): Promise<Behind> {
  const found = rows.parse(
    await store.query(
      `SELECT kind, max(dateDiff('millisecond', touched, now64(6, 'UTC'))) / 1000 AS seconds
       FROM period_builds WHERE grain = 'hour' AND NOT in_force AND NOT settled
       GROUP BY kind`,
    ),
  );
  const secondsOf = new Map(found.map(({ kind, seconds }) => [kind, Math.max(0, seconds)]));
  return rollUpKinds.map((kind) => ({ kind, seconds: secondsOf.get(kind) ?? 0 }));
}
