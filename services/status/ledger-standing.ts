/** What the ledger knows of now: calls under way, and answers that wait for a person. */
import { z } from "zod";
import type { Store } from "../ledger/clickhouse.ts";
import { countInReview } from "../ledger/runs/count-in-review.ts";
import type { LedgerStanding } from "./status-of.ts";

const rows = z.tuple([z.object({ in_flight: z.coerce.number().int(), oldest_at_ms: z.coerce.number().int() })]);

/** Errors: StoreError. */
export async function ledgerStanding(store: Pick<Store, "query">): Promise<LedgerStanding> {
  const [calls, inReview] = await Promise.all([store.query(callsUnderWay), countInReview(store)]);
  const [{ in_flight: callsInFlight, oldest_at_ms: oldestAtMs }] = rows.parse(calls);
  return { callsInFlight, oldestCallAtMs: callsInFlight === 0 ? null : oldestAtMs, inReview };
}

// A call takes ten minutes at most: an hour holds all that are under way.
const callsUnderWay = `
  SELECT count() AS in_flight, toUnixTimestamp64Milli(min(started_at)) AS oldest_at_ms
  FROM ledger
  WHERE state = 'in_flight' AND started_at > now64(3, 'UTC') - toIntervalHour(1)
    AND day >= toDate(now64(3, 'UTC') - toIntervalHour(1))`;
