/**
 * A call as OpenAI's chat completions write it, for every server that speaks
 * them. Tools go as functions with the caller's own schema, never in strict
 * mode: that takes a part of JSON Schema only and turns the rest away.
 */
import type OpenAI from "openai";
import type { OpenaiDialect } from "../openai.ts";
import type { ProviderCall } from "../provider-call.ts";
import { openaiMessages } from "./conversation.ts";
import { openaiSampling } from "./sampling.ts";
import { openaiResponseFormat, openaiTakesSchema } from "./structured-output.ts";

/** `model`: what the server calls it. */
export function openaiBody(call: ProviderCall, dialect: OpenaiDialect, model: string) {
  return {
    model,
    messages: openaiMessages(call.messages),
    [dialect.maxTokensField]: call.maxOutputTokens,
    ...(call.stream ? { stream: true } : {}),
    ...(call.stream && dialect.streamUsage ? { stream_options: { include_usage: true } } : {}),
    ...openaiSampling(call),
    ...(call.stop === undefined ? {} : { stop: [...call.stop] }),
    ...formatOf(call, dialect),
    ...toolsOf(call),
  };
}

/** By the model that was asked for: a deployment may be called anything. */
function formatOf({ jsonSchema: schema, model }: ProviderCall, { structuredOutput }: OpenaiDialect) {
  if (schema === undefined || structuredOutput === "none" || !openaiTakesSchema(model)) return {};
  if (structuredOutput === "json_object") return { response_format: { type: "json_object" } as const };
  return { response_format: openaiResponseFormat(schema) };
}

type ToolFields = Pick<OpenAI.ChatCompletionCreateParams, "tools" | "tool_choice" | "parallel_tool_calls">;

/** Nothing of them without tools, and no `parallel_tool_calls: true`: models that know neither refuse the call. */
function toolsOf({ tools = [], toolChoice: choice, parallelToolCalls: parallel }: ProviderCall): ToolFields {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      type: "function",
      function: {
        name,
        ...(description === undefined ? {} : { description }),
        ...(parameters === undefined ? {} : { parameters }),
      },
    })),
    ...(choice === undefined ? {} : { tool_choice: choiceOf(choice) }),
    ...(parallel === false ? { parallel_tool_calls: false } : {}),
  };
}

function choiceOf(choice: NonNullable<ProviderCall["toolChoice"]>): OpenAI.ChatCompletionToolChoiceOption {
  return typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } };
}
