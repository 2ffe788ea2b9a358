/**
 * One call to Anthropic's messages: our request in, the SDK in the middle, our
 * outcome out. The SDK's own retries, logs, traces and environment settings are
 * off.
 */
import Anthropic, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from "@anthropic-ai/sdk";
import { z } from "zod";
import { assembleMessage } from "./stream/assemble-stream.ts";
import type { ProviderCall } from "./provider-call.ts";
import { readResponse } from "./read-response.ts";
import { withStreamedTokens } from "./stream/streamed-tokens.ts";
import { type Exchange, type Transport, transportFacts } from "./http/http-transport.ts";
import { anthropicUsage } from "./normalise-usage.ts";
import { type FailureFacts, failureOf, type ProviderAnswer, type ProviderOutcome } from "./outcome.ts";
import { anthropicBody } from "./request/anthropic-body.ts";
import { type AnswerForm, anthropicAnswerForm } from "./request/answer-form.ts";
import { type GivenCall, writtenCalls } from "./written-calls.ts";

/** The part of a message that is read; a body without it is malformed. */
const answered = z.object({
  model: z.string(),
  stop_reason: z.string(),
  content: z.array(
    z.object({
      type: z.string(),
      text: z.string().optional(),
      id: z.string().optional(),
      name: z.string().optional(),
      input: z.unknown().optional(),
      /** The input as it was written, of a stream. */
      written: z.string().optional(),
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
    const form = anthropicAnswerForm(call);
    try {
      // Not messages.create: that writes to the console, for every call, once a model's end is announced.
      const response = await settings.transport.limited(exchange, () =>
        client
          .post<unknown>("/v1/messages", {
            body: anthropicBody(call, form),
            timeout: call.timeoutMs,
            signal: call.signal,
            headers: { "X-Client-Request-Id": call.callId },
          })
          .asResponse(),
      );
      return await readResponse(response, {
        assemble: assembleMessage,
        read: (body, requestId) => readMessage(body, requestId, { ...form, ...call }),
        idHeader: "request-id",
      });
    } catch (error) {
      return failureOf(factsOf(error), Date.now());
    }
  };
  return async (call) => {
    const exchange = { limits: call.limits, received: [] };
    return withStreamedTokens(await ask(call, exchange), exchange.received, "anthropic");
  };
}

type Asked = Pick<AnswerForm, "answerTool"> & Pick<ProviderCall, "callId">;

function readMessage(body: unknown, requestId: string | undefined, asked: Asked): ProviderOutcome {
  const parsed = answered.safeParse(body);
  if (!parsed.success) return failureOf({ kind: "malformed", code: "body_not_a_message" }, 0);
  const { model, stop_reason, content, usage: report } = parsed.data;
  const usage = anthropicUsage(report);
  const served = { servedModel: model, ...(requestId === undefined ? {} : { providerRequestId: requestId }) };
  if (stop_reason === "refusal") {
    const code = "refusal";
    return { kind: "failure", outcome: "content_refused", code, status: 200, usage: usage.usage, ...served };
  }
  const said = saidIn(content, asked);
  const isEmpty = said !== null && said.text === "" && said.toolCalls === undefined;
  if (said === null || (isEmpty && stop_reason !== "max_tokens")) {
    const code = said === null ? "answer_too_deep" : "answer_empty";
    return { kind: "failure", outcome: "malformed", code, status: 200, usage: usage.usage, ...served };
  }
  return { kind: "answer", ...said, finishReason: stop_reason, ...served, ...usage };
}

type Content = z.infer<typeof answered>["content"];

/**
 * Calls of the caller's tools come first: an answer that is given beside them was made without their results. Null for
 * a value nested so deep that it cannot be written.
 */
function saidIn(content: Content, { answerTool, callId }: Asked): Pick<ProviderAnswer, "text" | "toolCalls"> | null {
  const uses = content.filter(({ type }) => type === "tool_use");
  const answer = uses.find(({ name }) => name === answerTool);
  const calls = uses.filter(({ name }) => name !== answerTool);
  const words = content.flatMap((block) => (block.type === "text" ? [block.text ?? ""] : [])).join("");
  if (calls.length > 0) {
    const toolCalls = writtenCalls(calls.map(givenBy), callId);
    return toolCalls === null ? null : { text: words, toolCalls };
  }
  if (answer === undefined) return { text: words };
  try {
    return { text: answer.written ?? JSON.stringify(answer.input ?? null) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function givenBy({ id, name = "", input, written }: Content[number]): GivenCall {
  return { id, name, arguments: written ?? input };
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
