/**
 * The settings of cost-aggregate beside those of every stage: where the ledger
 * is. Its rows wait for their batch, so by default many more records are in
 * progress at once than would be of calls.
 */
import { ledgerVariables } from "../ledger/settings.ts";

export const costAggregateVariables = ledgerVariables;

/** Records in progress, unless BREAKWATER_MAX_IN_FLIGHT is set; 5,000 rows that wait are written at once. */
export const usualInFlight = 8192;
