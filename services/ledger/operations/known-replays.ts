/**
 * The replays of dead letters that the ledger has seen, as runs or only as
 * calls so far: which dead letter, which run, and how it ended. Reads the
 * tables beside the views: what is asked for never changes from one version of
 * a row to the next, but for the status, of which the last one is taken.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";

const knownReplay = z.object({
  replay_of: z.string().describe("topic/partition/offset#replay of the record that was rejected"),
  run_id: z.string(),
  status: z.string().nullable().describe("null while the run has no result"),
});
export type KnownReplay = Readonly<z.infer<typeof knownReplay>>;

export const mostReplays = 10_000;

/** Of runs that began since then (Unix milliseconds), newest first. Errors: StoreError. */
export async function knownReplays(store: Pick<Store, "query">, sinceMs: number): Promise<readonly KnownReplay[]> {
  const rows = await store.query(
    `SELECT assumeNotNull(replay_of) AS replay_of, toString(run_id) AS run_id,
       nullIf(argMax(state, rank), '') AS status
     FROM (
       SELECT replay_of, run_id, toString(status) AS state, version AS rank, received_at AS at FROM runs
       WHERE replay_of IS NOT NULL AND received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
       UNION ALL
       SELECT replay_of, run_id, '' AS state, toUInt64(0) AS rank, started_at AS at FROM calls
       WHERE replay_of IS NOT NULL AND started_at >= fromUnixTimestamp64Milli({sinceMs:Int64}, 'UTC')
     )
     GROUP BY replay_of, run_id ORDER BY max(at) DESC LIMIT ${mostReplays}`,
    { sinceMs },
  );
  return z.array(knownReplay).parse(rows);
}
