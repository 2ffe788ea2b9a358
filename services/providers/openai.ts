/**
 * One call to OpenAI, or to anything that speaks its chat completions: our
 * request in, the SDK in the middle, our outcome out. The SDK's own retries,
 * logs and environment settings are off: what leaves is what was asked for.
 */
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { z } from "zod";
import { assembleCompletion } from "./stream/assemble-stream.ts";
import { moderationCaller, type ModerationCall, type ModerationOutcome } from "./moderate.ts";
import type { ProviderCall } from "./provider-call.ts";
import { readResponse } from "./read-response.ts";
import { withStreamedTokens } from "./stream/streamed-tokens.ts";
import { type Exchange, type Transport, transportFacts } from "./http/http-transport.ts";
import { openaiUsage } from "./normalise-usage.ts";
import { type FailureFacts, failureOf, type ProviderOutcome } from "./outcome.ts";
import { openaiBody } from "./request/openai-body.ts";
import { type GivenCall, writtenCalls } from "./written-calls.ts";

/** Other servers leave out the id, or give the arguments as a value. */
const calledFunction = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }).optional(),
});

/** The part of a completion that is read; a body without it is malformed. */
const completion = z.object({
  model: z.string(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string(),
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(calledFunction).nullish(),
        }),
      }),
    )
    .min(1),
  usage: z.unknown().optional(),
});

/** In what the servers that speak OpenAI's chat completions differ. */
export interface OpenaiDialect {
  readonly maxTokensField: "max_tokens" | "max_completion_tokens";
  readonly structuredOutput: "json_schema" | "json_object" | "none";
  readonly streamUsage: boolean;
}

export interface OpenaiSettings {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly transport: Transport;
  readonly dialect: OpenaiDialect;
}

/** Of every client: nothing is taken from the environment, nothing is said, nothing is sent twice. */
export function quietClient({ fetch }: Transport) {
  return { adminAPIKey: null, organization: null, project: null, maxRetries: 0, logLevel: "off", fetch } as const;
}

export interface OpenaiCallers {
  readonly call: CompletionCaller;
  readonly moderate: (call: ModerationCall) => Promise<ModerationOutcome>;
}

export function openOpenai({ apiKey, baseUrl, transport, dialect }: OpenaiSettings): OpenaiCallers {
  const client = new OpenAI({ apiKey, baseURL: baseUrl, ...quietClient(transport) });
  const call = completionCaller({ client, transport, dialect, nameOf: (model) => model });
  return { call, moderate: moderationCaller(client) };
}

export type CompletionCaller = (call: ProviderCall) => Promise<ProviderOutcome>;

export interface CompletionSettings {
  readonly client: OpenAI;
  readonly transport: Transport;
  readonly dialect: OpenaiDialect;
  /** What the server calls a model. */
  readonly nameOf: (model: string) => string;
}

export function completionCaller({ client, transport, dialect, nameOf }: CompletionSettings): CompletionCaller {
  const ask = async (call: ProviderCall, exchange: Exchange): Promise<ProviderOutcome> => {
    try {
      const response = await transport.limited(exchange, () =>
        client.chat.completions
          .create(openaiBody(call, dialect, nameOf(call.model)), {
            timeout: call.timeoutMs,
            signal: call.signal,
            headers: { "X-Client-Request-Id": call.callId },
          })
          .asResponse(),
      );
      return await readResponse(response, {
        assemble: assembleCompletion,
        read: (body, requestId) => readCompletion(body, requestId, call.callId),
        idHeader: "x-request-id",
      });
    } catch (error) {
      return failureOf(openaiFacts(error), Date.now());
    }
  };
  return async (call) => {
    const exchange = { limits: call.limits, received: [] };
    return withStreamedTokens(await ask(call, exchange), exchange.received, "openai");
  };
}

function readCompletion(body: unknown, requestId: string | undefined, callId: string): ProviderOutcome {
  const parsed = completion.safeParse(body);
  if (!parsed.success) return failureOf({ kind: "malformed", code: "body_not_a_completion" }, 0);
  const { model, choices, usage: report } = parsed.data;
  const [choice] = choices;
  const usage = openaiUsage(report);
  const served = { servedModel: model, ...(requestId === undefined ? {} : { providerRequestId: requestId }) };
  const refusal = choice?.message.refusal ?? "";
  if (choice === undefined || choice.finish_reason === "content_filter" || refusal !== "") {
    const code = refusal === "" ? "content_filter" : "refusal";
    return { kind: "failure", outcome: "content_refused", code, status: 200, usage: usage.usage, ...served };
  }
  const text = choice.message.content ?? "";
  const given = (choice.message.tool_calls ?? []).flatMap((call) => named(call));
  const toolCalls = writtenCalls(given, callId);
  if (toolCalls === null || (text === "" && given.length === 0 && choice.finish_reason !== "length")) {
    const code = toolCalls === null ? "answer_too_deep" : "answer_empty";
    return { kind: "failure", outcome: "malformed", code, status: 200, usage: usage.usage, ...served };
  }
  const called = toolCalls.length === 0 ? {} : { toolCalls };
  return { kind: "answer", text, ...called, finishReason: choice.finish_reason, ...served, ...usage };
}

function named({ id, function: called }: z.infer<typeof calledFunction>): readonly GivenCall[] {
  return called === undefined ? [] : [{ id, ...called }];
}

/** Anything that is not a provider's or a network's failure is a bug of ours: it is thrown on. */
export function openaiFacts(error: unknown): FailureFacts {
  if (error instanceof APIUserAbortError) return { kind: "cancelled" };
  if (error instanceof APIConnectionTimeoutError) return { kind: "timeout" };
  if (error instanceof APIConnectionError) return transportFacts(error.cause);
  if (error instanceof APIError && typeof error.status === "number") {
    return { kind: "status", status: error.status, type: error.type, code: error.code, headers: error.headers };
  }
  if (error instanceof SyntaxError) return { kind: "malformed", code: "body_not_json" };
  throw error;
}
