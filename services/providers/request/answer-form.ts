/**
 * What an answer of Anthropic's may be: words, JSON by a schema, calls of the
 * caller's tools. Models without native structured output give JSON as the
 * input of an answer tool. Beside the caller's tools it is one more to choose
 * from, and one of all must be used; where a call is wanted it is not offered.
 */
import type Anthropic from "@anthropic-ai/sdk";
import type { Message } from "../../../schemas/parts/content.ts";
import type { Tool } from "../../../schemas/parts/tools.ts";
import type { ProviderCall } from "../provider-call.ts";
import {
  anthropicAnswerTool,
  anthropicOutputFormat,
  anthropicTakesSchema,
  answerName,
  withoutDialect,
} from "./structured-output.ts";

export interface AnswerForm {
  readonly body: Pick<Anthropic.MessageCreateParams, "tools" | "tool_choice" | "output_config">;
  /** The tool whose input is the answer; null when the answer comes as text. */
  readonly answerTool: string | null;
}

export function anthropicAnswerForm(call: ProviderCall): AnswerForm {
  const { tools, choice } = offeredBy(call);
  const schema = call.jsonSchema;
  const format = schema !== undefined && anthropicTakesSchema(call.model) ? anthropicOutputFormat(schema) : null;
  const single = call.parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (schema === undefined || format !== null || wantsCall(choice)) {
    const native = format === null ? {} : { output_config: { format } };
    return { body: { ...native, ...withChoice(tools, choice, single) }, answerTool: null };
  }
  const answerTool = freeName(tools);
  const all = [...tools.map(toolOf), { ...anthropicAnswerTool(schema), name: answerTool }];
  const forced = { type: "tool", name: answerTool, disable_parallel_tool_use: true } as const;
  const tool_choice = tools.length === 0 || choice === "none" ? forced : ({ type: "any", ...single } as const);
  return { body: { tools: all, tool_choice }, answerTool };
}

type Choice = ProviderCall["toolChoice"];

interface Offer {
  readonly tools: readonly Tool[];
  readonly choice: Choice;
}

/** A conversation with calls in it is refused unless their tools are named: then they are, and must not be used. */
function offeredBy({ tools, toolChoice, messages }: ProviderCall): Offer {
  if (tools !== undefined && tools.length > 0) return { tools, choice: toolChoice };
  return { tools: toolsCalledIn(messages), choice: "none" };
}

function toolsCalledIn(messages: readonly Message[]): readonly Tool[] {
  const names = new Set(messages.flatMap(({ tool_calls: calls = [] }) => calls.map(({ name }) => name)));
  return Array.from(names, (name) => ({ name }));
}

function wantsCall(choice: Choice): boolean {
  return choice === "required" || typeof choice === "object";
}

function withChoice(
  tools: readonly Tool[],
  choice: Choice,
  single: Pick<Anthropic.ToolChoiceAuto, "disable_parallel_tool_use">,
): AnswerForm["body"] {
  if (tools.length === 0) return {};
  const tool_choice = choiceOf(choice, single);
  return { tools: tools.map(toolOf), ...(tool_choice === null ? {} : { tool_choice }) };
}

function choiceOf(
  choice: Choice,
  single: Pick<Anthropic.ToolChoiceAuto, "disable_parallel_tool_use">,
): Anthropic.ToolChoice | null {
  if (typeof choice === "object") return { type: "tool", name: choice.name, ...single };
  if (choice === "none") return { type: "none" };
  if (choice === "required") return { type: "any", ...single };
  return "disable_parallel_tool_use" in single ? { type: "auto", ...single } : null;
}

function toolOf({ name, description, parameters = {} }: Tool): Anthropic.Tool {
  const input_schema = { ...withoutDialect(parameters), type: "object" } as const;
  return { name, ...(description === undefined ? {} : { description }), input_schema };
}

/** A caller may have a tool of the answer tool's name. */
function freeName(tools: readonly Tool[]): string {
  const taken = new Set(tools.map(({ name }) => name));
  let name: string = answerName;
  while (taken.has(name)) name = `${name}_`;
  return name;
}
