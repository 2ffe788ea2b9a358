/**
 * A call as Anthropic's messages write it. System messages become the system
 * parameter; what the answer may be (words, JSON, calls of tools) is in
 * answer-form.ts.
 */
import type Anthropic from "@anthropic-ai/sdk";
import type { ProviderCall } from "../provider-call.ts";
import type { AnswerForm } from "./answer-form.ts";
import { anthropicTurns } from "./conversation.ts";
import { anthropicSampling } from "./sampling.ts";

export function anthropicBody(call: ProviderCall, { body: form }: AnswerForm): Anthropic.MessageCreateParams {
  const system = call.messages.filter(({ role }) => role === "system").map(({ content }) => content);
  return {
    model: call.model,
    max_tokens: call.maxOutputTokens,
    ...(call.stream ? { stream: true } : {}),
    messages: anthropicTurns(call.messages),
    ...(system.length === 0 ? {} : { system: system.join("\n\n") }),
    ...anthropicSampling(call),
    ...(call.stop === undefined ? {} : { stop_sequences: [...call.stop] }),
    ...form,
  };
}
