/**
 * What the stand-in's model says to an ask, with the fault that was scripted
 * for it: the text, how it ends, and what it costs in tokens.
 */
import type { Usage } from "../../../schemas/parts/usage.ts";
import { cannedDocument } from "./answers/canned.ts";
import { documentIn } from "./answers/facts.ts";
import { jsonAnswer } from "./answers/json-value.ts";
import { cutTo, type PlainAnswer, summarise } from "./answers/summary.ts";
import { type Ask, countTokens, type Ending, type Reply } from "./ask.ts";
import type { AnswerEffect, Verdict } from "./fault-rules.ts";

export function replyTo(ask: Ask, verdict: Verdict): Reply {
  const { effect } = verdict;
  const { text, ending } = spoiled(plainAnswer(ask, effect), ask, effect);
  const flags = effect?.kind === "flags" ? effect : undefined;
  return { text, ending, usage: usageOf(ask, text, verdict.usage), usageFault: verdict.usage?.fault, flags };
}

/** A JSON answer keeps its schema: its values are then drawn from what the effect makes the model say. */
function plainAnswer(ask: Ask, effect: AnswerEffect | null): PlainAnswer {
  const canned = cannedDocument(effect, ask);
  if (ask.jsonSchema === undefined)
    return canned === null ? summarise(ask.text, ask.maxTokens) : cutTo(canned, ask.maxTokens);
  return cutTo(JSON.stringify(jsonAnswer(ask.jsonSchema, canned ?? documentIn(ask.text))), ask.maxTokens);
}

function spoiled(answer: PlainAnswer, ask: Ask, effect: AnswerEffect | null): { text: string; ending: Ending } {
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

function usageOf(ask: Ask, text: string, effect: Verdict["usage"]): Usage {
  const cached = Math.min(effect?.cachedInputTokens ?? 0, ask.inputTokens);
  const written = Math.min(effect?.cacheWriteTokens ?? 0, ask.inputTokens - cached);
  return {
    input_tokens: ask.inputTokens - cached - written,
    cached_input_tokens: cached,
    cache_write_tokens: written,
    output_tokens: countTokens(text.length),
    reasoning_tokens: effect?.reasoningTokens ?? 0,
  };
}
