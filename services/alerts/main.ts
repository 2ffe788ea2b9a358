/** The process of alerts: the ledger and the webhook open, then the stage. */
import { connectStore } from "../ledger/clickhouse.ts";
import { ledgerSettings } from "../ledger/settings.ts";
import { runStage } from "../runtime/run-stage.ts";
import { AlertLog } from "./alert-log.ts";
import { lookAtSpend } from "./anomaly/look-at-spend.ts";
import { openBudgetWatch } from "./budgets/open-budget-watch.ts";
import { alertsVariables, deliveryOf } from "./config.ts";
import { alertsStage } from "./stage.ts";
import { Watcher } from "./watcher.ts";

await runStage({
  name: "alerts",
  variables: alertsVariables,
  open: ({ config, reader, logger, nowMs, onClose }) => {
    const delivery = deliveryOf(config, { nowMs, logger });
    if (delivery === null) logger.info({}, "no webhook is set: alerts stand on harness-alerts alone");
    const store = connectStore(ledgerSettings(config));
    onClose("ledger", () => store.close());
    const log = new AlertLog(reader);
    const leastExcessUsd = config.BREAKWATER_ALERT_ANOMALY_USD;
    const watcher = new Watcher({
      log,
      openBudgets: () => openBudgetWatch({ reader, logger, nowMs }),
      lookAtSpend: (atMs) => lookAtSpend(store, { atMs, leastExcessUsd }),
      logger,
    });
    onClose("watcher", () => watcher.stop());
    return alertsStage({ log, watcher, delivery });
  },
});
