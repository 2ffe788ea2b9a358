/**
 * Searches the ledger's runs, newest first: those that have their result, and
 * those whose answer waits for a person (`in_review`). A page goes on where the
 * one before it ended, by time and run, so runs that end meanwhile shift
 * nothing. What two records of one run say is settled as everywhere: the first
 * by offset is its result.
 */
import { z } from "zod";
import type { Store } from "../clickhouse.ts";
import { runConditions, type RunFilter, type RunPlace, type RunRange } from "./run-conditions.ts";

export const foundRun = z.object({
  run_id: z.string(),
  status: z.string().describe("Of the result; in_review without one"),
  client_id: z.string().nullable(),
  feature: z.string().nullable(),
  harness: z.string().nullable(),
  harness_version: z.string().nullable(),
  batch_id: z.string().nullable(),
  document: z.string().nullable(),
  answered_model: z.string().nullable(),
  attempts: z.coerce.number().int(),
  calls: z.coerce.number().int(),
  cost_usd: z.string().nullable().describe("US dollars; null when no call has a known cost"),
  unpriced_calls: z.coerce.number().int(),
  duration_ms: z.coerce.number().int().nullable().describe("null while it waits"),
  at: z.string().describe("When it ended, or when its answer was held"),
  finished_at: z.string().nullable(),
});
export type FoundRun = Readonly<z.infer<typeof foundRun>>;

export interface RunPage {
  readonly limit: number;
  /** Where the page before it ended; absent: from the newest on. */
  readonly after?: RunPlace | undefined;
}

const columns = Object.keys(foundRun.shape).join(", ");

/** What a run that waits has cost is summed up from its calls. */
const waiting = `
  SELECT run_id, 'in_review' AS status, client_id, feature, harness, harness_version, batch_id, document,
    CAST(NULL, 'Nullable(String)') AS answered_model, attempts, spent.calls AS calls,
    spent.cost AS cost_usd, spent.unpriced AS unpriced_calls, CAST(NULL, 'Nullable(Int64)') AS duration_ms, held_at AS at,
    CAST(NULL, 'Nullable(DateTime64(3, \\'UTC\\'))') AS finished_at
  FROM runs_in_review
  LEFT JOIN (
    SELECT run_id, count() AS calls, sum(cost_usd) AS cost, countIf(cost_usd IS NULL) AS unpriced
    FROM ledger WHERE run_id IN (SELECT run_id FROM runs_in_review) GROUP BY run_id
  ) AS spent USING (run_id)`;

/** At most `limit` runs, newest first. Errors: StoreError. */
export async function searchRuns(
  store: Pick<Store, "query">,
  filter: RunFilter,
  { limit, after }: RunPage,
): Promise<readonly FoundRun[]> {
  const search = { store, filter, limit };
  const [ended, held] = await Promise.all([
    filter.status === "in_review" ? [] : endedRuns(search, after),
    filter.status === undefined || filter.status === "in_review" ? read(search, `(${waiting})`, { after }) : [],
  ]);
  return [...ended, ...held].toSorted(newestFirst).slice(0, limit);
}

/** Where the page after these begins; null when nothing follows. */
export function nextPlace(runs: readonly FoundRun[], limit: number): RunPlace | null {
  const last = runs.at(-1);
  return last === undefined || runs.length < limit ? null : placeOf(last);
}

function placeOf({ at, run_id: runId }: Pick<FoundRun, "at" | "run_id">): RunPlace {
  return { atMs: Date.parse(at), runId };
}

function newestFirst(left: FoundRun, right: FoundRun): number {
  const apart = Date.parse(right.at) - Date.parse(left.at);
  if (apart !== 0) return apart;
  return idOrder(left.run_id) < idOrder(right.run_id) ? 1 : -1;
}

/** ClickHouse orders UUIDs by their second half. */
function idOrder(runId: string): string {
  return runId.slice(19) + runId.slice(0, 18);
}

interface Search {
  readonly store: Pick<Store, "query">;
  readonly filter: RunFilter;
  readonly limit: number;
}

const candidates = z.array(z.object({ run_id: z.string(), at: z.string() }));

/**
 * The newest rows are found without asking which of a run's rows is its result, as that would read every run; then it is asked of
 * these runs alone. Every result is among the rows, so what is left of them is the page's beginning. Should that be too little, as
 * many results were repeated, the rows behind them follow.
 */
async function endedRuns(search: Search, from: RunPlace | undefined): Promise<readonly FoundRun[]> {
  const { store, filter, limit } = search;
  const runs: FoundRun[] = [];
  let after = from;
  for (;;) {
    const { where, params } = runConditions(filter, { after }, "finished_at");
    const rows = candidates.parse(
      await store.query(
        `SELECT run_id, finished_at AS at FROM runs WHERE ${where} ORDER BY at DESC, run_id DESC LIMIT {rows:UInt32}`,
        { ...params, rows: limit + spareRows },
      ),
    );
    const last = rows.at(-1);
    if (last === undefined) return runs;
    const until = placeOf(last);
    const among = runConditions(filter, { after, until }, "finished_at").where;
    const results = `(SELECT *, finished_at AS at FROM run_results WHERE run_id IN (SELECT run_id FROM runs WHERE ${among}))`;
    runs.push(...(await read(search, results, { after, until })));
    if (runs.length >= limit || rows.length < limit + spareRows) return runs;
    after = until;
  }
}

/** Repeated results that a page bears before it is asked for again. */
const spareRows = 20;

async function read({ store, filter, limit }: Search, source: string, range: RunRange): Promise<readonly FoundRun[]> {
  const { where, params } = runConditions(filter, range, "at");
  const rows = await store.query(
    `SELECT ${columns} FROM ${source} WHERE ${where} ORDER BY at DESC, run_id DESC LIMIT {limit:UInt32}`,
    { ...params, limit },
  );
  return z.array(foundRun).parse(rows);
}
