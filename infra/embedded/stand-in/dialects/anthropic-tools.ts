/**
 * Tools by Anthropic's messages: what a request offers, whether its calls and
 * results belong together as the real API demands, and the blocks of an answer
 * that calls.
 */
import type { ToolCall } from "../answers/tool-calls.ts";
import { type AskedTools, isObject, listOf, saidSince, textOf } from "../ask.ts";
import type { ReadTools } from "./openai-tools.ts";

type Fields = Readonly<Record<string, unknown>>;

function invalid(message: string): ReadTools {
  return { kind: "invalid", message };
}

export function readTools(body: Fields, messages: readonly unknown[]): ReadTools {
  const wrong = wrongTurn(messages);
  if (wrong !== null) return invalid(wrong);
  const { tools: given, tool_choice: choice } = body;
  if (given === undefined) {
    if (choice !== undefined) return invalid("tool_choice: may only be specified while providing tools");
    if (messages.some((message) => idsIn(message, "tool_use", "id").length > 0))
      return invalid("tools: must be provided when there are tool_use or tool_result blocks");
    return { kind: "tools", tools: null };
  }
  const tools = listOf(given).filter(isObject);
  if (tools.length === 0) return invalid("tools: at least one tool is required");
  if (!tools.every(({ name }) => typeof name === "string" && /^[a-zA-Z0-9_-]{1,128}$/.test(name)))
    return invalid("tools.0.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
  if (!tools.every(({ input_schema: schema }) => isObject(schema) && schema["type"] === "object"))
    return invalid("tools.0.input_schema.type: Field required");
  const offered = tools.map(({ name, input_schema: schema }) => ({
    name: String(name),
    parameters: isObject(schema) ? schema : {},
  }));
  const chosen = choiceOf(choice);
  if (chosen === null) return invalid("tool_choice: Input tag does not match any of the expected tags");
  if (typeof chosen === "object" && !offered.some(({ name }) => name === chosen.name))
    return invalid("tool_choice: Tool not found in provided tools");
  const parallel = !(isObject(choice) && choice["disable_parallel_tool_use"] === true);
  const said = saidSince(messages, (message) => idsIn(message, "tool_result", "tool_use_id").length > 0);
  return { kind: "tools", tools: { offered, choice: chosen, parallel, said } };
}

function choiceOf(choice: unknown): AskedTools["choice"] | null {
  if (choice === undefined) return "auto";
  if (!isObject(choice)) return null;
  switch (choice["type"]) {
    case "auto":
    case "none":
      return choice["type"];
    case "any":
      return "required";
    case "tool":
      return { name: String(choice["name"]) };
    default:
      return null;
  }
}

function blocksOf(message: unknown): readonly Fields[] {
  return isObject(message) ? listOf(message["content"]).filter(isObject) : [];
}

function idsIn(message: unknown, type: string, field: string): readonly unknown[] {
  return blocksOf(message).flatMap((block) => (block["type"] === type ? [block[field]] : []));
}

/** Every call has its result in the next turn, and every result its call in the one before. */
function wrongTurn(messages: readonly unknown[]): string | null {
  for (const [index, message] of messages.entries()) {
    const before = new Set(index === 0 ? [] : idsIn(messages[index - 1], "tool_use", "id"));
    const results = idsIn(message, "tool_result", "tool_use_id");
    if (results.some((id) => !before.delete(id)))
      return `messages.${index}: unexpected tool_use_id found in tool_result blocks`;
    if (before.size > 0) return `messages.${index}: tool_use ids were found without tool_result blocks`;
  }
  return idsIn(messages.at(-1), "tool_use", "id").length > 0 ? "messages: a final tool_use has no tool_result" : null;
}

/** A message's own words, the calls in it and the results. */
export function wordsOf(message: unknown): string {
  const parts = blocksOf(message).flatMap((block) => {
    if (block["type"] === "tool_use") return [JSON.stringify(block["input"] ?? {})];
    return block["type"] === "tool_result" ? [textOf(block["content"])] : [];
  });
  const words = textOf(isObject(message) ? message["content"] : "");
  return (parts.length > 0 && words.trim() === "" ? parts : [words, ...parts]).join("\n");
}

export interface CallBlock {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  /** The arguments; as a text where they are no object. */
  readonly input: unknown;
}

export function callBlocks(calls: readonly ToolCall[], id: string): readonly CallBlock[] {
  return calls.map(({ name, arguments: text }, index) => ({
    type: "tool_use",
    id: `toolu_${id.replaceAll("-", "").slice(0, 22)}${String(index).padStart(2, "0")}`,
    name,
    input: objectIn(text) ?? text,
  }));
}

function objectIn(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
