/**
 * A conversation as each provider's API writes it. Anthropic's alternates:
 * results of several tools are one user's turn, each a block of it. Ids of calls
 * may be another provider's: each API takes ids of its own form alone.
 */
import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import type { Message } from "../../../schemas/parts/content.ts";

export function openaiMessages(messages: readonly Message[]): OpenAI.ChatCompletionMessageParam[] {
  return messages.map(openaiMessage);
}

function openaiMessage({
  role,
  content,
  tool_calls: calls,
  tool_call_id: id,
}: Message): OpenAI.ChatCompletionMessageParam {
  if (role === "tool") return { role, content, tool_call_id: openaiId(id ?? "") };
  if (role !== "assistant" || calls === undefined) return { role, content };
  const written = calls.map((call) => ({
    id: openaiId(call.id),
    type: "function" as const,
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  return { role, content: content === "" ? null : content, tool_calls: written };
}

/** Without the system messages: they are a parameter of their own. */
export function anthropicTurns(messages: readonly Message[]): Anthropic.MessageParam[] {
  const turns: Anthropic.MessageParam[] = [];
  let results: Anthropic.ToolResultBlockParam[] = [];
  for (const { role, content, tool_calls: calls, tool_call_id: id } of messages) {
    if (role === "system") continue;
    if (role === "tool") {
      if (results.length === 0) turns.push({ role: "user", content: results });
      results.push({ type: "tool_result", tool_use_id: anthropicId(id ?? ""), content });
      continue;
    }
    results = [];
    turns.push({ role, content: calls === undefined ? content : [...textBlock(content), ...calls.map(toolUse)] });
  }
  return turns;
}

function textBlock(text: string): Anthropic.TextBlockParam[] {
  return text === "" ? [] : [{ type: "text", text }];
}

function toolUse(call: NonNullable<Message["tool_calls"]>[number]): Anthropic.ToolUseBlockParam {
  return { type: "tool_use", id: anthropicId(call.id), name: call.name, input: call.arguments };
}

/** At most 40 characters; what tells ids apart stands at their end. */
function openaiId(id: string): string {
  return id.slice(-40);
}

/** Letters, digits, _ and -. */
function anthropicId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/g, "_");
}
