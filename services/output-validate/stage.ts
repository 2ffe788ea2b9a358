/**
 * Reads the journal, acts on the first finish that settles an attempt, and
 * turns what decide.ts says into records: a terminal result or the next
 * attempt, and the audited decision. Every other journal record is done
 * without an emission.
 */
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import type { Opener } from "../guards/privacy/cryptography.ts";
import { defineStage, type DeadLetter, type Outcome, type Stage } from "../runtime/stage.ts";
import { decide, type Decision, type SettlingFinish } from "./decide.ts";
import type { FirstSettlements } from "./first-settlements.ts";
import { traceDecision } from "./guard-spans.ts";
import { auditOf, pointersTo, resultOf, retryOf, type Ending } from "./records.ts";
import { settlingFinishOf } from "./settling-finish.ts";

export interface OutputValidateParts {
  readonly definitions: {
    get(name: string, version: string): HarnessDefinition | undefined;
    /** Reads the control topic to its present end. */
    catchUp(): Promise<void>;
  };
  readonly settlements: FirstSettlements;
  /** Opens pseudonyms; null when no key is configured. */
  readonly opener: Opener | null;
}

export function outputValidate({ definitions, settlements, opener }: OutputValidateParts): Stage {
  return defineStage({
    name: "output-validate",
    sources: ["harness-calls"],
    takeOver: (takeover, context) => settlements.learn(takeover, context.nowMs()),
    release: (partition) => settlements.release(partition),
    process: async (record, context) => {
      const finish = settlingFinishOf(record);
      if (finish === null || !settlements.claim(record, finish)) return { emissions: [] };
      const { name, version } = finish.harness;
      if (definitions.get(name, version) === undefined) await definitions.catchUp();
      const definition = definitions.get(name, version);
      const decision = decide(finish, definition, { nowMs: record.timestampMs, opener });
      traceDecision(finish, decision);
      const nowMs = context.nowMs();
      const { emissions, ...rest } = outcomeOf(finish, decision, nowMs);
      const audit = auditOf(finish, decision, definition, nowMs);
      const key = finish.settlement.task.answer_key;
      if (decision.kind !== "accepted" || key === undefined) return { emissions: [...emissions, audit], ...rest };
      // Where an answer stands is known when it is there: a crash in between costs its pointer, never points elsewhere.
      const [place] = await context.publish(emissions);
      return { emissions: [...pointersTo(place, { runId: finish.run_id, key, nowMs }), audit] };
    },
  });
}

function outcomeOf(finish: SettlingFinish, decision: Decision, nowMs: number): Outcome {
  const end = (ending: Omit<Ending, "nowMs">): Outcome => ({
    emissions: [resultOf(finish, decision, { ...ending, nowMs })],
  });
  switch (decision.kind) {
    case "accepted":
      return end({ status: "ok", output: decision.output });
    case "retry":
      return { emissions: [retryOf(decision.task)] };
    case "failed":
      return {
        ...end({ status: "failed_validation" }),
        deadLetter: letter("attempts_exhausted", "exhausted", decision),
      };
    case "degraded":
      return end({ status: "degraded", output: decision.output });
    case "expired":
      return end({ status: "expired" });
    case "undecidable":
      return { ...end({ status: "degraded" }), deadLetter: letter(decision.code, "rejected", decision) };
  }
}

function letter(code: DeadLetter["code"], disposition: DeadLetter["disposition"], { reasons }: Decision): DeadLetter {
  const message = reasons.map((reason) => [reason.code, reason.path, reason.rule].filter(Boolean).join(" ")).join("; ");
  return { code, disposition, message };
}
