/**
 * Anthropic's messages, whole and streamed: requests (system parameter, output
 * format, tools), answers and errors in the shapes of the real API.
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
  textOf,
} from "../ask.ts";

import { callBlocks, readTools, wordsOf } from "./anthropic-tools.ts";

const stopReasons = { stop: "end_turn", length: "max_tokens", refusal: "refusal" } as const satisfies Record<
  Ending,
  string
>;

function invalid(message: string): ParsedAsk {
  return { kind: "invalid", message };
}

function outputSchema(body: Record<string, unknown>): unknown {
  const config = body["output_config"];
  const format = isObject(config) ? config["format"] : undefined;
  return isObject(format) && format["type"] === "json_schema" ? format["schema"] : undefined;
}

function parse(body: unknown): ParsedAsk {
  if (!isObject(body)) return invalid("The request body is not valid JSON");
  const { model, messages, max_tokens: limit, stream } = body;
  if (typeof model !== "string" || model === "") return invalid("model: Field required");
  if (typeof limit !== "number" || limit < 1) return invalid("max_tokens: Field required");
  if (!Array.isArray(messages) || messages.length === 0) return invalid("messages: at least one message is required");
  const allowed = (message: unknown): boolean =>
    isObject(message) && ["user", "assistant"].includes(String(message["role"]));
  if (!messages.every(allowed)) return invalid('messages: Unexpected role. Allowed roles are "user" or "assistant"');
  const read = readTools(body, messages);
  if (read.kind === "invalid") return read;
  const texts = messages.map(wordsOf);
  const system = textOf(body["system"]);
  const prompt = [system, ...texts].join("\n");
  const offered = body["tools"] === undefined ? "" : JSON.stringify(body["tools"]);
  return {
    kind: "ask",
    ask: {
      model,
      text: read.tools?.said.length === 0 ? (texts.at(-1) ?? "") : longestUserText(messages),
      system,
      prompt,
      inputTokens: countTokens(prompt.length + offered.length),
      maxTokens: limit,
      jsonSchema: outputSchema(body),
      tools: read.tools,
      stream: stream === true,
      streamUsage: true,
    },
  };
}

interface Block {
  readonly block: Readonly<Record<string, unknown>>;
  /** What a stream brings of it piece by piece. */
  readonly written: string;
}

function blocksOf(reply: Reply, id: string): readonly Block[] {
  if (reply.ending === "refusal") return [];
  if (reply.calls.length === 0)
    return [{ block: { type: "text", text: reply.text, citations: null }, written: reply.text }];
  const blocks = callBlocks(reply.calls, id);
  return reply.calls.flatMap(({ arguments: written }, index) => {
    const block = blocks[index];
    return block === undefined ? [] : [{ block: { ...block }, written }];
  });
}

function stopReasonOf({ calls, ending }: Reply): string {
  return calls.length > 0 && ending === "stop" ? "tool_use" : stopReasons[ending];
}

function usageOf({ usage, usageFault }: Reply) {
  return {
    input_tokens: usage.input_tokens,
    cache_creation_input_tokens: usage.cache_write_tokens,
    cache_read_input_tokens: usage.cached_input_tokens,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cache_write_tokens + (usageFault === "wrong_total" ? 1 : 0),
      ephemeral_1h_input_tokens: 0,
    },
    output_tokens: usage.output_tokens + usage.reasoning_tokens,
    output_tokens_details: { thinking_tokens: usage.reasoning_tokens },
    service_tier: "standard",
  };
}

function answer(ask: Ask, reply: Reply, id: string): HttpAnswer {
  return {
    status: 200,
    headers: { "request-id": `req_${id}` },
    body: {
      id: `msg_${id}`,
      type: "message",
      role: "assistant",
      model: ask.model,
      content: blocksOf(reply, id).map(({ block }) => block),
      stop_reason: stopReasonOf(reply),
      stop_sequence: null,
      ...(reply.usageFault === "absent" ? {} : { usage: usageOf(reply) }),
    },
  };
}

function events(ask: Ask, reply: Reply, id: string): readonly string[] {
  const told = reply.usageFault === "absent" ? {} : { usage: usageOf(reply) };
  const started = "usage" in told ? { usage: { ...told.usage, output_tokens: 1, output_tokens_details: null } } : {};
  const message = {
    id: `msg_${id}`,
    type: "message",
    role: "assistant",
    model: ask.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    ...started,
  };
  const sent = [
    { type: "message_start", message },
    { type: "ping" },
    ...blocksOf(reply, id).flatMap(blockEvents),
    { type: "message_delta", delta: { stop_reason: stopReasonOf(reply), stop_sequence: null }, ...told },
    { type: "message_stop" },
  ];
  return sent.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

function blockEvents({ block, written }: Block, index: number): readonly StreamEvent[] {
  const isTool = block["type"] === "tool_use";
  const empty = isTool ? { ...block, input: {} } : { ...block, text: "" };
  const deltaOf = (piece: string): object =>
    isTool ? { type: "input_json_delta", partial_json: piece } : { type: "text_delta", text: piece };
  return [
    { type: "content_block_start", index, content_block: empty },
    ...piecesOf(written).map((piece) => ({ type: "content_block_delta", index, delta: deltaOf(piece) })),
    { type: "content_block_stop", index },
  ];
}

const errors: Readonly<Record<number, { type: string; message: string }>> = {
  400: { type: "invalid_request_error", message: "The request is invalid." },
  401: { type: "authentication_error", message: "invalid x-api-key" },
  403: { type: "permission_error", message: "Your API key does not have permission to use the specified resource." },
  404: { type: "not_found_error", message: "The requested resource could not be found." },
  429: { type: "rate_limit_error", message: "This request would exceed your rate limit." },
  504: { type: "timeout_error", message: "The request timed out." },
  529: { type: "overloaded_error", message: "Overloaded" },
};

export const anthropicDialect: Dialect = {
  parse,
  answer,
  events,
  errorEvent: `event: error\ndata: ${JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } })}\n\n`,
  error(status, detail) {
    const known = errors[status] ?? { type: "api_error", message: "Internal server error" };
    const request_id = `req_${detail.id}`;
    return {
      status,
      headers: { "request-id": request_id },
      body: {
        type: "error",
        error: { type: detail.code ?? known.type, message: detail.message ?? known.message },
        request_id,
      },
    };
  },
  keyOf: (headers) =>
    typeof headers["x-api-key"] === "string" ? headers["x-api-key"] : bearerOf(headers["authorization"]),
  overlong: {},
  contextWindow: 200_000,
};
