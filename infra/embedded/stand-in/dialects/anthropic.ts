/**
 * Anthropic's messages, whole and streamed: requests (system parameter, output
 * format, forced tool), answers and errors in the shapes of the real API.
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

const stopReasons = { stop: "end_turn", length: "max_tokens", refusal: "refusal" } as const satisfies Record<
  Ending,
  string
>;

function invalid(message: string): ParsedAsk {
  return { kind: "invalid", message };
}

/** The tool that the request forces, if it forces one. */
function forcedTool(body: Record<string, unknown>): { name: string; schema: unknown } | null {
  const { tools, tool_choice: choice } = body;
  if (!isObject(choice) || choice["type"] !== "tool" || !Array.isArray(tools)) return null;
  const found: unknown = tools.find((tool: unknown) => isObject(tool) && tool["name"] === choice["name"]);
  return isObject(found) ? { name: String(found["name"]), schema: found["input_schema"] } : null;
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
  const texts = messages.map((message: unknown) => (isObject(message) ? textOf(message["content"]) : ""));
  const system = textOf(body["system"]);
  const prompt = [system, ...texts].join("\n");
  const tool = forcedTool(body);
  return {
    kind: "ask",
    ask: {
      model,
      text: longestUserText(messages),
      system,
      prompt,
      inputTokens: countTokens(prompt.length),
      maxTokens: limit,
      jsonSchema: tool === null ? outputSchema(body) : tool.schema,
      tool: tool === null ? null : tool.name,
      stream: stream === true,
      streamUsage: true,
    },
  };
}

function contentOf(ask: Ask, reply: Reply, id: string): unknown[] {
  if (reply.ending === "refusal") return [];
  const input = ask.tool === null ? undefined : parsedObject(reply.text);
  if (input === undefined) return [{ type: "text", text: reply.text, citations: null }];
  return [{ type: "tool_use", id: `toolu_${id}`, name: ask.tool, input }];
}

/** A tool's input is always an object; an answer that is none is given as text instead. */
function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function stopReasonOf(ask: Ask, { ending }: Reply): string {
  return ask.tool !== null && ending === "stop" ? "tool_use" : stopReasons[ending];
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
      content: contentOf(ask, reply, id),
      stop_reason: stopReasonOf(ask, reply),
      stop_sequence: null,
      ...(reply.usageFault === "absent" ? {} : { usage: usageOf(reply) }),
    },
  };
}

function events(ask: Ask, reply: Reply, id: string): readonly string[] {
  const told = reply.usageFault === "absent" ? {} : { usage: usageOf(reply) };
  const started = "usage" in told ? { usage: { ...told.usage, output_tokens: 1, output_tokens_details: null } } : {};
  const [block] = contentOf(ask, reply, id);
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
    ...(isObject(block) ? blockEvents(block) : []),
    { type: "message_delta", delta: { stop_reason: stopReasonOf(ask, reply), stop_sequence: null }, ...told },
    { type: "message_stop" },
  ];
  return sent.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

interface StreamEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

function blockEvents(block: Record<string, unknown>): readonly StreamEvent[] {
  const isTool = block["type"] === "tool_use";
  const empty = isTool ? { ...block, input: {} } : { ...block, text: "" };
  const whole = isTool ? JSON.stringify(block["input"]) : String(block["text"]);
  const deltaOf = (piece: string): object =>
    isTool ? { type: "input_json_delta", partial_json: piece } : { type: "text_delta", text: piece };
  return [
    { type: "content_block_start", index: 0, content_block: empty },
    ...piecesOf(whole).map((piece) => ({ type: "content_block_delta", index: 0, delta: deltaOf(piece) })),
    { type: "content_block_stop", index: 0 },
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
