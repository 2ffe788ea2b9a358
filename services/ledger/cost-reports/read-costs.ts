/**
 * What it cost, from where it is answered soonest: the roll-ups where the
 * question is one of whole hours and of what they are split by, else the ledger
 * itself. Both say the same; the roll-ups do not know how many runs there were.
 */
import { callDimensions, type Dimension } from "../asking/dimension.ts";
import { isWholeHours } from "../asking/period.ts";
import type { Store } from "../clickhouse.ts";
import { costs, type CostDimension, type CostFilter, type CostLine } from "../costs.ts";
import { spend, type SpendRow } from "../questions/spend.ts";

/** Dearest first. Errors: StoreError. */
export async function readCosts(
  store: Pick<Store, "query">,
  by: readonly CostDimension[],
  filter: CostFilter = {},
): Promise<readonly CostLine[]> {
  const { fromMs, toMs, batch, ...rest } = filter;
  const rolled = by.flatMap(rolledDimension);
  const isRolled = isWholeHours({ sinceMs: fromMs, untilMs: toMs }) && batch === undefined;
  if (!isRolled || rolled.length < by.length) return costs(store, by, filter);
  const period = { sinceMs: fromMs ?? 0, untilMs: toMs ?? endOfTimeMs };
  const rows = await spend(store, { by: rolled, period, filter: rest });
  return rows.map((row) => costLineOf(row, rolled));
}

/** The last full hour that fits into 32 bits of seconds, as ClickHouse keeps a DateTime. */
const endOfTimeMs = Math.floor(0xffff_ffff / 3600) * 3_600_000;

function rolledDimension(name: CostDimension): readonly Dimension[] {
  return callDimensions.filter((rolled) => rolled === name);
}

function costLineOf(row: SpendRow, by: readonly Dimension[]): CostLine {
  return {
    by: by.map((name) => row[name] ?? null),
    calls: row.calls,
    runs: null,
    failedCalls: row.failed_calls,
    inFlight: row.in_flight,
    orphans: row.orphans,
    callsWithCost: row.calls_with_cost,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costUsd: row.cost_usd,
    boundLowUsd: row.bound_low_usd,
    boundHighUsd: row.bound_high_usd,
    unboundedCalls: row.unbounded_calls,
  };
}
