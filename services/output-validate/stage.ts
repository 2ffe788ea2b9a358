/**
 * Reads the journal, acts on the first finish that settles an attempt, and
 * turns what decide.ts says into records: a terminal result, the next attempt
 * or a held answer, and the audited decision; where decide.ts asks for it, a
 * provider's moderation is heard in between. Every call that is over is told to
 * the audit. Reads the reviews of what is held (reviews/).
 */
import type { Opener } from "../guards/privacy/cryptography.ts";
import type { Commands } from "../runtime/commands/commands.ts";
import { defineStage, type Stage } from "../runtime/stage.ts";
import { decide } from "./decide.ts";
import type { FirstSettlements } from "./settlements/first-settlements.ts";
import { auditOf, keptAs, pointersTo } from "./records.ts";
import type { PinnedDefinitions, Reviews } from "./reviews/reviews.ts";
import { outcomeOf } from "./outcome.ts";
import type { Moderator } from "./moderation/moderator.ts";
import { callAuditOf } from "./settlements/call-audit.ts";
import { finishOf, settlingFinishOf } from "./settlements/settling-finish.ts";
import { tracedDecision } from "./traced-decision.ts";

export interface OutputValidateParts {
  readonly definitions: PinnedDefinitions;
  readonly settlements: FirstSettlements;
  readonly reviews: Pick<Reviews, "learn" | "release" | "process">;
  /** Opens pseudonyms; null when no key is configured. */
  readonly opener: Opener | null;
  readonly commands: Pick<Commands, "cancellation">;
  readonly moderator: Moderator;
}

export function outputValidate(parts: OutputValidateParts): Stage {
  const { definitions, settlements, reviews, opener, commands, moderator } = parts;
  return defineStage({
    name: "output-validate",
    sources: ["harness-calls", "harness-reviews"],
    takeOver: async (takeover, context) => {
      await settlements.learn(takeover, context.nowMs());
      await reviews.learn(takeover, context);
    },
    release: (partition) => {
      settlements.release(partition);
      reviews.release(partition);
    },
    process: async (record, context) => {
      if (record.topic === "harness-reviews") return reviews.process(record);
      const ended = finishOf(record);
      if (ended === null) return { emissions: [] };
      const call = callAuditOf(ended);
      const settled = settlingFinishOf(ended);
      if (settled === null || !settlements.claim(record, settled)) return { emissions: [call] };
      const { name, version } = settled.harness;
      if (definitions.get(name, version) === undefined) await definitions.catchUp();
      const definition = definitions.get(name, version);
      const cancelled = commands.cancellation(settled.settlement.task);
      const { finish, decision } = await tracedDecision(
        { settled, definition },
        () => decide(settled, definition, { nowMs: record.timestampMs, opener, cancelled }),
        (asking) => moderator.ask({ finish: settled, ...asking }, context),
      );
      const nowMs = context.nowMs();
      const { emissions, ...rest } = outcomeOf(finish, decision, nowMs);
      const audit = auditOf(finish, decision, definition, nowMs);
      const key = keptAs(finish, decision);
      if (key === undefined) return { emissions: [...emissions, audit, call], ...rest };
      // Where an answer stands is known when it is there: a crash in between costs its pointer, never points elsewhere.
      const [place] = await context.publish(emissions);
      return { emissions: [...pointersTo(place, { runId: finish.run_id, key, nowMs }), audit, call] };
    },
  });
}
