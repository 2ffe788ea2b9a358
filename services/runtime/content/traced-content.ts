/**
 * Prompts and answers in traces, for harnesses that ask for it: only what policy
 * let go to the model or out. Never instructions, which hold the harness's marks;
 * never of a data subject, whose erasure reaches no trace; of a prompt never more
 * than the first attempt's, as later ones quote an answer that was rejected; of
 * an answer only one that is given and in which no guard found anything. Cut.
 */
import type { Attributes } from "@opentelemetry/api";
import type { HarnessDefinition } from "../../../schemas/control/harness-definition.ts";
import type { Message } from "../../../schemas/parts/content.ts";
import type { GuardReport } from "../../../schemas/parts/finding.ts";
import type { AttemptTask } from "../../../schemas/records/attempt-task.ts";
import { contentAttributes } from "../telemetry/names.ts";

/** Characters of text in one attribute; what is longer ends with an ellipsis. */
export const tracedChars = 4096;

type Run = Pick<AttemptTask, "attempt" | "subject_id" | "content_until_ms">;
type Wish = Pick<HarnessDefinition, "traces"> | undefined;

/** `messages`: as they go to the model. */
export function tracedInput(definition: Wish, run: Run, messages: readonly Message[]): Attributes {
  if (definition?.traces?.inputMessages !== true || isKept(run) || run.attempt > 1) return {};
  const said = messages.filter(({ role }) => role !== "system");
  return { [contentAttributes.inputMessages]: JSON.stringify(cut(said).map(shapeOf)) };
}

export interface GivenAnswer {
  readonly output: unknown;
  readonly guards: readonly Pick<GuardReport, "verdict">[];
  /** How many values of pseudonyms are back in it. */
  readonly restored: number;
}

/** `given`: as it goes out; null when none does. */
export function tracedOutput(definition: Wish, run: Run, given: GivenAnswer | null): Attributes {
  if (definition?.traces?.outputMessages !== true || isKept(run) || given === null || given.restored > 0) return {};
  if (given.guards.some(({ verdict }) => !clean.has(verdict))) return {};
  const content = typeof given.output === "string" ? given.output : JSON.stringify(given.output);
  return { [contentAttributes.outputMessages]: JSON.stringify(cut([{ role: "assistant", content }]).map(shapeOf)) };
}

/** By guards that found nothing, or whose finding is out of the answer by now. */
const clean: ReadonlySet<GuardReport["verdict"]> = new Set(["passed", "off", "repaired", "sanitised"]);

/** Somebody has a say in how long it can be read: no trace keeps to that. */
function isKept({ subject_id: subject, content_until_ms: untilMs }: Run): boolean {
  return subject !== undefined || untilMs !== undefined;
}

function cut(messages: readonly Message[]): readonly Message[] {
  let room = tracedChars;
  return messages.flatMap((message) => {
    if (room <= 0) return [];
    const { content } = message;
    const kept = content.length <= room ? content : `${content.slice(0, room - 1).toWellFormed()}…`;
    room -= content.length;
    return [{ ...message, content: kept }];
  });
}

/** By the conventions' schema of messages. Which tools are called with what is left out. */
function shapeOf({ role, content, tool_call_id: id }: Message) {
  if (role === "tool") return { role, parts: [{ type: "tool_call_response", id: id ?? null, response: content }] };
  return { role, parts: [{ type: "text", content }] };
}
