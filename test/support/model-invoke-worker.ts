/**
 * model-invoke as a process of its own, put together as in its main.ts, that
 * ends itself with SIGKILL at the point named in KILL_AT: `before-http` (the
 * start is acknowledged, nothing was sent), `after-answer` (paid, not yet
 * written), `before-mark` (the finish is acknowledged, the mark is not).
 */
import { v7 } from "uuid";
import { openLastAnswers } from "../../services/model-invoke/answers/last-answers.ts";
import { unansweredLog, unauthorizedAlarm } from "../../services/model-invoke/call/operator-log.ts";
import { modelInvokeVariables } from "../../services/model-invoke/config.ts";
import { HedgeShare } from "../../services/model-invoke/hedging/hedge-share.ts";
import { Journal } from "../../services/model-invoke/journal/journal.ts";
import { Resilience } from "../../services/model-invoke/breakers/resilience.ts";
import { noBudgets } from "../../services/model-invoke/budgets/reservation.ts";
import { openStandingOrders } from "../../services/model-invoke/commands/standing-orders.ts";
import { createModelInvoke } from "../../services/model-invoke/stage.ts";
import { openProviders, type Providers } from "../../services/providers/call-provider.ts";
import { openDefinitions } from "../../services/runtime/definitions.ts";
import { liveClientIds } from "../../services/runtime/kafka/group-members.ts";
import { runStage } from "../../services/runtime/run-stage.ts";
import type { Stage, StageContext } from "../../services/runtime/stage.ts";
import { capacityOf } from "./capacity.ts";

const killAt = process.env["KILL_AT"];

function dieAt(point: string): void {
  if (point === killAt) process.kill(process.pid, "SIGKILL");
}

function mortal(providers: Providers): Providers {
  return {
    ...providers,
    async call(call) {
      dieAt("before-http");
      const outcome = await providers.call(call);
      dieAt("after-answer");
      return outcome;
    },
  };
}

function mortalStage(stage: Stage): Stage {
  const watched = (context: StageContext): StageContext => ({
    ...context,
    publish(emissions) {
      if (emissions.some(({ topic }) => topic === "harness-settled")) dieAt("before-mark");
      return context.publish(emissions);
    },
  });
  return { ...stage, process: (record, context) => stage.process(record, watched(context)) };
}

await runStage({
  name: "model-invoke",
  variables: modelInvokeVariables,
  open: async ({ config, kafka, groupId, worker, reader, nowMs, logger, onClose }) => {
    const definitions = await openDefinitions(reader, logger);
    onClose("definitions", () => definitions.close());
    const providers = mortal(openProviders(config));
    const dedupWindowMs = config.BREAKWATER_DEDUP_WINDOW_MS;
    const members = () => liveClientIds(kafka, groupId);
    const journal = new Journal({ log: reader, liveClientIds: members, worker, dedupWindowMs, nowMs, logger });
    onClose("journal", () => journal.end());
    const onUnauthorized = unauthorizedAlarm(logger, nowMs);
    const orders = await openStandingOrders({ reader, logger, onClose, config, journal });
    const parts = { definitions, providers, journal, orders, resilience: new Resilience(), newCallId: () => v7() };
    const capacity = capacityOf();
    const answers = await openLastAnswers({ reader, logger, nowMs });
    onClose("last answers", () => answers.close());
    const degrade = { answers, onUnanswered: unansweredLog(logger) };
    return mortalStage(
      createModelInvoke({
        ...parts,
        ...degrade,
        capacity,
        budgets: noBudgets,
        hedges: new HedgeShare(),
        onUnauthorized,
      }),
    );
  },
});
