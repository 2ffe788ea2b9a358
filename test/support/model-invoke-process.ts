/**
 * model-invoke as one process in memory: the stage over topics that outlive it,
 * with providers that answer by script or real ones, and readers of what it wrote.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { auditDecision } from "../../schemas/audit/decision.ts";
import { callRecord, type CallFinished, type CallRecord } from "../../schemas/records/call.ts";
import type { Capacity } from "../../services/model-invoke/capacity/capacity.ts";
import type { CallParts } from "../../services/model-invoke/call/make-call.ts";
import { HedgeShare } from "../../services/model-invoke/hedging/hedge-share.ts";
import { Journal } from "../../services/model-invoke/journal/journal.ts";
import { Resilience } from "../../services/model-invoke/breakers/resilience.ts";
import { noBudgets, type CallBudgets } from "../../services/model-invoke/budgets/reservation.ts";
import { createModelInvoke } from "../../services/model-invoke/stage.ts";
import type { ProviderOutcome } from "../../services/providers/outcome.ts";
import { StandingOrders } from "../../services/model-invoke/commands/standing-orders.ts";
import type { Emission, Outcome } from "../../services/runtime/stage.ts";
import type { LastAnswers } from "../../services/model-invoke/answers/last-answers.ts";
import { noLastAnswers } from "./last-answers.ts";
import { capacityOf } from "./capacity.ts";
import { TestCommands } from "./commands.ts";
import {
  answerOf,
  contextOf,
  definitionOf,
  failureOf,
  harness,
  recordOf,
  runIdOf,
  takeoverOf,
  type MemoryTopics,
} from "./model-invoke-fixtures.ts";

type Call = Parameters<CallParts["providers"]["call"]>[0];
export type Reply = ProviderOutcome | ((call: Call) => Promise<ProviderOutcome>);

/** A call that answers when it is told to, and that says what had come when it is given up. */
export function held() {
  const { promise, resolve } = Promise.withResolvers<ProviderOutcome>();
  const reply: Reply = (call) => {
    call.signal.addEventListener("abort", () => resolve(failureOf("cancelled", { streamedTokens: 7 })));
    return promise;
  };
  return { reply, end: resolve };
}

let callIds = 0;

export interface ProcessSettings {
  readonly definition?: HarnessDefinition;
  readonly worker?: string;
  /** Other members of the group. */
  readonly living?: readonly string[];
  readonly refuse?: (emission: Emission) => void;
  readonly confirmed?: () => Promise<void>;
  readonly lapsedSince?: (sinceMs: number) => boolean;
  readonly capacity?: Capacity;
  readonly budgets?: CallBudgets;
  readonly commands?: TestCommands;
  /** Records taken at once. */
  readonly places?: number;
  readonly answers?: LastAnswers;
  /** In place of the script. */
  readonly providers?: CallParts["providers"];
}

/** One process: a stage over topics that outlive it. */
export function startProcess(topics: MemoryTopics, replies: Reply[] = [], process: ProcessSettings = {}) {
  const { definition = definitionOf(), worker = "worker-a", living = [], refuse = () => {}, confirmed } = process;
  const { lapsedSince, capacity = capacityOf(), answers = noLastAnswers, providers } = process;
  const { budgets = noBudgets, commands = new TestCommands(), places = 512 } = process;
  const calls: Call[] = [];
  const unauthorized: string[] = [];
  const unanswered: string[] = [];
  const context = contextOf(topics, {
    worker,
    refuse,
    ...(confirmed && { confirmed }),
    ...(lapsedSince && { lapsedSince }),
  });
  const resilience = new Resilience();
  const liveClientIds = () => Promise.resolve(new Set([...living, worker]));
  const settings = { log: topics, liveClientIds, worker, dedupWindowMs: 3_600_000, nowMs: Date.now };
  const journal = new Journal({ ...settings, logger: { warn: () => {} } });
  commands.onChange(() => journal.wake());
  const stage = createModelInvoke({
    journal,
    orders: new StandingOrders(commands, places),
    resilience,
    capacity,
    budgets,
    hedges: new HedgeShare(),
    tariffOf: (provider) => ({ provider }),
    providers: providers ?? {
      keys: { isOut: () => false },
      async call(call) {
        context.steps.push(`http ${call.model}`);
        calls.push(call);
        const reply = replies.shift() ?? answerOf("Short.");
        return typeof reply === "function" ? await reply(call) : reply;
      },
    },
    newCallId: () => runIdOf(1_000_000 + callIds++),
    onUnauthorized: ({ provider }) => unauthorized.push(provider),
    onUnanswered: ({ run_id }, reasons) => unanswered.push([run_id, ...reasons.map(({ code }) => code)].join(" ")),
    answers,
    definitions: {
      get: (_name, version) => (version === harness.version ? definition : undefined),
      catchUp: async () => {},
    },
  });
  const run = async (task: unknown): Promise<Outcome> => await stage.process(recordOf(task), context);
  const takeOver = (): Promise<void> | undefined => stage.takeOver?.(takeoverOf(Date.now() - 1000), context);
  return { stage, run, takeOver, calls, context, resilience, capacity, journal, unauthorized, unanswered };
}

export function journaled(topics: MemoryTopics): CallRecord[] {
  return topics.values("harness-calls").map((value) => callRecord.parse(value));
}

export function finishes(topics: MemoryTopics): CallFinished[] {
  return journaled(topics).filter((record) => record.kind === "call.finished");
}

export function decisions(outcome: Outcome): string[] {
  return outcome.emissions.map(({ value }) => auditDecision.parse(value).decision);
}
