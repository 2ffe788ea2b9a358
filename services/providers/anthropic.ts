/**
 * One call to Anthropic's messages: our request in, the SDK in the middle, our
 * outcome out. System messages become the system parameter. The SDK's own
 * retries, logs, traces and environment settings are off.
 */
import Anthropic, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from "@anthropic-ai/sdk";
import { z } from "zod";
import { anthropicTurns } from "./request/conversation.ts";
import { assembleMessage } from "./stream/assemble-stream.ts";
import type { ProviderCall } from "./provider-call.ts";
import { readResponse } from "./read-response.ts";
import { withStreamedTokens } from "./stream/streamed-tokens.ts";
import { type Exchange, type Transport, transportFacts } from "./http/http-transport.ts";
import { anthropicUsage } from "./normalise-usage.ts";
import { type FailureFacts, failureOf, type ProviderOutcome } from "./outcome.ts";
import {
  anthropicAnswerTool,
  anthropicOutputFormat,
  anthropicTakesSchema,
  answerName,
} from "./request/structured-output.ts";

/** The part of a message that is read; a body without it is malformed. */
const answered = z.object({
  model: z.string(),
  stop_reason: z.string(),
  content: z.array(
    z.object({
      type: z.string(),
      text: z.string().optional(),
      name: z.string().optional(),
      input: z.unknown().optional(),
    }),
  ),
  usage: z.unknown().optional(),
});

export interface AnthropicSettings {
  readonly apiKey: string;
  /** Without /v1. */
  readonly baseUrl: string;
  readonly transport: Transport;
}

export function openAnthropic(settings: AnthropicSettings): (call: ProviderCall) => Promise<ProviderOutcome> {
  const client = new Anthropic({
    apiKey: settings.apiKey,
    authToken: null,
    baseURL: settings.baseUrl,
    maxRetries: 0,
    logLevel: "off",
    openTelemetry: false,
    fetch: settings.transport.fetch,
  });
  const ask = async (call: ProviderCall, exchange: Exchange): Promise<ProviderOutcome> => {
    try {
      // Not messages.create: that writes to the console, for every call, once a model's end is announced.
      const response = await settings.transport.limited(exchange, () =>
        client
          .post<unknown>("/v1/messages", {
            body: bodyOf(call),
            timeout: call.timeoutMs,
            signal: call.signal,
            headers: { "X-Client-Request-Id": call.callId },
          })
          .asResponse(),
      );
      return await readResponse(response, { assemble: assembleMessage, read: readMessage, idHeader: "request-id" });
    } catch (error) {
      return failureOf(factsOf(error), Date.now());
    }
  };
  return async (call) => {
    const exchange = { limits: call.limits, received: [] };
    return withStreamedTokens(await ask(call, exchange), exchange.received, "anthropic");
  };
}

function bodyOf(call: ProviderCall): Anthropic.MessageCreateParams {
  const system = call.messages.filter(({ role }) => role === "system").map(({ content }) => content);
  return {
    model: call.model,
    max_tokens: call.maxOutputTokens,
    ...(call.stream ? { stream: true } : {}),
    messages: anthropicTurns(call.messages),
    ...(system.length === 0 ? {} : { system: system.join("\n\n") }),
    // Anthropic's scale ends at 1, OpenAI's at 2: one definition serves both.
    ...(call.temperature === undefined ? {} : { temperature: Math.min(1, call.temperature) }),
    ...structuredBy(call),
  };
}

function structuredBy(call: ProviderCall): Partial<Anthropic.MessageCreateParamsNonStreaming> {
  if (call.jsonSchema === undefined) return {};
  const format = anthropicTakesSchema(call.model) ? anthropicOutputFormat(call.jsonSchema) : null;
  if (format !== null) return { output_config: { format } };
  return {
    tools: [anthropicAnswerTool(call.jsonSchema)],
    tool_choice: { type: "tool", name: answerName, disable_parallel_tool_use: true } as const,
  };
}

function readMessage(body: unknown, requestId: string | undefined): ProviderOutcome {
  const parsed = answered.safeParse(body);
  if (!parsed.success) return failureOf({ kind: "malformed", code: "body_not_a_message" }, 0);
  const { model, stop_reason, content, usage: report } = parsed.data;
  const usage = anthropicUsage(report);
  const served = { servedModel: model, ...(requestId === undefined ? {} : { providerRequestId: requestId }) };
  if (stop_reason === "refusal") {
    const code = "refusal";
    return { kind: "failure", outcome: "content_refused", code, status: 200, usage: usage.usage, ...served };
  }
  const text = textOf(content);
  if (text === null || (text === "" && stop_reason !== "max_tokens")) {
    const code = text === null ? "answer_too_deep" : "answer_empty";
    return { kind: "failure", outcome: "malformed", code, status: 200, usage: usage.usage, ...served };
  }
  return { kind: "answer", text, finishReason: stop_reason, ...served, ...usage };
}

/** The tool's input as JSON, else the text blocks. Null for a value nested so deep that it cannot be written. */
function textOf(content: z.infer<typeof answered>["content"]): string | null {
  const tool = content.find(({ type, name }) => type === "tool_use" && name === answerName);
  if (tool === undefined) return content.flatMap((block) => (block.type === "text" ? [block.text ?? ""] : [])).join("");
  try {
    return JSON.stringify(tool.input ?? null);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Anything that is not a provider's or a network's failure is a bug of ours: it is thrown on. */
function factsOf(error: unknown): FailureFacts {
  if (error instanceof APIUserAbortError) return { kind: "cancelled" };
  if (error instanceof APIConnectionTimeoutError) return { kind: "timeout" };
  if (error instanceof APIConnectionError) return transportFacts(error.cause);
  if (error instanceof APIError && typeof error.status === "number") {
    return { kind: "status", status: error.status, type: error.type, code: error.errorCode, headers: error.headers };
  }
  if (error instanceof SyntaxError) return { kind: "malformed", code: "body_not_json" };
  throw error;
}
