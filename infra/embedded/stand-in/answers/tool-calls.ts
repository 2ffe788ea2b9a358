/**
 * Which of the tools on offer the stand-in's model calls, and with what. It
 * calls a tool for each mention of its name in what the user said since the
 * last tool's result, one for each without parallel calls; nothing mentioned and
 * a call required, the last tool on offer. Arguments keep the tool's JSON Schema
 * and are drawn from the words that follow the mention. Deterministic.
 */
import type { Ask, AskedTools, OfferedTool } from "../ask.ts";
import type { AnswerEffect } from "../fault-rules.ts";
import { documentIn } from "./facts.ts";
import { jsonAnswer } from "./json-value.ts";

export interface ToolCall {
  readonly name: string;
  /** JSON, unless a fault wants it otherwise. */
  readonly arguments: string;
}

const mostCalls = 8;

/** Empty where the model answers in words. `canned`: what the arguments are drawn from, whatever the user said. */
export function toolCallsFor(ask: Ask, canned: string | null, effect: AnswerEffect | null): readonly ToolCall[] {
  if (ask.tools === null || effect?.kind === "text" || effect?.kind === "fenced_json") return [];
  const chosen = chosenOf(ask.tools, ask);
  const most = ask.tools.parallel ? mostCalls : 1;
  return chosen.slice(0, most).map(({ tool, words }) => {
    const value = jsonAnswer({ ...tool.parameters, type: "object" }, canned ?? words);
    return spoiled({ name: tool.name, arguments: JSON.stringify(value) }, effect);
  });
}

interface Chosen {
  readonly tool: OfferedTool;
  readonly words: string;
}

function chosenOf({ offered, choice, said }: AskedTools, ask: Ask): readonly Chosen[] {
  const document = documentIn(ask.text);
  if (typeof choice === "object")
    return offered.filter(({ name }) => name === choice.name).map((tool) => ({ tool, words: document }));
  if (choice === "none") return [];
  const mentioned = said.map((text) => mentionsIn(text, offered)).find((found) => found.length > 0) ?? [];
  const last = offered.at(-1);
  if (choice === "auto" || mentioned.length > 0 || last === undefined) return mentioned;
  return [{ tool: last, words: document }];
}

/** In the text's order; the words of each end where the next begins. */
function mentionsIn(text: string, offered: readonly OfferedTool[]): readonly Chosen[] {
  const found = offered.flatMap((tool) =>
    Array.from(text.matchAll(new RegExp(`(?<![\\w-])${tool.name}(?![\\w-])`, "gi")), ({ index }) => ({ tool, index })),
  );
  const inOrder = found.toSorted((left, right) => left.index - right.index);
  return inOrder.map(({ tool, index }, at) => ({ tool, words: text.slice(index, inOrder[at + 1]?.index) }));
}

function spoiled(call: ToolCall, effect: AnswerEffect | null): ToolCall {
  switch (effect?.kind) {
    case "bad_tool_arguments":
    case "broken_json":
      return { ...call, arguments: `${call.arguments.slice(0, -1)},` };
    case "wrong_tool_arguments":
    case "wrong_schema":
      return { ...call, arguments: JSON.stringify(wrongly(call.arguments)) };
    case "unknown_tool":
      return { ...call, name: `${call.name}_of_no_name`.slice(-64) };
    default:
      return call;
  }
}

/** A value of another type in every place, and one too many. */
function wrongly(given: string): object {
  const fields = Object.entries<unknown>(JSON.parse(given));
  const wrong = fields.map(([name, value]) => [
    name,
    typeof value === "string" ? { not: "a string" } : "something else",
  ]);
  return { ...Object.fromEntries(wrong), note: "This is not what was asked for." };
}
