/**
 * Each stage with its real decisions, on the example definitions and the
 * shipped signature pack, cut off from the world: one time on the clock, call
 * ids by number, a provider that always says the same, a ledger that keeps its
 * rows. New for each record, so that no example knows of another.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { definitionRecord, type PublishedDefinition } from "../../schemas/control/harness-definition.ts";
import { createLedgerMetrics } from "../../services/cost-aggregate/ledger-metrics.ts";
import { costAggregate } from "../../services/cost-aggregate/stage.ts";
import { buildScanner } from "../../services/guards/injection/scanner.ts";
import { anyClients } from "../../services/input-scan/clients/throttle.ts";
import { linearModel } from "../../services/input-scan/rules/injection.ts";
import { readPack } from "../../services/input-scan/signatures.ts";
import { inputScanStage } from "../../services/input-scan/stage.ts";
import type { LedgerRow } from "../../services/ledger/rows.ts";
import { HedgeShare } from "../../services/model-invoke/hedging/hedge-share.ts";
import { Journal } from "../../services/model-invoke/journal/journal.ts";
import { Resilience } from "../../services/model-invoke/breakers/resilience.ts";
import { noBudgets } from "../../services/model-invoke/budgets/reservation.ts";
import { StandingOrders } from "../../services/model-invoke/commands/standing-orders.ts";
import { createModelInvoke } from "../../services/model-invoke/stage.ts";
import {
  openFirstSettlements,
  type FirstSettlements,
} from "../../services/output-validate/settlements/first-settlements.ts";
import { Reviews } from "../../services/output-validate/reviews/reviews.ts";
import { outputValidate } from "../../services/output-validate/stage.ts";
import { NegotiatedPrices } from "../../services/pricing/negotiated-prices.ts";
import type { ProviderOutcome } from "../../services/providers/outcome.ts";
import { openPrivacyKeys } from "../../services/runtime/secrets/privacy-keys.ts";
import type { Stage } from "../../services/runtime/stage.ts";
import { openWireFormat } from "../../services/runtime/wire-format.ts";
import { MemoryLog } from "../pipeline/memory-log.ts";
import { noLastAnswers } from "../support/last-answers.ts";
import { capacityOf } from "../support/capacity.ts";
import { TestCommands } from "../support/commands.ts";
import { silentModerator } from "../support/moderators.ts";
import { casesOf, exampleBytes, exampleValue } from "./examples.ts";

/** Two seconds after the examples' requests were received, Unix milliseconds. */
export const contractMs = 1_795_167_002_000;
/** Of each topic. */
export const contractPartitions = 6;
const heldRunId = "019aa0f1-2c00-7000-8000-000000000003";
export const contractWorker = "worker-under-test";

const definitions = exampleDefinitions();
const scanner = buildScanner([shippedPack()]);
const keys = openPrivacyKeys(Buffer.alloc(32, 7).toString("base64"));

export interface StageUnderTest {
  readonly stage: Stage;
  /** What a sink was given to store. */
  readonly stored: LedgerRow[];
}

export const stageMakers: readonly (() => StageUnderTest)[] = [
  () =>
    emitting(
      inputScanStage({
        definitions,
        scanner: () => scanner,
        commands: new TestCommands(),
        model: { ...linearModel, version: "under-test" },
        wireFormat: openWireFormat({}),
        keys,
        clients: anyClients(),
        negotiated: new NegotiatedPrices(),
      }),
    ),
  () => emitting(modelInvoke()),
  () =>
    emitting(
      outputValidate({
        commands: new TestCommands(),
        definitions,
        settlements: noSettlements(),
        reviews: new Reviews({ reader: heldLog(), commands: new TestCommands(), definitions, nowMs: () => contractMs }),
        opener: keys.opener,
        moderator: silentModerator,
      }),
    ),
  () => {
    const stored: LedgerRow[] = [];
    return { stage: costAggregate({ insert: async (row) => void stored.push(row) }, createLedgerMetrics()), stored };
  },
];

function noSettlements(): FirstSettlements {
  return openFirstSettlements(new MemoryLog(1), 1000);
}

/** The example of a held answer, as the log that a new owner reads. */
function heldLog(): MemoryLog {
  const log = new MemoryLog(contractPartitions);
  const value = exampleBytes("harness-reviews", "held");
  log.append({ topic: "harness-reviews", key: heldRunId, value, headers: {} });
  return log;
}

function emitting(stage: Stage): StageUnderTest {
  return { stage, stored: [] };
}

function modelInvoke(): Stage {
  let calls = 0;
  const settings = {
    log: new MemoryLog(1),
    liveClientIds: async () => new Set([contractWorker]),
    worker: contractWorker,
    dedupWindowMs: 3_600_000,
    nowMs: () => contractMs,
    logger: { warn: () => {} },
  };
  return createModelInvoke({
    definitions,
    journal: new Journal(settings),
    orders: new StandingOrders(new TestCommands(), 512),
    providers: {
      call: async ({ model }) => answerOf(model),
      keys: { isOut: () => false },
    },
    tariffOf: (provider) => ({ provider }),
    resilience: new Resilience(),
    capacity: capacityOf(),
    budgets: noBudgets,
    hedges: new HedgeShare(),
    newCallId: () => `019aa0f1-4000-7000-8000-${String((calls += 1)).padStart(12, "0")}`,
    onUnauthorized: () => {},
    onUnanswered: () => {},
    answers: noLastAnswers,
  });
}

function answerOf(model: string): ProviderOutcome {
  return {
    kind: "answer",
    text: "The same answer to everything.",
    finishReason: "stop",
    servedModel: model,
    usage: { input_tokens: 100, cached_input_tokens: 0, cache_write_tokens: 0, output_tokens: 10, reasoning_tokens: 0 },
  };
}

function shippedPack() {
  const file = path.join(import.meta.dirname, "..", "..", "harnesses", "signatures", "core.yaml");
  return readPack(parse(readFileSync(file, "utf8")), "core");
}

/** The definitions that the examples are pinned to, as services/runtime/definitions.ts would give them. */
function exampleDefinitions() {
  const published = new Map<string, PublishedDefinition>();
  const current = new Map<string, string>();
  for (const name of casesOf("harness-definitions")) {
    const record = definitionRecord.safeParse(exampleValue("harness-definitions", name));
    if (!record.success) continue;
    if (record.data.kind === "current") current.set(record.data.name, record.data.version);
    else published.set(`${record.data.definition.name}@${record.data.version}`, record.data);
  }
  return {
    current: (name: string) => published.get(`${name}@${current.get(name) ?? ""}`),
    get: (name: string, version: string) => published.get(`${name}@${version}`)?.definition,
    catchUp: async (): Promise<void> => {},
  };
}
