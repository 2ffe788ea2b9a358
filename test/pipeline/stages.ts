/**
 * The four stages as their main.ts would wire them, on topics in memory: real
 * decisions, real SDKs to the stand-in, and a ledger in memory.
 */
import { v7 } from "uuid";
import { createLedgerMetrics } from "../../services/cost-aggregate/ledger-metrics.ts";
import { costAggregate } from "../../services/cost-aggregate/stage.ts";
import { compilePack } from "../../services/guards/injection/compile-pack.ts";
import { buildScanner, type InjectionScanner } from "../../services/guards/injection/scanner.ts";
import { anyClients } from "../../services/input-scan/clients/throttle.ts";
import { linearModel } from "../../services/input-scan/rules/injection.ts";
import { inputScanStage } from "../../services/input-scan/stage.ts";
import { openLastAnswers, type LastAnswers } from "../../services/model-invoke/answers/last-answers.ts";
import { HedgeShare } from "../../services/model-invoke/hedging/hedge-share.ts";
import { Journal } from "../../services/model-invoke/journal/journal.ts";
import { Resilience } from "../../services/model-invoke/breakers/resilience.ts";
import { noBudgets, type CallBudgets } from "../../services/model-invoke/budgets/reservation.ts";
import { StandingOrders } from "../../services/model-invoke/commands/standing-orders.ts";
import { createModelInvoke } from "../../services/model-invoke/stage.ts";
import { Reviews } from "../../services/output-validate/reviews/reviews.ts";
import { openModerator } from "../../services/output-validate/moderation/moderator.ts";
import { openFirstSettlements } from "../../services/output-validate/settlements/first-settlements.ts";
import { outputValidate } from "../../services/output-validate/stage.ts";
import { NegotiatedPrices } from "../../services/pricing/negotiated-prices.ts";
import type { TariffOf } from "../../services/pricing/tariff.ts";
import type { CallParts } from "../../services/model-invoke/call/make-call.ts";
import type { Providers } from "../../services/providers/call-provider.ts";
import { openPrivacyKeys, type PrivacyKeys } from "../../services/runtime/secrets/privacy-keys.ts";
import { capacityOf } from "../support/capacity.ts";
import { TestCommands } from "../support/commands.ts";
import { pipelinePack, publishedDefinitions } from "./harnesses.ts";
import type { MemoryLedger } from "./memory-ledger.ts";
import type { MemoryLog } from "./memory-log.ts";
import type { StageFactory } from "./pipeline.ts";

const dedupWindowMs = 3_600_000;
const negotiated = new NegotiatedPrices();
const listed: TariffOf = (provider) => ({ provider });

export interface Outside {
  readonly providers: CallParts["providers"] & Pick<Providers, "moderate">;
  readonly ledger: Pick<MemoryLedger, "insert">;
  readonly definitions?: typeof publishedDefinitions;
  readonly keys?: PrivacyKeys;
  readonly budgets?: CallBudgets;
  /** By which the age of an earlier answer is told, Unix milliseconds. */
  readonly nowMs?: () => number;
  readonly commands?: TestCommands;
  /** Called with what watches the reviews, each time output-validate is started. */
  readonly onReviews?: (reviews: Reviews) => void;
}

/** The master key of the journeys. */
export const pipelineKeys = openPrivacyKeys(Buffer.alloc(32, 1).toString("hex"));

export function allStages(outside: Outside): StageFactory[] {
  const { providers, ledger, definitions = publishedDefinitions, keys = pipelineKeys } = outside;
  const { budgets = noBudgets, nowMs = Date.now } = outside;
  const { commands = new TestCommands() } = outside;
  const reviewsIn = (reader: MemoryLog): Reviews => {
    const reviews = new Reviews({ reader, commands, definitions, nowMs });
    outside.onReviews?.(reviews);
    return reviews;
  };
  const scanner = pipelineScanner();
  return [
    () =>
      inputScanStage({
        definitions,
        scanner: () => scanner,
        commands,
        wireFormat: { decode: decodePlain },
        keys,
        model: linearModel,
        clients: anyClients(),
        negotiated,
      }),
    (log, worker) => {
      const liveClientIds = async () => new Set([worker]);
      const logger = { warn: () => {} };
      const journal = new Journal({ log, liveClientIds, worker, dedupWindowMs, nowMs: Date.now, logger });
      commands.onChange(() => journal.wake());
      return createModelInvoke({
        definitions,
        journal,
        orders: new StandingOrders(commands, 512),
        providers,
        tariffOf: listed,
        resilience: new Resilience(),
        capacity: capacityOf(),
        budgets,
        hedges: new HedgeShare(),
        newCallId: () => v7(),
        onUnauthorized: () => {},
        onUnanswered: () => {},
        answers: lastAnswersIn(log, nowMs),
      });
    },
    (log) =>
      outputValidate({
        commands,
        definitions,
        settlements: openFirstSettlements(log, dedupWindowMs),
        reviews: reviewsIn(log),
        opener: keys.opener,
        moderator: openModerator({ providers, tariffOf: listed, newCallId: () => v7(), logger: { warn: () => {} } }),
      }),
    () => costAggregate(ledger, createLedgerMetrics()),
  ];
}

function lastAnswersIn(reader: MemoryLog, nowMs: () => number): LastAnswers {
  const opened = openLastAnswers({ reader, logger: { warn: () => {} }, nowMs });
  return { find: async (task, settings) => await (await opened).find(task, settings) };
}

function pipelineScanner(): InjectionScanner {
  const verdict = compilePack(pipelinePack);
  if (verdict.kind === "rejected") throw new Error(verdict.reasons.map(({ message }) => message).join("; "));
  return buildScanner([verdict.pack]);
}

/** The wire format without a registry: plain JSON. */
async function decodePlain(value: Buffer) {
  try {
    const parsed: unknown = JSON.parse(value.toString("utf8"));
    return { kind: "value" as const, value: parsed };
  } catch {
    return { kind: "poison" as const, code: "not_json" as const, message: "not JSON" };
  }
}
