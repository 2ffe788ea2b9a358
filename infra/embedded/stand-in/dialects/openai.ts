/**
 * OpenAI's chat completions, whole and streamed: requests, answers and errors in
 * the shapes of the real API.
 */
import {
  type Ask,
  bearerOf,
  countTokens,
  type Dialect,
  type Ending,
  type HttpAnswer,
  isObject,
  longestUserText,
  type ParsedAsk,
  piecesOf,
  type Reply,
} from "../ask.ts";

import { callDeltas, readTools, wordsOf, writtenCalls } from "./openai-tools.ts";

const finishReasons = { stop: "stop", length: "length", refusal: "stop" } as const satisfies Record<Ending, string>;

function invalid(message: string): ParsedAsk {
  return { kind: "invalid", message };
}

function parse(body: unknown): ParsedAsk {
  if (!isObject(body)) return invalid("We could not parse the JSON body of your request.");
  const { model, messages, response_format: format, stream } = body;
  if (typeof model !== "string" || model === "") return invalid("you must provide a model parameter");
  if (!Array.isArray(messages) || messages.length === 0) return invalid("Missing required parameter: 'messages'.");
  if (!messages.every((message) => isObject(message) && typeof message["role"] === "string"))
    return invalid("Invalid type for 'messages'.");
  const jsonFormat = isObject(format) && format["type"] === "json_schema" ? format["json_schema"] : undefined;
  if (jsonFormat !== undefined && !(isObject(jsonFormat) && typeof jsonFormat["name"] === "string"))
    return invalid("Missing required parameter: 'response_format.json_schema.name'.");
  const read = readTools(body, messages);
  if (read.kind === "invalid") return read;
  const texts = messages.map(wordsOf);
  const limit = body["max_completion_tokens"] ?? body["max_tokens"] ?? 16_384;
  if (typeof limit !== "number" || limit < 1) return invalid("Invalid value for 'max_completion_tokens'.");
  const prompt = texts.join("\n");
  const offered = body["tools"] === undefined ? "" : JSON.stringify(body["tools"]);
  const isSystem = (message: unknown): boolean => isObject(message) && message["role"] === "system";
  return {
    kind: "ask",
    ask: {
      model,
      text: documentOf(messages, texts),
      system: texts.filter((_, index) => isSystem(messages[index])).join("\n"),
      prompt,
      inputTokens: countTokens(prompt.length + offered.length),
      maxTokens: limit,
      jsonSchema: jsonFormat?.["schema"],
      tools: read.tools,
      stream: stream === true,
      streamUsage: isObject(body["stream_options"]) && body["stream_options"]["include_usage"] === true,
    },
  };
}

/** What answers are drawn from: the results of tools where they are the last word, else what the user said. */
function documentOf(messages: readonly unknown[], texts: readonly string[]): string {
  const isResult = (message: unknown): boolean => isObject(message) && message["role"] === "tool";
  if (!isResult(messages.at(-1))) return longestUserText(messages);
  return texts.slice(messages.findLastIndex((message) => !isResult(message)) + 1).join("\n");
}

/** A call that was asked for by its name ends like words. */
function finishOf(ask: Ask, { calls, ending }: Reply): string {
  return calls.length > 0 && ending === "stop" && typeof ask.tools?.choice !== "object"
    ? "tool_calls"
    : finishReasons[ending];
}

function usageOf({ usage, usageFault }: Reply) {
  const prompt = usage.input_tokens + usage.cached_input_tokens + usage.cache_write_tokens;
  const completion = usage.output_tokens + usage.reasoning_tokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion + (usageFault === "wrong_total" ? 1 : 0),
    prompt_tokens_details: {
      cached_tokens: usage.cached_input_tokens,
      cache_write_tokens: usage.cache_write_tokens,
      audio_tokens: 0,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoning_tokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

function answer(ask: Ask, reply: Reply, id: string): HttpAnswer {
  const refused = reply.ending === "refusal";
  const calls = writtenCalls(reply.calls, id);
  return {
    status: 200,
    headers: { "x-request-id": `req_${id}` },
    body: {
      id: `chatcmpl-${id}`,
      object: "chat.completion",
      created: Math.floor(Date.now() / 1000),
      model: ask.model,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: refused || calls.length > 0 ? null : reply.text,
            refusal: refused ? "I'm sorry, I can't help with that." : null,
            annotations: [],
            ...(calls.length === 0 ? {} : { tool_calls: calls }),
          },
          logprobs: null,
          finish_reason: finishOf(ask, reply),
        },
      ],
      ...(reply.usageFault === "absent" ? {} : { usage: usageOf(reply) }),
      service_tier: "default",
      system_fingerprint: null,
    },
  };
}

function events(ask: Ask, reply: Reply, id: string): readonly string[] {
  const frame = {
    id: `chatcmpl-${id}`,
    object: "chat.completion.chunk",
    created: Math.floor(Date.now() / 1000),
    model: ask.model,
    service_tier: "default",
    system_fingerprint: null,
  };
  const chunk = (delta: object, finish: string | null = null): object => ({
    ...frame,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const refused = reply.ending === "refusal";
  const pieces = piecesOf(refused ? "I'm sorry, I can't help with that." : reply.text);
  const chunks = [
    chunk({ role: "assistant", content: refused || reply.calls.length > 0 ? null : "", refusal: null }),
    ...pieces.map((piece) => chunk(refused ? { refusal: piece } : { content: piece })),
    ...callDeltas(writtenCalls(reply.calls, id)).map((delta) => chunk(delta)),
    chunk({}, finishOf(ask, reply)),
    ...(ask.streamUsage && reply.usageFault !== "absent" ? [{ ...frame, choices: [], usage: usageOf(reply) }] : []),
  ];
  return [...chunks.map((data) => `data: ${JSON.stringify(data)}\n\n`), "data: [DONE]\n\n"];
}

const errors: Readonly<Record<number, { type: string; code: string | null; message: string }>> = {
  400: { type: "invalid_request_error", code: null, message: "The request is invalid." },
  401: { type: "invalid_request_error", code: "invalid_api_key", message: "Incorrect API key provided." },
  403: { type: "invalid_request_error", code: "unsupported_country_region_territory", message: "Not allowed." },
  404: { type: "invalid_request_error", code: "model_not_found", message: "The model does not exist." },
  429: { type: "requests", code: "rate_limit_exceeded", message: "Rate limit reached." },
};

const serverError = { type: "server_error", code: null, message: "The server had an error processing your request." };

export const openaiDialect: Dialect = {
  parse,
  answer,
  events,
  errorEvent: `data: ${JSON.stringify({ error: { message: "Overloaded", type: "server_error", param: null, code: null } })}\n\n`,
  error(status, detail) {
    const known = errors[status] ?? serverError;
    return {
      status,
      headers: { "x-request-id": `req_${detail.id}` },
      body: {
        error: {
          message: detail.message ?? known.message,
          type: known.type,
          param: null,
          code: detail.code ?? known.code,
        },
      },
    };
  },
  keyOf: (headers) => bearerOf(headers["authorization"]),
  overlong: { code: "context_length_exceeded" },
  contextWindow: 128_000,
};
