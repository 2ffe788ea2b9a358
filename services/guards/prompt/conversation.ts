/**
 * A conversation as callers send it: turns of the user and the assistant, the
 * results of tools that the assistant called, and instructions of the caller
 * anywhere among them. It is taken whole or not at all: each result answers a
 * call of the assistant's turn before it, each call has its result before the
 * next turn, and the last turn is one that a model can answer. Which roles a
 * caller may use beside user and assistant is the harness's to say.
 */
import { z } from "zod";
import type { CallerRights } from "../../../schemas/parts/call-options.ts";
import { message, type Message } from "../../../schemas/parts/content.ts";

export interface Breach {
  /** JSON pointer into the conversation. */
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

export type Conversation =
  | { readonly kind: "read"; readonly messages: readonly Message[] }
  | { readonly kind: "broken"; readonly breaches: readonly Breach[] };

const conversation = z.array(message).min(1);
const maxBreaches = 20;

type Rights = Partial<Pick<CallerRights, "instructions" | "tools">>;

/** Total; breaches name roles and places, and repeat nothing that was said. */
export function readConversation(value: unknown, rights: Rights = {}): Conversation {
  const read = conversation.safeParse(value);
  const breaches = read.success
    ? [...read.data.flatMap((turn, at) => foreignRole(turn, at, rights)), ...protocolBreaches(read.data)]
    : read.error.issues.map(shapeBreach);
  if (!read.success || breaches.length > 0) return { kind: "broken", breaches: breaches.slice(0, maxBreaches) };
  return { kind: "read", messages: read.data };
}

function shapeBreach({ path, code, message: text }: z.core.$ZodIssue): Breach {
  return { path: path.map((part) => `/${String(part)}`).join(""), rule: code, message: text };
}

function protocolBreaches(messages: readonly Message[]): readonly Breach[] {
  const turns = messages.map((turn, at) => ({ turn, at })).filter(({ turn }) => turn.role !== "system");
  const breaches = messages.flatMap((turn, at) => foreignFields(turn, at));
  let asked: Asked = { at: 0, open: new Set() };
  for (const { turn, at } of turns) {
    if (turn.role === "tool") {
      breaches.push(...strayResult(turn, at, asked));
      asked.open.delete(turn.tool_call_id ?? "");
      continue;
    }
    breaches.push(...unanswered(asked), ...repeatedIds(turn, at));
    asked = { at, open: new Set(idsOf(turn)) };
  }
  return [...breaches, ...unanswered(asked), ...unanswerable(turns.at(-1))];
}

function foreignRole({ role, tool_calls: calls }: Message, at: number, rights: Rights): readonly Breach[] {
  if (role === "system" && rights.instructions !== true) {
    const text = "this harness takes no instructions of its callers: leave system messages out";
    return [breach(`/${at}/role`, "callers.instructions", text)];
  }
  if (rights.tools === true || (role !== "tool" && calls === undefined)) return [];
  const path = role === "tool" ? `/${at}/role` : `/${at}/tool_calls`;
  return [breach(path, "callers.tools", "this harness takes no tools of its callers: leave calls and results out")];
}

/** The assistant's turn whose calls are waiting for their results. */
interface Asked {
  readonly at: number;
  readonly open: Set<string>;
}

function idsOf({ tool_calls: calls = [] }: Message): readonly string[] {
  return calls.map(({ id }) => id);
}

function foreignFields({ role, tool_calls: calls, tool_call_id: id }: Message, at: number): readonly Breach[] {
  const breaches: Breach[] = [];
  if (calls !== undefined && role !== "assistant")
    breaches.push(breach(`/${at}/tool_calls`, "field_of_role", "only the assistant calls tools"));
  if (id !== undefined && role !== "tool")
    breaches.push(breach(`/${at}/tool_call_id`, "field_of_role", "only a turn of role tool is the result of a call"));
  return breaches;
}

function strayResult({ tool_call_id: id }: Message, at: number, { open }: Asked): readonly Breach[] {
  if (id === undefined)
    return [breach(`/${at}/tool_call_id`, "result_names_call", "a turn of role tool names the call that it answers")];
  if (open.has(id)) return [];
  const text = "answers no call of the assistant's turn before it that is still without a result";
  return [breach(`/${at}/tool_call_id`, "result_answers_call", text)];
}

function unanswered({ at, open }: Asked): readonly Breach[] {
  if (open.size === 0) return [];
  const text = `${open.size} of these calls have no result before the next turn`;
  return [breach(`/${at}/tool_calls`, "calls_are_answered", text)];
}

function repeatedIds(turn: Message, at: number): readonly Breach[] {
  const ids = idsOf(turn);
  if (new Set(ids).size === ids.length) return [];
  return [breach(`/${at}/tool_calls`, "call_ids_differ", "each call of a turn has an id of its own")];
}

function unanswerable(last: { readonly turn: Message; readonly at: number } | undefined): readonly Breach[] {
  if (last?.turn.role === "user" || last?.turn.role === "tool") return [];
  const path = last === undefined ? "" : `/${last.at}/role`;
  return [breach(path, "last_turn", "the last turn must be the user's, or a tool's result: it is what is answered")];
}

function breach(path: string, rule: string, text: string): Breach {
  return { path, rule, message: text };
}

/** All that a model reads of a message. */
export function messageText({ content, tool_calls: calls }: Message): string {
  return calls === undefined ? content : content + JSON.stringify(calls);
}

const digitsOfNumber = 5;

/**
 * Calls under numbers of ours in place of the ids that callers gave: those may
 * hold anything and are scanned by nobody, and providers disagree on what they
 * may look like (this form is in all of theirs). The same turns have the same numbers.
 */
export function numberCalls(turns: readonly Message[]): readonly Message[] {
  let count = 0;
  let numbers: ReadonlyMap<string, string> = new Map();
  return turns.map((turn) => {
    const { tool_calls: calls, tool_call_id: id } = turn;
    if (calls !== undefined) {
      numbers = new Map(calls.map((call) => [call.id, `call${String(++count).padStart(digitsOfNumber, "0")}`]));
      return { ...turn, tool_calls: calls.map((call) => ({ ...call, id: numbers.get(call.id) ?? call.id })) };
    }
    return id === undefined ? turn : { ...turn, tool_call_id: numbers.get(id) ?? id };
  });
}
