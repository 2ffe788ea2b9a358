/**
 * The settings of cost-aggregate beside those of every stage: where the ledger
 * is and how long it keeps its rows. Its rows wait for their batch, so by default
 * many more records are in progress at once than would be of calls.
 */
import type { Retention } from "../ledger/roll-ups/retention.ts";
import { ledgerVariables } from "../ledger/settings.ts";
import type { Config } from "../runtime/config.ts";
import type { VariableName } from "../runtime/variables.ts";

const retentionVariables = [
  "BREAKWATER_LEDGER_CALLS_DAYS",
  "BREAKWATER_LEDGER_RUNS_DAYS",
  "BREAKWATER_LEDGER_AUDIT_DAYS",
  "BREAKWATER_LEDGER_REVIEWS_DAYS",
  "BREAKWATER_LEDGER_SUMS_DAYS",
] as const satisfies readonly VariableName[];

export const costAggregateVariables = [...ledgerVariables, ...retentionVariables] as const;

export function retentionOf(config: Pick<Config, (typeof retentionVariables)[number]>): Retention {
  return {
    calls: config.BREAKWATER_LEDGER_CALLS_DAYS,
    runs: config.BREAKWATER_LEDGER_RUNS_DAYS,
    audit: config.BREAKWATER_LEDGER_AUDIT_DAYS,
    reviews: config.BREAKWATER_LEDGER_REVIEWS_DAYS,
    rollUps: config.BREAKWATER_LEDGER_SUMS_DAYS,
  };
}

/** Records in progress, unless BREAKWATER_MAX_IN_FLIGHT is set; 5,000 rows that wait are written at once. */
export const usualInFlight = 8192;
