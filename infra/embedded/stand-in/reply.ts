/**
 * What the stand-in's model says to an ask, with the fault that was scripted
 * for it: the text, how it ends, and what it costs in tokens.
 */
import type { Usage } from "../../../schemas/parts/usage.ts";
import { cannedDocument } from "./answers/canned.ts";
import { documentIn } from "./answers/facts.ts";
import { jsonAnswer } from "./answers/json-value.ts";
import { cutTo, type PlainAnswer, summarise } from "./answers/summary.ts";
import { type ToolCall, toolCallsFor } from "./answers/tool-calls.ts";
import { type Ask, countTokens, type Reply } from "./ask.ts";
import type { AnswerEffect, Verdict } from "./fault-rules.ts";

export function replyTo(ask: Ask, verdict: Verdict): Reply {
  const { effect } = verdict;
  const calls = effect?.kind === "refusal" ? [] : toolCallsFor(ask, cannedDocument(effect, ask), effect);
  const said =
    calls.length > 0 ? cutCalls(calls, ask.maxTokens, effect) : spoiled(plainAnswer(ask, effect), ask, effect);
  const flags = effect?.kind === "flags" ? effect : undefined;
  const answer = { text: "", calls: [], ...said };
  return { ...answer, usage: usageOf(ask, answer, verdict.usage), usageFault: verdict.usage?.fault, flags };
}

/** Cut at the limit, or halfway: the arguments of the call where it falls end there, and no further call comes. */
function cutCalls(
  calls: readonly ToolCall[],
  maxTokens: number,
  effect: AnswerEffect | null,
): Pick<Reply, "calls" | "ending"> {
  const length = calls.reduce((sum, call) => sum + call.arguments.length, 0);
  let left = effect?.kind === "cut_answer" ? Math.ceil(length / 2) : maxTokens * 4;
  if (length <= left) return { calls, ending: "stop" };
  const kept = calls.flatMap((call) => {
    if (left <= 0) return [];
    const text = call.arguments.slice(0, left);
    left -= call.arguments.length;
    return [{ ...call, arguments: text }];
  });
  return { calls: kept, ending: "length" };
}

/** A JSON answer keeps its schema: its values are then drawn from what the effect makes the model say. */
function plainAnswer(ask: Ask, effect: AnswerEffect | null): PlainAnswer {
  const canned = cannedDocument(effect, ask);
  const schema = ask.jsonSchema ?? forcedSchema(ask);
  if (schema === undefined) return canned === null ? summarise(ask.text, ask.maxTokens) : cutTo(canned, ask.maxTokens);
  return cutTo(JSON.stringify(jsonAnswer(schema, canned ?? documentIn(ask.text))), ask.maxTokens);
}

/** Where a call was asked for by name and the model writes words instead, they are what the call would hold. */
function forcedSchema({ tools }: Ask): unknown {
  const choice = tools?.choice;
  return typeof choice === "object" ? tools?.offered.find(({ name }) => name === choice.name)?.parameters : undefined;
}

function spoiled(answer: PlainAnswer, ask: Ask, effect: AnswerEffect | null): Pick<Reply, "text" | "ending"> {
  const ending = answer.cut ? "length" : "stop";
  const { text } = answer;
  switch (effect?.kind) {
    case "refusal":
      return { text: "", ending: "refusal" };
    case "cut_answer":
      return { text: text.slice(0, Math.ceil(text.length / 2)), ending: "length" };
    case "broken_json":
      return { text: brokenJson(text), ending };
    case "fenced_json":
      return { text: `Here is the JSON you asked for:\n\n\`\`\`json\n${text}\n\`\`\`\n`, ending };
    case "wrong_schema":
      return { text: JSON.stringify({ note: "This is not what was asked for.", model: ask.model }), ending };
    case "text":
      return { text: effect.text, ending };
    default:
      return { text, ending };
  }
}

/** A comma too many before the last brace; and the last brace is missing. */
function brokenJson(text: string): string {
  return text.startsWith("{") ? `${text.slice(0, -1)},` : `{"answer": ${JSON.stringify(text)},`;
}

function usageOf(ask: Ask, { text, calls }: Pick<Reply, "text" | "calls">, effect: Verdict["usage"]): Usage {
  const cached = Math.min(effect?.cachedInputTokens ?? 0, ask.inputTokens);
  const written = Math.min(effect?.cacheWriteTokens ?? 0, ask.inputTokens - cached);
  const called = calls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0);
  return {
    input_tokens: ask.inputTokens - cached - written,
    cached_input_tokens: cached,
    cache_write_tokens: written,
    output_tokens: countTokens(text.length + called),
    reasoning_tokens: effect?.reasoningTokens ?? 0,
  };
}
