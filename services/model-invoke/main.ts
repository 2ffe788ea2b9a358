/** The process of model-invoke: the definitions, the journal and the providers open, then the stage. */
import { v7 } from "uuid";
import { openProviders } from "../providers/call-provider.ts";
import { openDefinitions } from "../runtime/definitions.ts";
import { liveClientIds } from "../runtime/kafka/group-members.ts";
import { openTariffs } from "../runtime/pricing/open-prices.ts";
import { runStage } from "../runtime/run-stage.ts";
import { openStandingOrders } from "./commands/standing-orders.ts";
import { modelInvokeVariables } from "./config.ts";
import { openLastAnswers } from "./answers/last-answers.ts";
import { HedgeShare } from "./hedging/hedge-share.ts";
import { Journal } from "./journal/journal.ts";
import { unansweredLog, unauthorizedAlarm } from "./call/operator-log.ts";
import { openCapacity } from "./capacity/open-capacity.ts";
import { openBudgets } from "./budgets/open-budgets.ts";
import { openSharedBreakers } from "./breakers/shared-breakers.ts";
import { createModelInvoke } from "./stage.ts";

await runStage({
  name: "model-invoke",
  variables: modelInvokeVariables,
  seesContent: true,
  open: async ({ config, kafka, groupId, worker, reader, producer, nowMs, logger, onClose }) => {
    const definitions = await openDefinitions(reader, logger);
    onClose("definitions", () => definitions.close());
    // Never closed: a call that outlasts the drain would be journaled as a failure of its provider. It ends with the process.
    const providers = openProviders(config);
    const tariffOf = await openTariffs({ reader, logger, onClose }, providers);
    const { BREAKWATER_DEDUP_WINDOW_MS: dedupWindowMs, BREAKWATER_MAX_IN_FLIGHT: maxConcurrent } = config;
    const members = () => liveClientIds(kafka, groupId);
    const journal = new Journal({ log: reader, liveClientIds: members, worker, dedupWindowMs, nowMs, logger });
    onClose("journal", () => journal.end());
    const orders = await openStandingOrders({ reader, logger, onClose, config, journal });
    const publish = producer.publish.bind(producer);
    const breakers = await openSharedBreakers({ reader, publish, logger, worker, nowMs, keys: providers.keys });
    onClose("breakers", () => breakers.close());
    const { budgets, close } = await openBudgets({ reader, publish, logger, worker, nowMs, liveClientIds: members });
    onClose("budgets", close);
    const shared = { maxConcurrent, liveClientIds: members, worker, logger, nowMs };
    const { capacity, close: closeCapacity } = await openCapacity({ ...shared, limitsOf: providers.limitsOf });
    onClose("capacity", closeCapacity);
    const answers = await openLastAnswers({ reader, logger, nowMs });
    onClose("last answers", () => answers.close());
    const parts = { definitions, providers, tariffOf, journal, orders, budgets, capacity, newCallId: () => v7() };
    const seen = { answers, onUnanswered: unansweredLog(logger), onUnauthorized: unauthorizedAlarm(logger, nowMs) };
    return createModelInvoke({ ...parts, ...seen, resilience: breakers.resilience, hedges: new HedgeShare() });
  },
});
