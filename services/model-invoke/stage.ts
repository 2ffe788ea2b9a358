/**
 * model-invoke: takes each attempt from harness-scanned (its batch lane too) and harness-retries to
 * exactly one settling finish in the journal, or to a terminal result when no
 * model answered in time. What an attempt has paid for is never paid again
 * within the dedup window. The only stage that pays.
 */
import { z } from "zod";
import type { HarnessDefinition } from "../../schemas/control/harness-definition.ts";
import { attemptTask, type AttemptTask } from "../../schemas/records/attempt-task.ts";
import { PoisonRecordError } from "../runtime/errors.ts";
import { defineStage, type ConsumedRecord, type Outcome, type Stage, type StageContext } from "../runtime/stage.ts";
import { inAttemptSpan } from "./attempt-span.ts";
import { runAttempt, stopIfLost, type AttemptParts } from "./attempt.ts";
import { endUnprocessed, endUnreadable } from "./ending.ts";
import { jsonOf } from "./journal/read-back.ts";
import { joinedAudit } from "./terminal.ts";

export interface ModelInvokeParts extends AttemptParts {
  readonly definitions: {
    get(name: string, version: string): HarnessDefinition | undefined;
    /** Resolves when the control topic is read to its present end. */
    catchUp(): Promise<void>;
  };
}

export function createModelInvoke(parts: ModelInvokeParts): Stage {
  return defineStage({
    name: "model-invoke",
    sources: ["harness-scanned", "harness-retries", "harness-scanned-batch"],
    weights: { "harness-scanned": 8, "harness-retries": 8 },
    process: async (record, context) => {
      const task = readTask(record);
      return await parts.journal.alone(task, () => invoke(parts, task, record, context));
    },
    takeOver: (takeover) => parts.journal.takeOver(takeover),
    release: (partition) => parts.journal.release(partition),
  });
}

async function invoke(
  parts: ModelInvokeParts,
  task: AttemptTask,
  record: ConsumedRecord,
  context: StageContext,
): Promise<Outcome> {
  stopIfLost(context);
  const standing = parts.journal.standing(task, record.partition);
  switch (standing.kind) {
    case "conflict": {
      const message = `attempt ${task.attempt} of run ${task.run_id} is known with another request body`;
      return { emissions: [], deadLetter: { code: "run_id_conflict", message, disposition: "rejected" } };
    }
    case "settled":
      return { emissions: [joinedAudit(task, context)] };
    case "open": {
      const { attempt } = standing;
      const definition = await definitionOf(parts, task);
      const work = { task, attempt, context };
      if (definition === null) return await endUnprocessed(parts.journal, work, "definition_missing");
      if (!("plain" in task.messages)) return await endUnreadable(parts, { ...work, definition });
      const run = { ...work, record, messages: task.messages.plain, definition };
      return await inAttemptSpan(task, () => runAttempt(parts, run));
    }
  }
}

async function definitionOf(
  { definitions }: ModelInvokeParts,
  { harness }: AttemptTask,
): Promise<HarnessDefinition | null> {
  const known = definitions.get(harness.name, harness.version);
  if (known !== undefined) return known;
  await definitions.catchUp();
  return definitions.get(harness.name, harness.version) ?? null;
}

const taskRecord = z.compile(attemptTask);

function readTask({ value }: ConsumedRecord): AttemptTask {
  const parsed = taskRecord.safeParse(jsonOf(value));
  if (parsed.success) return parsed.data;
  throw new PoisonRecordError("internal_record_invalid", "the record is not an attempt", parsed.error);
}
