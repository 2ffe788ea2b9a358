/** The process of cost-aggregate: the ledger open, its schema up to date, its sums kept fresh, then the stage. */
import { openLedger } from "../ledger/open-ledger.ts";
import { openRollUps } from "../ledger/roll-ups/roll-up-loop.ts";
import { ledgerSettings } from "../ledger/settings.ts";
import { runStage } from "../runtime/run-stage.ts";
import { costAggregateVariables, retentionOf, usualInFlight } from "./config.ts";
import { createLedgerMetrics } from "./ledger-metrics.ts";
import { costAggregate } from "./stage.ts";

process.env["BREAKWATER_MAX_IN_FLIGHT"] ||= String(usualInFlight);

await runStage({
  name: "cost-aggregate",
  variables: costAggregateVariables,
  open: async ({ config, logger, onClose }) => {
    const ledger = await openLedger(ledgerSettings(config), logger);
    onClose("ledger", () => ledger.close());
    const rollUps = await openRollUps(ledgerSettings(config), retentionOf(config), logger);
    onClose("roll-ups", () => rollUps.close());
    return costAggregate(ledger, createLedgerMetrics());
  },
});
