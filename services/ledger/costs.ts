/**
 * What it cost, by what: sums over the ledger, dearest first. A sum of unknown
 * costs is null, and `callsWithCost` says how many calls a sum covers; the
 * bounds hold what orphans and unknown costs may add. Also how runs ended.
 */
import { z } from "zod";
import type { Store } from "./clickhouse.ts";

/** What costs can be split by, and the ledger's column for it. */
const columnOf = {
  harness: "harness",
  version: "harness_version",
  client: "client_id",
  feature: "feature",
  provider: "provider",
  model: "model",
  day: "day",
  batch: "batch_id",
  document: "document",
  outcome: "outcome",
  hedge: "hedge",
  hour: "formatDateTime(toStartOfHour(started_at), '%Y-%m-%dT%H:00:00Z', 'UTC')",
  month: "formatDateTime(started_at, '%Y-%m', 'UTC')",
  purpose: "spent_for",
} as const;

export const costDimension = z.enum([
  "harness",
  "version",
  "client",
  "feature",
  "provider",
  "model",
  "day",
  "batch",
  "document",
  "outcome",
  "hedge",
  "hour",
  "month",
  "purpose",
]);
export type CostDimension = z.infer<typeof costDimension>;

export interface CostFilter {
  /** Calls that started (runs that were received) from then on, Unix milliseconds. */
  readonly fromMs?: number | undefined;
  /** And before then. */
  readonly toMs?: number | undefined;
  readonly client?: string | undefined;
  readonly feature?: string | undefined;
  readonly harness?: string | undefined;
  readonly version?: string | undefined;
  readonly batch?: string | undefined;
  /** Of calls, as is the model: not for runs, which may have several. */
  readonly provider?: string | undefined;
  /** Asked for. */
  readonly model?: string | undefined;
}

const count = z.coerce.number().int();
const decimal = z.string().nullable();

const costLine = z.object({
  by: z.array(z.string().nullable()).describe("Value of each dimension asked for, in that order; null: unknown"),
  calls: count,
  runs: count.nullable().describe("null: not counted, since the sums are from the roll-ups"),
  failedCalls: count.describe("Finished with anything but ok"),
  inFlight: count,
  orphans: count,
  callsWithCost: count,
  inputTokens: count.describe("All input buckets together"),
  outputTokens: count.describe("With reasoning"),
  costUsd: decimal.describe("Sum of the known costs; null when none is known"),
  boundLowUsd: decimal.describe("At least; orphans and unknown costs included where they have bounds"),
  boundHighUsd: decimal.describe("At most, likewise"),
  unboundedCalls: count.describe("Calls without a known price: outside every sum"),
});

export type CostLine = Readonly<z.infer<typeof costLine>>;

/** `by` empty: one line over all, none when there is no call. Errors: StoreError. */
export async function costs(
  store: Pick<Store, "query">,
  by: readonly CostDimension[],
  filter: CostFilter = {},
): Promise<readonly CostLine[]> {
  const columns = by.map((dimension) => columnOf[dimension]);
  const { where, params } = conditions("started_at", filter);
  const rows = await store.query(
    `SELECT
       CAST([${columns.map((column) => `toString(${column})`).join(", ")}], 'Array(Nullable(String))') AS by,
       count() AS calls,
       uniqExact(run_id) AS runs,
       countIf(state = 'finished' AND outcome != 'ok') AS failedCalls,
       countIf(state = 'in_flight') AS inFlight,
       countIf(state = 'orphan') AS orphans,
       countIf(cost_usd IS NOT NULL) AS callsWithCost,
       sum(ifNull(input_tokens, 0) + ifNull(cached_input_tokens, 0) + ifNull(cache_write_tokens, 0)) AS inputTokens,
       sum(ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0)) AS outputTokens,
       sum(cost_usd) AS costUsd,
       sum(bound_low_usd) AS boundLowUsd,
       sum(bound_high_usd) AS boundHighUsd,
       countIf(bound_high_usd IS NULL) AS unboundedCalls
     FROM ledger
     WHERE ${where}
     GROUP BY ${columns.length === 0 ? "()" : columns.join(", ")}
     HAVING calls > 0
     ORDER BY costUsd DESC NULLS LAST, by`,
    params,
  );
  return z.array(costLine).parse(rows);
}

const statusLine = z.object({ status: z.string(), runs: count });

/** How many runs ended how, most frequent first. Errors: StoreError. */
export async function runStatuses(
  store: Pick<Store, "query">,
  filter: Omit<CostFilter, "model" | "provider"> = {},
): Promise<readonly { readonly status: string; readonly runs: number }[]> {
  const { where, params } = conditions("received_at", filter);
  const rows = await store.query(
    `SELECT status, count() AS runs FROM run_results WHERE ${where} GROUP BY status ORDER BY runs DESC, status`,
    params,
  );
  return z.array(statusLine).parse(rows);
}

/** Clients and days come first in the table's order and never change, so FINAL need not read the others. */
const callsOfBatch = `batch_id = {batch:String}
  AND (client_id, day) IN (SELECT client_id, toDate(started_at) FROM calls WHERE batch_id = {batch:String})`;

function conditions(
  time: "started_at" | "received_at",
  filter: CostFilter,
): { readonly where: string; readonly params: Record<string, unknown> } {
  const wanted = [
    { sql: `${time} >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')`, name: "fromMs", value: filter.fromMs },
    { sql: `${time} < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`, name: "toMs", value: filter.toMs },
    { sql: "client_id = {client:String}", name: "client", value: filter.client },
    { sql: "feature = {feature:String}", name: "feature", value: filter.feature },
    { sql: "harness = {harness:String}", name: "harness", value: filter.harness },
    { sql: time === "started_at" ? callsOfBatch : "batch_id = {batch:String}", name: "batch", value: filter.batch },
    { sql: "harness_version = {version:String}", name: "version", value: filter.version },
    { sql: "provider = {provider:String}", name: "provider", value: filter.provider },
    { sql: "model = {model:String}", name: "model", value: filter.model },
  ].filter(({ value }) => value !== undefined);
  return {
    where: wanted.length === 0 ? "1" : wanted.map(({ sql }) => sql).join(" AND "),
    params: Object.fromEntries(wanted.map(({ name, value }) => [name, value])),
  };
}
